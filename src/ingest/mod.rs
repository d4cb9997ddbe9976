//! Bytes to typed records: what a file says, and what in it could not be taken.
//!
//! A file passes through a row of rooms, each of which knows only the one before it:
//!
//! | room | turns | into | room for |
//! |---|---|---|---|
//! | `source` | a path or standard input | what it holds, packed or not, and the SHA-256 | other archives |
//! | `encoding` | bytes | checked UTF-8 in blocks | |
//! | `table` | blocks | records with physical lines, in any dialect | |
//! | `workbook` | a spreadsheet | sheets of text cells | |
//! | `records` | a text's table, or a sheet | records, all alike | |
//! | `region` | records | the table in them: its header and its rows | |
//! | `tables` | a file | each of its tables that fits | |
//! | `sample` | a table | its first rows, to be looked at before they are read | |
//! | `columns` | the header | which column is which field | |
//! | `convention` | cells | how each column writes dates and decimals | |
//! | `kpis` | records | a typed batch and its rejections, in whatever layout | |
//! | `rows` | records, or objects of JSON | rows with cells, for the other kinds | |
//! | `profiles`, `playbooks`, `health`, `notes` | rows | a typed batch and its rejections | |
//! | `rejects` | the source again | the rows that were set aside | |
//!
//! It reads files and nothing else: it never prints, never looks up an account, and never holds more of a
//! file than its distinct names and 24 bytes a row.

mod accounts;
mod ahead;
mod columns;
mod contradiction;
mod convention;
mod date;
mod duplicates;
mod encoding;
mod examples;
mod fault;
mod form;
#[cfg(fuzzing)]
pub mod fuzzing;
mod health;
mod intern;
mod kpis;
mod lines;
mod note;
mod notes;
mod options;
mod playbooks;
mod profiles;
mod records;
mod refusal;
mod region;
mod rejects;
mod rows;
mod sample;
mod score;
mod shape;
mod source;
mod table;
mod table_options;
mod tables;
#[cfg(test)]
mod testing;
mod text;
mod text_options;
mod twice;
mod used;
mod workbook;

pub use columns::{ColumnRead, ColumnReading};
pub use convention::{ColumnConvention, SettledConventions};
pub use duplicates::{Duplicates, Merged};
pub use form::Form;
pub use health::{find_duplicate_health, merge_duplicate_health, read_health};
pub use kpis::duplicates::{find_duplicates, merge_duplicates};
pub use kpis::fields::KpiField;
pub use kpis::{KpiFile, KpiReadOptions, read_kpis};
pub use note::Note;
pub use notes::{find_duplicate_notes, merge_duplicate_notes, read_notes};
pub use options::{Example, KindFile, RowOptions, SetAside, TableRead};
pub use playbooks::read_playbooks;
pub use profiles::{find_duplicate_profiles, merge_duplicate_profiles, read_profiles};
pub use rejects::{ReadBy, RowsFlags, Said, TableSaid, write_rejects};
pub use source::Source;
pub use table_options::TableOptions;
pub use text_options::TextOptions;
