//! Workbooks of Excel and LibreOffice on which readers of spreadsheets are tried.
//!
//! Where a workbook has no column that could be an account, the right answer asks for one: a spreadsheet that is
//! merely called a spreadsheet has not been read.

use super::case::{Case, asks_for_account, in_folder, reads};

/// What is expected of these files.
pub fn cases() -> Vec<Case> {
    [
        in_folder("real/xlsx/calamine", [texts(), temperatures(), several(), bare(), refused()].concat()),
        in_folder("real/xlsx/csvkit", csvkit()),
        in_folder("real/xlsx/frictionless", frictionless()),
        in_folder("real/xlsx/messytables", messytables()),
    ]
    .concat()
}

fn texts() -> Vec<Case> {
    vec![
        reads("empty_s_attribute.xlsx", "profiles --map Name=account")
            .rows(4)
            .rejected(0)
            .attribute("Sophia", "Value", "2"),
        reads("empty_shared_string.xlsx", "profiles --map abc=account").refused("no rows"),
        reads("empty_shared_string_value.xlsx", "profiles --map Name=account --on-error skip")
            .rejected(1)
            .field("Alice", "account_status", "Active"),
        reads("inlineStr_cdata.xlsx", "profiles --map World=account").rows(1).rejected(0).attribute(
            "NormalText",
            "Hello CDATA",
            "12345",
        ),
        reads("inlineStr_with_value.xlsx", "profiles --map ID=account").rows(1).rejected(0).attribute(
            "RQ11610",
            "Type",
            "Textual Requirement",
        ),
        reads("inventory-table.xlsx", "kpis --map Type=account")
            .rejected(0)
            .accounts(4)
            .value("Banana", "Quantity", 200.0),
        reads("nonstandard-xml-ns-prefix.xlsx", "profiles --map a=account")
            .rows(2)
            .rejected(0)
            .attribute("2", "b", "4"),
        reads("issue438.xlsx", "profiles --map x=account").rows(4).rejected(0).attribute("4", "y", "11"),
        reads("header-row.xlsx", "kpis --map Columns=account").rejected(0).value(
            "put data here",
            "Column B",
            2.0,
        ),
    ]
}

fn temperatures() -> Vec<Case> {
    let read = |file| {
        reads(file, "kpis -a Lab --map label=kpi").rows(2).rejected(0).value("Lab", "celsius", 22.2222).value(
            "Lab",
            "fahrenheit",
            72.0,
        )
    };
    vec![
        read("temperature.xlsx"),
        read("temperature-in-middle.xlsx"),
        read("temperature-table.xlsx"),
        reads("temperature-fallible.xlsx", "kpis -a Lab --map label=kpi")
            .rows(4)
            .rejected(0)
            .value("Lab", "celsius", 22.2222)
            .no_value("Lab", "rankine"),
    ]
}

fn several() -> Vec<Case> {
    vec![
        asks_for_account("any_sheets.ods"),
        asks_for_account("any_sheets.xls"),
        asks_for_account("any_sheets.xlsx"),
        asks_for_account("pivots.xlsx"),
        reads("pivots.xlsx", "kpis --sheet PivotSheet4 --map 'Row Labels=account'")
            .refused("--duplicates|second table|line 6 "),
        asks_for_account("table-multiple.xlsx"),
        reads("table-multiple.xlsx", "kpis --sheet Sheet1 --map Type=account")
            .rejected(0)
            .accounts(4)
            .value("Pear", "Quantity", 100.0),
        asks_for_account("column_row_ranges.xlsx"),
        reads("issue127.xlsx", "kpis").refused("is empty"),
        reads("issue127.ods", "kpis").refused("is empty"),
        asks_for_account("issue9.xlsx"),
        asks_for_account("special_cells.ods"),
        reads("with-annotation.ods", "kpis").refused("no rows"),
    ]
}

