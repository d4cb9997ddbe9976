//! What a database's reader of CSV is tried on: dialects, dates, headers, broken rows, broken text.

use super::case::{Case, in_folder, reads};

/// What is expected of these files.
pub fn cases() -> Vec<Case> {
    let cases = [headers(), dialects(), numbers(), dates(), lines(), broken(), headerless(), tables()];
    in_folder("real/csv_torture/duckdb", cases.concat())
}

/// A file whose column is the account: rows, and one attribute of one account.
fn keyed(
    file: &'static str,
    words: &'static str,
    rows: u64,
    (account, name, value): (&'static str, &'static str, &'static str),
) -> Case {
    reads(file, words).rows(rows).rejected(0).attribute(account, name, value)
}

fn headers() -> Vec<Case> {
    let by_a = "profiles --map a=account";
    let ids = "SELECT group_concat(external_account_id || ' ' || account_name, ', ') FROM v_accounts";
    vec![
        reads("auto__duplicate_header_col.csv", "profiles --map b=account").either(
            |case| case.refused("duplicate_row|'a'"),
            |case| case.rows(2).rejected(0).attribute("TEST2", "a", "345"),
        ),
        keyed(
            "auto__duplicate_header_col.csv",
            "profiles --map 'column 1=account'",
            2,
            ("123", "b", "TEST2"),
        ),
        reads("auto__duplicate_header_columns.csv", by_a).refused("'a'"),
        reads("auto__duplicate_header_columns.csv", "profiles --map 'column 1=account'")
            .rows(2)
            .rejected(0)
            .accounts(2),
        keyed("auto__missing_header_col.csv", by_a, 2, ("345", "c", "text2")),
        keyed("auto__normalize_names_1.csv", by_a, 2, ("123", "B", "TEST1")),
        keyed("auto__normalize_names_3.csv", "profiles --map 0_a=account", 2, ("123", "9_c", "text1")),
        keyed("auto__normalize_names_5.csv", "profiles --map '#  a =account'", 2, ("123", "c", "text1")),
        keyed("auto__skip_row.csv", "profiles --map text=account", 1, ("TEST3", "number", "345.0")),
        reads("auto__utf8bom.csv", "profiles").rows(2).rejected(0).text("accounts", ids, "1 Mark, 2 Hannes"),
        keyed("double_quoted_header.csv", "profiles --map name=account", 2, ("rob", "foo \"bar", "1")),
        reads("empty.csv", "kpis -a ACME").refused("empty"),
        reads("header_only.csv", "kpis -a ACME")
            .either(|case| case.rows(0).rejected(0), |case| case.refused("no row|no data|nothing below")),
        keyed("headers__empty_1.csv", by_a, 2, ("6", "e", "10")),
        keyed("headers__empty_2.csv", by_a, 2, ("6", "e", "10")),
        keyed("locations_header_trailing_comma.csv", "profiles --map name=account", 1, ("name", "lat", "0")),
        keyed("nullpadding_header.csv", "profiles --map three=account", 2, ("alice", "two", "a")),
        keyed("skip_header.csv", by_a, 3, ("7", "c", "9")),
    ]
}

fn dialects() -> Vec<Case> {
    vec![
        reads("comments__17226.csv", "profiles --map x=account").refused("# comment|line 2 "),
        reads("comments__simple.csv", "profiles --map a=account --on-error skip")
            .attribute("1", "b", "3")
            .attribute("6", "b", "7"),
        keyed("union-by-name__ubn1.csv", "profiles --map a=account", 3, ("3", "c", "5")),
        keyed(
            "union-by-name__ubn2.csv",
            "profiles --map b=account",
            4,
            ("88", "ts", "2020-12-30 01:25:58.745232+01"),
        ),
        reads("union-by-name__ubn3.csv", "profiles --map k=account").refused("duplicate_row|--duplicates"),
        keyed("union-by-name__ubn4.csv", "profiles --map ts=account", 3, ("Friday", "c", "300")),
        keyed(
            "multi_quote.csv",
            "profiles --map datecol=account",
            7,
            ("1/6/19", "textcol", "text, with comma"),
        ),
        reads("unescaped_quotes__some_escaped_some_not.csv", "profiles").refused("--account"),
        reads("unescaped_quotes__unescaped_quote.csv", "profiles").refused("--header none"),
        reads("unescaped_quotes__unescaped_quote_new_line.csv", "profiles").refused("--account"),
        keyed("null_comparison.csv", "profiles --map int=account", 2, ("88", "str", "a")),
        keyed("null__multiple_nulls.csv", "profiles", 3, ("Pedro", "age", "31")).with_attribute("age", 2),
    ]
}

fn numbers() -> Vec<Case> {
    vec![
        reads("big_number.csv", "kpis -a ACME").rejected(0).value(
            "ACME",
            "bignumber",
            82_544_000_000_000_707.52,
        ),
        reads("decimal_separators__decimal_separators.csv", "kpis -a ACME --duplicates last")
            .rejected(0)
            .value("ACME", "commas", -15_300.0)
            .value("ACME", "periods", -15_300.0),
        reads("mixed_double.csv", "kpis --map A=account --on-error skip")
            .value("4", "B", 5.555)
            .value("3", "B", 5.0),
        reads("thousands_separator__integers.csv", "kpis -a ACME").refused("9,0,0|--duplicates"),
        reads("thousands_separator__multi_column.csv", "kpis --map name=account")
            .rejected(0)
            .accounts(5)
            .value("lorry", "money", 300_000_000.40)
            .value("patrick", "money", 9_999_999_999.20)
            .value("helly", "money", 50.0),
        keyed("leading_zeros.csv", "profiles --map CODGEO=account", 6, ("09002", "NAISD18", "7")),
        reads("leading_zeros.csv", "kpis --map CODGEO=account")
            .rejected(0)
            .accounts(6)
            .value("09002", "NAISD14", 6.0)
            .value("09006", "NAISD14", 0.0),
    ]
}

fn dates() -> Vec<Case> {
    let day = "SELECT substr(observed_at, 1, 10) FROM v_kpi_history ORDER BY observed_at DESC LIMIT 1";
    vec![
        reads(
            "auto__time_date_timestamp_dd-mm-yy.csv",
            "kpis --map b=account --map d=date --map t= --map ts=",
        )
        .rejected(0)
        .text("newest day", day, "2004-12-13"),
        reads(
            "auto__time_date_timestamp_mm-dd-yyyy.csv",
            "kpis --map b=account --map d=date --map t= --map ts=",
        )
        .rejected(0)
        .text("newest day", day, "2004-12-13"),
        reads(
            "auto__time_date_timestamp_yy.mm.dd.csv",
            "kpis --map b=account --map d=date --map t= --map ts=",
        )
        .either(
            |case| case.rejected(0).text("newest day", day, "2004-12-13"),
            |case| case.refused("--date-order|90.01.01"),
        ),
        reads("auto_date__date_example_1.csv", "kpis -a ACME").refused("no column for the KPI|--map"),
        reads("borked_date.csv", "kpis -a ACME").refused("no column for the KPI|--map"),
        reads("conflict_timestamp.csv", "kpis -a ACME").refused("no column for the KPI|--map"),
        reads("date_specificity.csv", "kpis -a ACME --map a=date").refused("no column for the KPI"),
        keyed(
            "dateformat__working.csv",
            "profiles --map ACCESSION_NUMBER=account",
            2,
            ("1-1-A", "FILING_DATE", "31-OCT-2023"),
        ),
        reads("mixed_dates.csv", "kpis -a ACME --map A=kpi:A --map B=date").refused("03/10/2024"),
        reads("mixed_timestamps.csv", "kpis -a ACME --map A=kpi:A --map B=date").refused("03/10/2024"),
        asks("weather.csv"),
        // Traces of rain are a T.
        reads("weather.csv", "kpis -a 'Central Park' --on-error skip")
            .accounts(1)
            .values_of("maximum_temperature", 366)
            .value_on("Central Park", "maximum_temperature", "2016-12-31", 44.0)
            .value_on("Central Park", "minimum_temperature", "2016-01-03", 35.0),
    ]
}

fn asks(file: &'static str) -> Case {
    reads(file, "kpis").refused("--account")
}

fn lines() -> Vec<Case> {
    vec![
        reads("mixed_new_line.csv", "profiles").refused("--account|header"),
        reads("one_r_two.csv", "profiles --map one=account").rows(1).rejected(0).accounts(1),
        reads("quoted_newline.csv", "profiles --map col1=account").rows(1).rejected(0).accounts(1),
        reads("test__many_empty_lines.csv", "profiles").refused("--account|header|empty"),
        reads("test__test_long_line.csv", "profiles").refused("--account|header"),
        reads("bool.csv", "profiles --map abs_file_name=account").rows(2).rejected(0).accounts(2),
    ]
}

fn broken() -> Vec<Case> {
    vec![
        reads("encodings__latin1.csv", "profiles").refused("--encoding"),
        keyed("encodings__latin1.csv", "profiles --encoding latin1", 12, ("François Dupont", "age", "45")),
        keyed("encodings__utf16.csv", "profiles", 20, ("François Dupont", "age", "45")),
        // It is valid UTF-16, whose last character is U+FFFD.
        reads("invalid_utf8.csv", "profiles").refused("--account"),
        reads("test__invalid_utf_complex.csv", "profiles").refused("--encoding"),
        reads("nullbyte.csv", "profiles --map col1=account").refused(" nul "),
        reads("nullterm.csv", "profiles --map hello=account").refused(" nul "),
        reads("inconsistent_cells.csv", "kpis -a ACME").refused("line 3 "),
        reads("missing_column.csv", "profiles --map h1=account").refused("line 7 "),
        reads("nullpadding.csv", "profiles").refused("--account|header|line 2 "),
        reads("rejects__incorrect_columns__small_mix.csv", "profiles --map a=account").refused("line 3 "),
        reads("test__error_too_many.csv", "profiles --map i=account").refused("line 6 "),
        reads("test__error_too_many.csv", "profiles --map i=account --on-error skip")
            .rows(6)
            .rejected(1)
            .attribute("5", "j", "5"),
        reads("test__unterminated.csv", "profiles").refused("never closed|unclosed"),
    ]
}

/// The first row of these is data: it must not become the header.
fn headerless() -> Vec<Case> {
    [
        "auto__leading_space_numerics.csv",
        "auto__pipe_delim_quote.csv",
        "auto__quote_escape.csv",
        "auto__semicolon_delim.csv",
        "auto__single_quote_backslash.csv",
        "manycolumns.csv",
    ]
    .map(|file| reads(file, "profiles").refused("--account|header"))
    .into_iter()
    .chain([
        keyed(
            "auto__semicolon_delim.csv",
            "profiles --header none --map 'column 1=account'",
            3,
            ("567", "column 3", "text3"),
        ),
        keyed(
            "auto__quote_escape.csv",
            "profiles --header none --map 'column 1=account'",
            3,
            ("345", "column 3", "text\"2\"text"),
        ),
    ])
    .collect()
}

fn tables() -> Vec<Case> {
    vec![
        keyed(
            "14512_og.csv",
            "profiles --map lookup_code=account",
            3,
            ("00817566020096", "item_name", "COTSWOLD EW"),
        ),
        reads("auto__large_mixed_data.csv", "kpis --no-events -a ACME").refused("--duplicates"),
        reads("aws_locations.csv", "profiles --map code=account").refused("duplicate_row|--duplicates"),
        reads("aws_locations.csv", "kpis --map code=account --duplicates first").value("MCT", "count", 1.0),
        keyed(
            "drug_exposure.csv",
            "profiles --map drug_exposure_id=account",
            4113,
            ("-2277782426787162905", "person_id", "4352191084057402257"),
        ),
        reads("soccer_kaggle.csv", "profiles --map player_id=account").rows(14).rejected(0).accounts(14),
        keyed(
            "venue_pipe_big.csv",
            "profiles --map venueid=account",
            2662,
            ("5", "venuename", "Gillette Stadium"),
        ),
        reads("venue_pipe_big.csv", "kpis --map venueid=external_id --map venuename=account").value(
            "5",
            "venueseats",
            68_756.0,
        ),
    ]
}
