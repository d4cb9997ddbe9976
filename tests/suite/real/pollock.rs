//! One table of a shop's sales, spoilt in a different way in each file; the table itself is `source.csv`.
//!
//! 83 rows, each with a quantity and a price in dollars; the products are the accounts.

use super::case::{Case, in_folder, reads};

const READ: &str = "kpis --no-events --map PRODUCTID=account --map DATE=date";
const SKIPPED: &str = "kpis --no-events --map PRODUCTID=account --map DATE=date --on-error skip";
const QUANTITIES: f64 = 452.0;
const PRICES: f64 = 3970.63;

/// Every value of the table is there.
fn whole(case: Case) -> Case {
    case.rejected(0)
        .accounts(83)
        .values_of("Qty", 83)
        .sum_of("Qty", QUANTITIES)
        .values_of("Price", 83)
        .number("prices", "SELECT round(sum(value), 2) FROM v_kpi_history WHERE kpi = 'Price'", PRICES)
}

/// One row of the table is damaged, and named; the others are right.
fn without_row(file: &'static str, line: &'static str, quantity: f64) -> [Case; 2] {
    [
        reads(file, READ).either(whole, |case| case.refused(line)),
        reads(file, SKIPPED).either(
            |case| case.accounts(82).values_of("Price", 82).sum_of("Qty", QUANTITIES - quantity),
            |case| case.accounts(83).values_of("Price", 83).sum_of("Qty", QUANTITIES),
        ),
    ]
}

/// What is expected of these files.
pub fn cases() -> Vec<Case> {
    in_folder("real/csv_torture/pollock_polluted/csv", [whole_tables(), damaged_rows()].concat())
}

fn whole_tables() -> Vec<Case> {
    let mut cases: Vec<_> = [
        "file_double_trailing_newline.csv",
        "file_field_delimiter_0x3B.csv",
        "file_header_multirow_2.csv",
        "file_preamble.csv",
        "file_record_delimiter_0xD.csv",
        "source.csv",
    ]
    .map(|file| whole(reads(file, READ)))
    .to_vec();
    // Texts with blanks without quotes, apostrophes inside of single quotes, a quote that swallows the next row.
    cases.extend([
        reads(
            "file_field_delimiter_0x20.csv",
            "kpis --no-events --map PRODUCTID=account --map DATE=date --delimiter ' '",
        )
        .refused("line 2"),
        reads("file_quotation_char_0x27.csv", READ).refused("line 3 "),
        reads("row_extra_quote55_col8.csv", READ).refused("line 56"),
    ]);
    cases.push(
        reads("file_header_only.csv", READ)
            .either(|case| case.rows(0).rejected(0), |case| case.refused("no row|no data|nothing below")),
    );
    cases.push(
        reads("file_multitable_less.csv", READ).either(whole, |case| case.refused("line 85 |second table")),
    );
    for file in [
        "row_extra_quote0_col0.csv",
        "row_extra_quote0_col8.csv",
        "row_field_delimiter_0_0x20.csv",
        "row_less_sep_row0_col4.csv",
        "row_more_sep_row0_col4.csv",
    ] {
        let refused = |case: Case| case.refused("line 1 |line 2 |no column '");
        cases.push(reads(file, READ).either(whole, refused));
    }
    cases
}

/// The line of the file and the quantity of the row in it.
fn damaged_rows() -> Vec<Case> {
    [
        ("row_extra_quote10_col3.csv", "line 11 ", 2.0),
        ("row_extra_quote55_col0.csv", "line 56 ", 16.0),
        ("row_extra_quote83_col3.csv", "line 84 ", 6.0),
        ("row_field_delimiter_83_0x20.csv", "line 84 ", 6.0),
        ("row_less_sep_row42_col1.csv", "line 43 ", 16.0),
        ("row_less_sep_row42_col8.csv", "line 43 ", 16.0),
        ("row_less_sep_row7_col4.csv", "line 8 ", 2.0),
        ("row_less_sep_row83_col1.csv", "line 84 ", 6.0),
        ("row_less_sep_row83_col8.csv", "line 84 ", 6.0),
        ("row_more_sep_row42_col0.csv", "line 43 ", 16.0),
        ("row_more_sep_row42_col8.csv", "line 43 ", 16.0),
        ("row_more_sep_row7_col4.csv", "line 8 ", 2.0),
        ("row_more_sep_row83_col0.csv", "line 84 ", 6.0),
        ("row_more_sep_row83_col8.csv", "line 84 ", 6.0),
    ]
    .into_iter()
    .flat_map(|(file, line, quantity)| without_row(file, line, quantity))
    .collect()
}
