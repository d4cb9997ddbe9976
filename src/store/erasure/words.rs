//! Where a person's words stand in the tables of a customer.

use rusqlite::types::ValueRef;

use super::{Erased, account_column, owner_of, place_of};
use crate::error::Result;
use crate::model::redaction::Person;
use crate::store::ledger::Table;
use crate::store::transaction::WriteTransaction;

/// A row in which words of a person stand, and the columns without them.
pub(super) struct Edit {
    pub(super) table: Table,
    pub(super) id: i64,
    /// The account of a row that is one's.
    pub(super) account: Option<i64>,
    pub(super) columns: Vec<(&'static str, String)>,
    pub(super) is_salted: bool,
}

/// Tables of rules and KPIs, whose rows bear no salt: what stands there is told, and stays.
const RULES: [Table; 7] = [
    Table::KpiDefinitions,
    Table::ScoringConfigs,
    Table::KpiSeries,
    Table::KpiSeriesWords,
    Table::Weightings,
    Table::ScheduleRuns,
    Table::RetentionRuns,
];

impl WriteTransaction<'_> {
    /// The rows of this customer in which words of a person stand; those of rules are told in `erased`.
    pub(super) fn find_words(&self, person: &Person, erased: &mut Erased) -> Result<Vec<Edit>> {
        let mut edits = Vec::new();
        for table in Table::ALL {
            let mut of_table = self.find_in(table, person)?;
            if RULES.contains(&table) {
                let told = of_table
                    .iter()
                    .flat_map(|edit| edit.columns.iter().map(move |(column, _)| (edit.id, column)));
                let name = table.shape().name;
                erased.left.extend(told.map(|(id, column)| format!("{name} {id}, {column}")));
            } else {
                edits.append(&mut of_table);
            }
        }
        Ok(edits)
    }

    fn find_in(&self, table: Table, person: &Person) -> Result<Vec<Edit>> {
        let shape = table.shape();
        let owner = owner_of(shape);
        let account = account_column(shape).map(|column| place_of(shape, column)).transpose()?;
        let salt = shape.columns.iter().position(|column| *column == "salt");
        let columns: Vec<String> = shape.columns.iter().map(|column| format!("r.{column}")).collect();
        let mut statement = self.sql.prepare(&format!(
            "SELECT {} FROM {} r WHERE {owner} = ?1 ORDER BY r.id",
            columns.join(", "),
            shape.name
        ))?;
        let (mut rows, mut edits) = (statement.query([self.customer().get()])?, Vec::new());
        let in_file_names = person.as_in_file_names();
        while let Some(row) = rows.next()? {
            let mut redacted = Vec::new();
            for (place, column) in shape.columns.iter().enumerate() {
                let ValueRef::Text(text) = row.get_ref(place)? else { continue };
                let person = if *column == "file_name" { &in_file_names } else { person };
                let without = std::str::from_utf8(text).ok().and_then(|text| person.redact(text));
                redacted.extend(without.map(|without| (*column, without)));
            }
            if redacted.is_empty() {
                continue;
            }
            edits.push(Edit {
                table,
                id: row.get(0)?,
                account: account.map(|place| row.get(place)).transpose()?,
                columns: redacted,
                is_salted: salt
                    .map(|place| row.get_ref(place))
                    .transpose()?
                    .is_some_and(|salt| salt != ValueRef::Null),
            });
        }
        Ok(edits)
    }

    /// The changes of this customer that bear words of a person, with the actor and the command without them.
    pub(super) fn find_actors(&self, person: &Person) -> Result<Vec<(i64, String)>> {
        let mut statement =
            self.sql.prepare("SELECT id, actor FROM changes WHERE customer_id = ?1 ORDER BY id")?;
        let (mut rows, mut found) = (statement.query([self.customer().get()])?, Vec::new());
        while let Some(row) = rows.next()? {
            let actor: String = row.get(1)?;
            found.extend(person.redact(&actor).map(|without| (row.get(0), without)));
        }
        found.into_iter().map(|(id, without)| Ok((id?, without))).collect()
    }
}
