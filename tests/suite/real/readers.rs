//! Small files on which readers of CSV are tried.
//!
//! Most have neither accounts nor KPIs: a column is taken as the account, and the others, kept as attributes,
//! tell whether every cell came through.

use super::case::{Case, Check, in_folder, reads};

/// What is expected of these files.
pub fn cases() -> Vec<Case> {
    [
        in_folder("real/csv_torture/csv-spectrum", spectrum()),
        in_folder("real/csv_torture/csvkit", [csvkit(), csvkit_tables()].concat()),
        in_folder("real/csv_torture/agate", agate()),
        in_folder("real/csv_torture/univocity", univocity()),
        in_folder("real/csv_torture/papaparse", papaparse()),
    ]
    .concat()
}

fn spectrum() -> Vec<Case> {
    let files = [
        ("comma_in_quotes.csv", "profiles --map first=account", "first"),
        ("empty.csv", "profiles --map a=account", "a"),
        ("empty_crlf.csv", "profiles --map a=account", "a"),
        ("escaped_quotes.csv", "profiles --map a=account", "a"),
        ("json.csv", "profiles --map key=account", "key"),
        ("newlines.csv", "profiles --map b=account", "b"),
        ("newlines_crlf.csv", "profiles --map b=account", "b"),
        ("quotes_and_newlines.csv", "profiles --map a=account", "a"),
        ("simple.csv", "profiles --map a=account", "a"),
        ("simple_crlf.csv", "profiles --map a=account", "a"),
        ("utf8.csv", "profiles --map a=account", "a"),
    ];
    let truth =
        |(file, words, account)| reads(file, words).rejected(0).check(Check::SpectrumTruth { account });
    let mut cases = files.map(truth).to_vec();
    // Its JSON tells of another telephone number than the file: the file is what counts.
    cases.push(
        reads("location_coordinates.csv", "profiles --map Cities=account")
            .rows(1)
            .rejected(0)
            .attribute("Modesto", "Contact Phone Number", "2095257564")
            .attribute("Modesto", "Location Coordinates", "37\u{fffd}36'37.8\"N 121\u{fffd}2'17.9\"W"),
    );
    cases
}

/// A file with columns a, b, c of which a is the account.
fn abc(file: &'static str, rows: u64) -> Case {
    reads(file, "profiles --map a=account").rows(rows).rejected(0)
}

fn csvkit() -> Vec<Case> {
    vec![
        reads("bad.csv", "profiles --map column_a=account").refused("line 2 "),
        reads("bad.csv", "profiles --map column_a=account --on-error skip").rows(3).rejected(2).attribute(
            "0",
            "column_b",
            "mixed types.... uh oh",
        ),
        reads("bad_skip_lines.csv", "profiles --map column_a=account").refused("line 5 "),
        reads("bad_skip_lines.csv", "profiles --map column_a=account --on-error skip")
            .rows(3)
            .rejected(2)
            .attribute("0", "column_c", "17"),
        reads("blanks.csv", "profiles --map f=account").rows(1).rejected(0).with_attribute("c", 0),
        reads("date_like_number.csv", "kpis -a ACME").rejected(0).value("ACME", "a", 4.5),
        abc("dummy_col_shuffled_ragged.csv", 1).attribute("1", "b", "2").attribute("1", "d", "4"),
        abc("mac_newlines.csv", 2).attribute("1", "b", "2").with_attribute("c", 2),
        reads("null_byte.csv", "profiles --map b=account").refused(" nul "),
        abc("optional_quote_characters.csv", 1).attribute("1", "c", "3"),
        abc("sniff_limit.csv", 1).attribute("1", "c", "3"),
        reads("test_empty_columns.csv", "profiles --map a=account").refused("line 3 "),
        reads("test_empty_columns.csv", "profiles --map a=account --on-error skip").rejected(1).accounts(1),
        reads("test_extra_header.csv", "profiles --map a=account").refused("line 2 "),
    ]
}

fn csvkit_tables() -> Vec<Case> {
    vec![
        reads("test_geo.csv", "profiles --map slug=account").rows(17).rejected(0).accounts(17).attribute(
            "dcl",
            "title",
            "Downtown Coffee Lounge",
        ),
        reads("test_header_newline.csv", "profiles --map b=account")
            .rows(1)
            .rejected(0)
            .accounts(1)
            .attribute("e", "c", "f"),
        reads("test_latin1.csv", "profiles --map a=account").refused("--encoding"),
        reads("test_latin1.csv", "profiles --map a=account --encoding latin1")
            .rows(2)
            .rejected(0)
            .attribute("4", "c", "©"),
        reads("test_locale.csv", "kpis -a ACME --decimal comma").rejected(0).value("ACME", "a", 1.7).value(
            "ACME",
            "b",
            200_000_000.0,
        ),
        reads("test_no_leading_zeroes.csv", "profiles --map c=account")
            .rows(1)
            .rejected(0)
            .attribute("0.1", "a", "01")
            .attribute("0.1", "b", "00.11"),
        abc("test_skip_lines.csv", 1).attribute("1", "c", "3"),
        abc("test_utf16_big.csv", 2).attribute("4", "c", "ʤ"),
        abc("test_utf16_little.csv", 2).attribute("4", "c", "ʤ"),
        reads("test_utf8_bom.csv", "profiles --map foo=account")
            .rows(2)
            .rejected(0)
            .attribute("4", "baz", "ʤ"),
    ]
}

fn agate() -> Vec<Case> {
    let types = |file| {
        let case = reads(file, "profiles --map text=account").rows(3).rejected(0).accounts(3);
        let case = case.attribute("👍", "datetime", "2015-11-04T12:45:00").attribute("a", "number", "1");
        case.with_attribute("date", 2)
    };
    vec![types("test_cr.csv"), types("test_csv_sniff.csv"), types("test_quote_nonnumeric.csv")]
}

fn univocity() -> Vec<Case> {
    let cars = |file| reads(file, "profiles --map Model=account").refused("line 7 ");
    vec![
        cars("csv__essential.csv"),
        cars("csv__essential-dos.csv"),
        cars("csv__essential-mac.csv"),
        reads(
            "examples__european.csv",
            "kpis --map Model=account --map Make= --map Description= --on-error skip",
        )
        .value("E350", "Price", 3000.0)
        .value("Grand Cherokee", "Price", 4799.0),
        reads("issues__github_177__input.csv", "profiles --map Id=account").rejected(0),
    ]
}

fn papaparse() -> Vec<Case> {
    vec![
        reads("long-sample.csv", "profiles").refused("--account|header"),
        reads("sample-header.csv", "profiles --map name=account")
            .rows(2)
            .rejected(0)
            .attribute("test name 01", "title", "test title 01")
            .with_attribute("title", 1),
        reads("utf-8-bom-sample.csv", "profiles --map A=account")
            .rows(1)
            .rejected(0)
            .attribute("X", "B", "Y"),
        reads("verylong-sample.csv", "profiles --map TLD=account").refused("line 500 "),
        reads("verylong-sample.csv", "kpis --map TLD=account --map placeholder=product --on-error skip")
            .accounts(2),
    ]
}
