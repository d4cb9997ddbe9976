//! Workbooks on which a statistician's reader of Excel is tried: types, dates, blanks, names, junk around tables.

use super::case::{Case, in_folder, reads};

/// What is expected of these files.
pub fn cases() -> Vec<Case> {
    in_folder("real/xlsx/readxl", [junk(), layout(), types(), sets(), bare()].concat())
}

fn junk() -> Vec<Case> {
    let deaths = |file| {
        reads(file, "profiles --sheet arts --map Name=account")
            .rows(10)
            .rejected(0)
            .accounts(10)
            .attribute("David Bowie", "Date of birth", "1947-01-08")
            .attribute("David Bowie", "Age", "69")
            .attribute("Zsa Zsa Gábor", "Profession", "actor")
            .never_account("Some")
            .never_account("at")
    };
    vec![
        deaths("deaths.xls"),
        deaths("deaths.xlsx"),
        reads("deaths.xlsx", "profiles").rows(20).rejected(0).accounts(20).never_account("Some"),
        reads("clippy.xlsx", "profiles --sheet two-row-header")
            .rows(1)
            .rejected(0)
            .accounts(1)
            .attribute("Clippy", "species", "paperclip")
            .never_account("(at birth)"),
        reads("clippy.xlsx", "kpis --sheet list-column -a Clippy --map name=kpi --on-error skip").value(
            "Clippy",
            "Weight in grams",
            0.9,
        ),
        reads("geometry.xlsx", "profiles --map B3=account").rows(3).rejected(0).attribute("B6", "D3", "D6"),
        reads("skipping.xlsx", "profiles --sheet two_blank_rows --map var1=account")
            .rejected(0)
            .accounts(2)
            .attribute("v2,1", "var2", "v2,2"),
        reads("skipping.xlsx", "profiles --sheet two_occupied_rows --map var1=account")
            .rejected(0)
            .accounts(2)
            .attribute("v4,1", "var2", "v4,2"),
        reads("style-only-cells.xlsx", "profiles --map var1=account")
            .rows(3)
            .rejected(0)
            .attribute("val3,1", "var5", "3"),
    ]
}

fn layout() -> Vec<Case> {
    vec![
        reads("blanks.xlsx", "profiles --sheet same_row_middle --map x=account")
            .rejected(0)
            .accounts(2)
            .attribute("2", "y", "b"),
        reads("empty-named-column.xlsx", "profiles --map x=account")
            .rows(3)
            .rejected(0)
            .attribute("1", "w", "2")
            .with_attribute("y", 0),
        reads("empty-sheets.xlsx", "kpis").refused("is empty|no row|--account"),
        reads("missing-first-column.xlsx", "kpis").refused("--account|header"),
        reads("missing-v-node-xlsx.xlsx", "profiles --map A=account")
            .rows(1)
            .rejected(0)
            .attribute("1", "B", "2"),
        reads("names-need-repair-xlsx.xlsx", "profiles --map 'a b=account'").refused("'a b'"),
        reads("names-need-repair-xlsx.xlsx", "profiles --map 'column 2=account' --map 'column 1='")
            .rows(2)
            .rejected(0)
            .attribute("b", "c%&$", "2.2"),
        reads("no-yes-col-names.xlsx", "profiles --sheet yes-col-names --map var1=account")
            .rows(1)
            .rejected(0)
            .attribute("a", "var2", "b"),
        reads("unnamed-duplicated-columns.xlsx", "profiles --map 'column 1=account' --map 'column 2='")
            .rows(2)
            .rejected(0)
            .attribute("2", "var2", "bb"),
        reads("utf8-sheet-names.xlsx", "profiles --sheet ∂ --map x=account").rows(1).rejected(0).accounts(1),
        reads("embedded-chartsheet.xlsx", "kpis --sheet chickwts --map feed=account").refused("--duplicates"),
        reads("inlineStr.xlsx", "profiles --map ID=account").rows(1).rejected(0).attribute(
            "RQ11610",
            "Type",
            "Textual Requirement",
        ),
        reads("vietnamese-utf8.xlsx", "profiles --map 'Mô tả=account'").rows(6).rejected(0).accounts(6),
        reads("new_line_errors.xlsx", "profiles --map column_name=account").rows(2).rejected(0).accounts(2),
    ]
}

fn types() -> Vec<Case> {
    vec![
        reads("big-texty-numbers-xlsx.xlsx", "profiles --map 'number as text=account'")
            .rows(6)
            .rejected(0)
            .attribute("2147483647", "number", "2147483647"),
        reads("currency-formats-xlsx.xlsx", "kpis --map product=account")
            .rejected(0)
            .accounts(2)
            .value("apple", "cost_EUR", 0.5)
            .value("software", "cost_CHF", 10_000.0),
        reads("missing-values-xlsx.xlsx", "profiles --map z=account --on-error skip")
            .rejected(1)
            .attribute("1", "x", "1"),
        reads("dates-leap-year-1900-xlsx.xlsx", "profiles --sheet for_testing --map dttm_string=account")
            .rejected(0)
            .attribute("1904-01-01 08:00:00", "dttm", "1904-01-01T08:00:00"),
        reads("datetime-rounding.xlsx", "profiles --map dttm_string=account").rows(4).rejected(0).attribute(
            "2016-04-28 11:30:00",
            "dttm",
            "2016-04-28T11:30:00",
        ),
        reads("types.xlsx", "profiles --sheet guess_me --map text=account")
            .rejected(0)
            .attribute("hello", "date", "2013-02-26")
            .attribute("hello", "numeric", "1"),
        reads("type-me.xlsx", "profiles --sheet text_coercion --map explanation=account")
            .rejected(0)
            .attribute("\"cabbage\"", "text", "cabbage"),
        reads("type-me.xls", "profiles --sheet text_coercion --map explanation=account")
            .rejected(0)
            .attribute("\"cabbage\"", "text", "cabbage"),
    ]
}

fn sets() -> Vec<Case> {
    let country = "SELECT value FROM v_kpi_history WHERE account_name = 'Angola' AND kpi = 'lifeExp' \
                   AND observed_at LIKE '1952%'";
    vec![
        reads("datasets.xlsx", "kpis").refused("--account"),
        reads("iris-google-doc.xlsx", "kpis --map Species=account").refused("--duplicates"),
        reads("iris-google-doc.xlsx", "kpis --map Species=account --duplicates mean")
            .rejected(0)
            .accounts(3)
            .value("setosa", "Sepal.Length", 5.006),
        reads("sheet-xml-lookup.xlsx", "kpis --sheet Africa --map country=account --map year=date")
            .rejected(0)
            .number("life expectancy of Angola in 1952", country, 30.015),
        reads("sheet-xml-lookup.xlsx", "kpis --map country=account --map year=date")
            .rejected(0)
            .values_of("pop", 25),
    ]
}

/// Cells without anything that could be a header of ours.
fn bare() -> Vec<Case> {
    ["dates-1900-LibreOffice.xlsx", "texty-dates-xlsx.xlsx", "whitespace-xlsx.xlsx"]
        .map(|file| reads(file, "kpis").refused("--account|no rows"))
        .to_vec()
}