/// Cells without anything that could be a header of ours.
fn bare() -> Vec<Case> {
    [
        "date.ods",
        "date.xls",
        "date.xlsx",
        "date_iso.xlsx",
        "encoded_entities.xlsx",
        "errors.xlsx",
        "has_x000D_.xlsx",
        "has_x000D_inline.xlsx",
        "issue_530.xlsx",
        "issue_567_absolute_shared.xlsx",
        "merge_cells.xls",
        "merge_cells.xlsx",
        "merged_cells.ods",
        "whitespace_trim.xlsx",
    ]
    .map(|file| reads(file, "kpis").refused("--account|no rows|no column for the KPI"))
    .to_vec()
}

fn refused() -> Vec<Case> {
    let mut cases: Vec<_> = ["empty_sheet.xlsx", "multi-empty.ods", "single-empty.ods"]
        .map(|file| reads(file, "kpis").refused("is empty|no row|no cell"))
        .to_vec();
    cases.extend(
        ["pass_protected.xlsx", "pass_protected.ods"].map(|file| reads(file, "kpis").refused("encrypted")),
    );
    cases.push(reads("malformed_format.xls", "kpis").refused("--account|broken|damaged"));
    cases
}

fn csvkit() -> Vec<Case> {
    let papers = |file, words| {
        reads(file, words)
            .rows(5)
            .rejected(0)
            .attribute("Chicago Reader", "integer", "40")
            // The dates of these workbooks are in the 1904 system; the paper is of 1971.
            .attribute("Chicago Reader", "date", "1971-01-01")
            .attribute("Chicago Sun-Times", "float", "1.27")
            .with_attribute("empty_column", 0)
            .accounts(5)
    };
    vec![
        reads("dummy.xlsx", "profiles --map a=account").rows(1).rejected(0).attribute("1", "c", "3"),
        reads("ne_1033_data.xlsx", "profiles --map county=account").refused("duplicate_row|--duplicates"),
        reads(
            "ne_1033_data.xlsx",
            "kpis --no-events --map county=account --map nsn=product --duplicates sum",
        )
        .rejected(0),
        papers("sheets.xls", "profiles --sheet data --map text=account"),
        papers("sheets.xlsx", "profiles --sheet data --map text=account"),
        papers("test.xlsx", "profiles --map text=account"),
        papers("test_skip_lines.xlsx", "profiles --map text=account"),
    ]
}

fn frictionless() -> Vec<Case> {
    let ids = "SELECT group_concat(external_account_id || ' ' || account_name, ', ') FROM v_accounts";
    vec![
        reads("issue-313.xlsx", "profiles --map Column_1=account").rows(2).rejected(0).attribute(
            "column_1_value_2",
            "Column_5",
            "Column_5_value_2",
        ),
        reads("multiline-headers.xlsx", "profiles --map Region=account").rows(1).rejected(0).accounts(1),
        reads("preserve-formatting-percentage.xlsx", "kpis --map col1=account")
            .rejected(0)
            .accounts(3)
            .value("123", "col2", 52.0)
            .value("789", "col2", 6.0),
        reads("sheets.xlsx", "profiles --map id=external_id").rows(3).rejected(0).text(
            "accounts",
            ids,
            "1 london, 2 paris, 3 rome",
        ),
        reads("skip-rows.xlsx", "profiles --map A=account")
            .rows(1)
            .rejected(0)
            .attribute("8", "B", "9")
            .never_account("TOTAL"),
    ]
}

fn messytables() -> Vec<Case> {
    vec![
        asks_for_account("excel_properties.xls"),
        reads("large.xlsx", "kpis").refused("--account"),
        reads("large.xlsx", "kpis --map SERIES=account").says("hidden"),
        reads(
            "large.xlsx",
            "kpis --no-events --sheet data -a Treasury --map RecordType=kpi --duplicates sum",
        )
        .accounts(1),
        reads("multilineods.ods", "kpis").refused("no rows"),
    ]
}
