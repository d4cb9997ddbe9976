//! Columns as files write them: what settles them, what does not, and that no value is ever another.

use chrono::{Datelike, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::error::Error;
use crate::ingest::options::KindFile;
use crate::ingest::profiles::read_profiles;
use crate::ingest::table_options::TableOptions;
use crate::ingest::testing::{Reading, messages, real_file, told};
use crate::model::profile::batch::ProfileBatch;
use crate::model::profile::{ProfileField, ProfileValue};

type Profiles = KindFile<ProfileBatch>;

fn read_as(text: &str, table: TableOptions) -> Result<Profiles> {
    let source = Source::spool("a.csv", text.as_bytes())?.laid_out_as(table);
    Reading::default().source(&source, read_profiles)
}

/// The renewal dates of accounts, one a row.
fn dates_as(cells: &[&str], table: TableOptions) -> Result<Profiles> {
    let rows: Vec<String> = cells.iter().enumerate().map(|(row, cell)| format!("a{row},{cell}\n")).collect();
    read_as(&format!("account,renewal_date\n{}", rows.concat()), table)
}

fn dates(cells: &[&str]) -> Result<Profiles> {
    dates_as(cells, TableOptions::default())
}

fn days_of(file: &Profiles) -> Vec<String> {
    let day = |value: &Option<ProfileValue>| match value {
        Some(ProfileValue::Day(day)) => day.to_string(),
        other => format!("{other:?}"),
    };
    let rows = file.batch.rows.iter();
    rows.filter_map(|row| row.patch.fields.get(&ProfileField::RenewalDate).map(day)).collect()
}

/// The yearly revenues of accounts, in a table whose cells this parts.
fn revenues(delimiter: char, cells: &[&str]) -> Result<Profiles> {
    let rows: Vec<String> =
        cells.iter().enumerate().map(|(row, cell)| format!("a{row}{delimiter}\"{cell}\"\n")).collect();
    read_as(&format!("account{delimiter}arr\n{}", rows.concat()), TableOptions::default())
}

fn amounts_of(file: &Profiles) -> Vec<String> {
    file.batch.rows.iter().filter_map(|row| Some(row.revenue.as_ref()?.amount.to_string())).collect()
}

fn refusal<T: std::fmt::Debug>(read: Result<T>) -> (String, String) {
    let error: Error = read.unwrap_err();
    (error.message().to_owned(), error.hint().unwrap_or_default().to_owned())
}

#[test]
fn one_date_settles_the_whole_column_wherever_it_stands() {
    for cells in [["03-04-2026", "31-10-2026"], ["31-10-2026", "03-04-2026"]] {
        let file = dates(&cells).unwrap();
        let mut days = days_of(&file);
        days.sort();
        assert_eq!(days, ["2026-04-03", "2026-10-31"]);
        assert_eq!(messages(&file), ["dates in 'renewal_date' were read as day-month-year (1 cell says so)"]);
        assert_eq!(file.conventions.flags(), (Some(DateOrder::Dmy), None));
    }
    let american = dates(&["03/04/2026", "2026-12-01", "1-Feb-2026", "10/31/26", "5/5/2026"]).unwrap();
    assert_eq!(days_of(&american), ["2026-03-04", "2026-12-01", "2026-02-01", "2026-10-31", "2026-05-05"]);
    let year_first = dates(&["01-02-03", "31-12-31", "99-12-31"]).unwrap();
    assert_eq!(days_of(&year_first), ["2001-02-03", "2031-12-31", "1999-12-31"]);
}

#[test]
fn what_reads_the_same_either_way_says_nothing_and_asks_nothing() {
    let file = dates(&["05/05/2026", "2026-10-31", "Sep 3 2026"]).unwrap();
    assert_eq!(days_of(&file), ["2026-05-05", "2026-10-31", "2026-09-03"]);
    assert_eq!((messages(&file), file.conventions.flags()), (vec![], (None, None)));
}

#[test]
fn an_open_order_is_asked_for() {
    let (message, hint) = refusal(dates(&["05/05/2026", "03-04-2026", "1/2/2026"]));
    assert_eq!(
        message,
        "a.csv, column 'renewal_date': 2 dates such as '03-04-2026' (line 3) can be day-month-year or month-day-year"
    );
    assert_eq!(hint, "say which: --date-order dmy or --date-order mdy");
    let said = |order| TableOptions { date_order: Some(order), ..TableOptions::default() };
    for (order, day) in [(DateOrder::Dmy, "2026-04-03"), (DateOrder::Mdy, "2026-03-04")] {
        let file = dates_as(&["03-04-2026"], said(order)).unwrap();
        assert_eq!((days_of(&file), file.conventions.flags().0), (vec![day.to_owned()], Some(order)));
    }
    let misfit = dates_as(&["31/10/2026", "10/31/2026"], said(DateOrder::Dmy)).unwrap();
    assert_eq!(days_of(&misfit), ["2026-10-31"]);
    assert_eq!(told(&misfit.rejections), [(3, "bad_date", "10/31/2026".to_owned())]);
}

#[test]
fn dates_that_contradict_each_other_are_both_named() {
    let (message, hint) = refusal(dates(&["31/10/2026", "01/02/2026", "10/31/2026"]));
    let what = "no order of day, month and year fits both '10/31/2026' (line 4) and '31/10/2026' (line 2)";
    assert_eq!(message, format!("a.csv, column 'renewal_date': {what}"));
    assert!(hint.contains("--date-order"), "{hint}");
}

#[test]
fn a_day_number_of_a_spreadsheet_is_named_and_not_read() {
    let file = dates(&["2026-10-31", "45000"]).unwrap();
    assert_eq!(told(&file.rejections), [(3, "bad_date", "45000".to_owned())]);
    assert!(file.rejections.problems[0].hint.as_ref().unwrap().contains("spreadsheets"));
}

#[test]
fn a_decimal_comma_settles_the_whole_column() {
    for cells in [["1.234", "4,5"], ["4,5", "1.234"]] {
        let file = revenues(';', &cells).unwrap();
        let mut amounts = amounts_of(&file);
        amounts.sort();
        assert_eq!(amounts, ["1234", "4.5"]);
        assert!(messages(&file).contains(&"numbers in 'arr' were read with a decimal comma"));
        assert_eq!(file.conventions.flags(), (None, Some(DecimalMark::Comma)));
    }
    assert_eq!(amounts_of(&revenues(';', &["€ 1,234", "$ 5", "4.5"]).unwrap()).len(), 2);
    assert_eq!(amounts_of(&revenues(',', &["1,234", "12"]).unwrap()), ["1234", "12"]);
}

#[test]
fn another_column_says_nothing_of_what_its_own_leaves_open() {
    let text = "account;arr;mrr\na;1.234;\nb;;5,5\n";
    let (message, _) = refusal(read_as(text, TableOptions::default()));
    assert!(message.starts_with("a.csv, column 'arr': 1 number such as '1.234' (line 2)"), "{message}");
}

#[test]
fn open_and_contradicting_marks_are_asked_for() {
    let (message, hint) = refusal(revenues(';', &["7", "1.234"]));
    assert!(message.starts_with("a.csv, column 'arr': 1 number such as '1.234' (line 3)"), "{message}");
    assert!(hint.contains("--decimal comma"), "{hint}");
    assert!(revenues('\t', &["1,234"]).is_err() && revenues('|', &["1,234"]).is_err());
    assert_eq!(amounts_of(&revenues('\t', &["1.23", "1.2"]).unwrap()), ["1.23", "1.2"]);
    let (message, hint) = refusal(revenues(';', &["4,5", "7", "4.5"]));
    let what = "'4,5' (line 2) has a decimal comma, and '4.5' (line 4) a decimal point";
    assert_eq!(message, format!("a.csv, column 'arr': {what}"));
    assert!(hint.contains("--decimal"), "{hint}");
}

#[test]
fn remarks_say_nothing_of_a_column() {
    let file = revenues(';', &["4.5", "see 1,5 below", "Jun-25"]).unwrap();
    assert_eq!(amounts_of(&file), ["4.5"]);
    let codes: Vec<_> = told(&file.rejections).into_iter().map(|(_, code, _)| code).collect();
    assert_eq!(codes, ["not_money", "excel_date"]);
}

#[test]
fn ravenstack_dates_are_settled_by_the_column() {
    let Some(source) = real_file("real/ravenstack_dmy/ravenstack_accounts.csv") else { return };
    let reading = Reading { maps: &[("signup_date", "contract_start_date")], ..Reading::default() };
    let file = reading.source(&source, read_profiles).unwrap();
    assert_eq!(file.rejections.len(), 0);
    let start = |row: usize| file.batch.rows[row].patch.fields[&ProfileField::ContractStartDate].clone();
    assert_eq!(start(0), Some(ProfileValue::Day("2024-10-16".parse().unwrap())));
    assert!(
        messages(&file).contains(&"dates in 'signup_date' were read as day-month-year (298 cells say so)")
    );
}

fn written(day: NaiveDate, order: DateOrder) -> String {
    let (year, month, number) = (day.year(), day.month(), day.day());
    match order {
        DateOrder::Dmy => format!("{number}/{month}/{year}"),
        DateOrder::Mdy => format!("{month}/{number}/{year}"),
        DateOrder::Ymd => format!("{year}/{month}/{number}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn days_of_one_order_are_those_days_or_asked_for(
        days in proptest::collection::vec(0..9_000_u64, 1..12),
        order in proptest::sample::select(DateOrder::ALL.to_vec()),
    ) {
        let first = NaiveDate::from_ymd_opt(2002, 1, 1).unwrap();
        let days: Vec<NaiveDate> = days.into_iter().map(|days| first + chrono::Days::new(days)).collect();
        let cells: Vec<String> = days.iter().map(|day| written(*day, order.1)).collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        match dates(&cells) {
            Ok(file) => {
                let expected: Vec<String> = days.iter().map(ToString::to_string).collect();
                prop_assert_eq!(days_of(&file), expected);
            }
            Err(error) => {
                prop_assert!(error.message().contains("can be"), "{}", error.message());
                prop_assert!(days.iter().all(|day| day.day() <= 12));
            }
        }
    }

    #[test]
    fn numbers_with_a_decimal_comma_are_those_numbers_or_asked_for(
        cents in proptest::collection::vec((0..900_000_000_u64, any::<bool>()), 1..10),
    ) {
        let cell = |(cents, has_decimals): &(u64, bool)| {
            let whole = (cents / 100).to_string();
            let digits = whole.len();
            let groups: String = whole
                .char_indices()
                .flat_map(|(at, digit)| ((at > 0 && (digits - at) % 3 == 0).then_some('.')).into_iter().chain([digit]))
                .collect();
            if *has_decimals { format!("{groups},{:02}", cents % 100) } else { groups }
        };
        let cells: Vec<String> = cents.iter().map(cell).collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        match revenues(';', &cells) {
            Ok(file) => {
                let amount = |(cents, has_decimals): &(u64, bool)| {
                    let cents = if *has_decimals { *cents } else { cents / 100 * 100 };
                    rust_decimal::Decimal::new(i64::try_from(cents).unwrap(), 2).normalize().to_string()
                };
                prop_assert_eq!(amounts_of(&file), cents.iter().map(amount).collect::<Vec<_>>());
            }
            Err(error) => prop_assert!(error.hint().unwrap().contains("--decimal"), "{}", error.message()),
        }
    }
}
