//! Wide files as people write them, read as texts.

use crate::error::Result;
use crate::ingest::kpis::{KpiFile, KpiReadOptions, read_kpis};
use crate::ingest::source::Source;
use crate::ingest::table_options::TableOptions;
use crate::ingest::testing::{real_file, rejects_of};
use crate::model::kpi::batch::{AccountMention, Cell, GivenAccount, KpiRow};
use crate::model::kpi::dictionary::KpiDictionary;
use crate::model::reading::Layout;
use crate::model::value::{DecimalMark, MISSING_TOKENS, ValueReader};

fn read_source(source: &Source, account: Option<&str>, maps: &[(&str, &str)]) -> Result<KpiFile> {
    let mention = |name: &str| AccountMention { name: Some(name.to_owned()), external_id: None };
    let given = account.map(|name| GivenAccount::from(mention(name)));
    let maps: Vec<(String, String)> =
        maps.iter().map(|(column, field)| ((*column).to_owned(), (*field).to_owned())).collect();
    let options = KpiReadOptions {
        dictionary: KpiDictionary::builtin(),
        values: &ValueReader::new(&MISSING_TOKENS.map(str::to_owned), "USD", DecimalMark::Point),
        given_account: given.as_ref(),
        period: None,
        today: "2026-11-22".parse().unwrap(),
        column_aliases: &[],
        maps: &maps,
        on_progress: &mut |_| {},
    };
    read_kpis(source, options)
}

fn source(text: &str, layout: Layout) -> Source {
    let source = Source::spool("t.csv", text.as_bytes()).unwrap();
    source.laid_out_as(TableOptions { layout, ..TableOptions::default() })
}

pub(super) fn read_as(
    text: &str,
    layout: Layout,
    account: Option<&str>,
    maps: &[(&str, &str)],
) -> Result<KpiFile> {
    read_source(&source(text, layout), account, maps)
}

fn read(text: &str) -> KpiFile {
    read_as(text, Layout::Auto, None, &[]).unwrap()
}

/// Each value as `account|KPI|day|value`, in order.
pub(super) fn told(file: &KpiFile) -> Vec<String> {
    let batch = &file.batch;
    let mut told: Vec<String> = batch
        .rows
        .iter()
        .map(|row| {
            let account = &batch.accounts[row.account as usize];
            let account = account.name.as_ref().or(account.external_id.as_ref()).unwrap();
            let context = batch.context(row);
            let (kpi, day) = (&batch.kpis[context.kpi as usize], context.observed_on);
            let value = match row.cell() {
                Cell::Number(number) => number.to_string(),
                cell => format!("{cell:?}"),
            };
            let product = kpi.product.as_ref().map_or(String::new(), |product| format!("/{product}"));
            let day = day.map_or(String::new(), |day| day.to_string());
            format!("{account}|{}{product}|{day}|{value}", kpi.name)
        })
        .collect();
    told.sort();
    told
}

fn notes(file: &KpiFile) -> String {
    file.notes.iter().map(|note| format!("{}: {}\n", note.code, note.message)).collect()
}

fn faults(file: &KpiFile) -> Vec<(u64, &'static str, Option<&str>, Option<&str>)> {
    let examples = file.rejections.examples.iter();
    let fault = examples.map(|row| {
        let problem = &file.rejections.problems[row.problem as usize];
        (row.line, problem.code, problem.column.as_deref(), row.value.as_deref())
    });
    fault.collect()
}

fn is_balanced(file: &KpiFile) -> bool {
    file.records_read == file.batch.rows.len() as u64 + file.rejections.len()
}

#[test]
fn a_column_is_a_kpi_by_its_name_or_by_its_numbers() {
    let file = read(
        "customer_id,Company,NPS,Logins,Contract,Postal Code,signed,empty\n\
         7,Acme,50,12,Monthly,12345,2024-01-05,\n8,Beta,N/A,,Yearly,12345,2024-02-05,\n",
    );
    assert_eq!(
        told(&file),
        [
            "Acme|Logins||12",
            "Acme|Net Promoter Score (NPS)||50",
            "Beta|Logins||Blank",
            "Beta|Net Promoter Score (NPS)||Withdrawn"
        ]
    );
    assert_eq!((file.records_read, file.blanks), (4, 1));
    let notes = notes(&file);
    for part in [
        "column 'Contract' holds texts and was not read as a KPI",
        "column 'Postal Code' holds ids or codes",
        "column 'signed' holds dates",
        "column 'empty' holds nothing in the first rows",
    ] {
        assert!(notes.contains(part), "{notes}");
    }
    let fields: Vec<_> = file.tables[0].columns.columns.iter().map(|column| column.field).collect();
    let kpi = Some("kpi");
    assert_eq!(fields, [Some("external_id"), Some("account"), kpi, kpi, None, None, None, None]);
}

#[test]
fn a_bad_cell_is_set_aside_and_not_its_row() {
    let text = "account,date,NPS,Logins\nAcme,2026-10,5,many\nBeta,never,5,6\n,2026-10,7,8\nGamma,2026-10,1\nAcme,2026-09,6,7\n";
    let file = read(text);
    assert_eq!(
        faults(&file),
        [
            (2, "not_a_number", Some("Logins"), Some("many")),
            (3, "bad_date", Some("date"), Some("never")),
            (3, "bad_date", Some("date"), Some("never")),
            (4, "missing_account", Some("account"), Some("")),
            (4, "missing_account", Some("account"), Some("")),
            (5, "ragged_row", None, None),
            (5, "ragged_row", None, None),
        ]
    );
    assert!(is_balanced(&file) && file.records_read == 10);
    let source = source(text, Layout::Auto);
    let (written, rejects) = rejects_of(&source, &file.rejections, &file.tables, &file.conventions);
    assert_eq!(written, 4);
    assert!(rejects.contains("Acme,2026-10,,many,layout=wide,2,Logins,many,not_a_number"), "{rejects}");
    let mended = rejects
        .replace(",many,layout", ",9,layout")
        .replace("never", "2026-10")
        .replace("\n,2026", "\nDelta,2026");
    let mended: String =
        mended.lines().filter(|line| !line.starts_with("Gamma")).map(|line| format!("{line}\n")).collect();
    let file = read(&mended);
    assert_eq!((file.records_read, file.rejections.len()), (6, 0));
}

#[test]
fn periods_as_columns_are_a_history() {
    let file = read(
        "account,KPI,product,2026-09,2026-Q4,2027-01,remark\nAcme,NPS,,5,6,,x\nAcme,Logins,Core,,N/A,7,\n",
    );
    assert_eq!(
        told(&file),
        [
            "Acme|Logins/Core|2026-12-31|Withdrawn",
            "Acme|Logins/Core|2026-09-30|Blank",
            "Acme|Net Promoter Score (NPS)|2026-09-30|5",
            "Acme|Net Promoter Score (NPS)|2026-12-31|6",
            "Acme|Net Promoter Score (NPS)||Blank",
        ]
        .map(|told| told.replace("2026-09-30|Blank", "|Blank"))
    );
    assert_eq!(faults(&file), [(3, "future_date", Some("2027-01"), Some("7"))]);
    assert!(is_balanced(&file) && notes(&file).contains("column 'remark' is no period and was not read"));
    let file = read_as("KPI,2026-08,2026-09\nNPS,5,6\n", Layout::Auto, Some("Acme"), &[]).unwrap();
    assert_eq!(told(&file).len(), 2);
}

#[test]
fn a_header_may_be_a_kpi_and_a_period() {
    let file = read("account,NPS 2026-09,NPS 2026-10,2026-09 Logins,2026-10_Logins\nAcme,1,2,3,4\n");
    assert_eq!(
        told(&file),
        [
            "Acme|Logins|2026-09-30|3",
            "Acme|Logins|2026-10-31|4",
            "Acme|Net Promoter Score (NPS)|2026-09-30|1",
            "Acme|Net Promoter Score (NPS)|2026-10-31|2"
        ]
    );
}

#[test]
fn accounts_are_columns_only_where_that_is_said() {
    let text = "Metric,Unit,Acme,Beta,Owner\nNPS,,5,6,Ann\nLogins,,7,,Bob\n";
    let file = read_as(text, Layout::Transposed, None, &[]).unwrap();
    assert_eq!(
        told(&file),
        [
            "Acme|Logins||7",
            "Acme|Net Promoter Score (NPS)||5",
            "Beta|Logins||Blank",
            "Beta|Net Promoter Score (NPS)||6"
        ]
    );
    assert!(notes(&file).contains("column 'Owner' holds texts"));
    let error = read_as(text, Layout::Auto, None, &[]).unwrap_err();
    assert!(error.message().contains("has no column for the account"), "{error:?}");
}

#[test]
fn nobody_becomes_an_account_unasked() {
    let text = "location,note,precipitation\nSeattle,a,0.5\nBoston,b,10.9\n";
    let error = read_as(text, Layout::Auto, None, &[]).unwrap_err();
    assert!(
        error.message().contains("has no column for the account; its columns are 'location'"),
        "{error:?}"
    );
    assert!(error.hint().unwrap().contains("--map 'location=account'"), "{error:?}");
    let maps = [("location", "account")];
    assert_eq!(read_as(text, Layout::Auto, None, &maps).unwrap().records_read, 2);
    let error = read_as("Sector,2026-08,2026-09\nFood,1,2\nTobacco,3,4\n", Layout::Auto, Some("Acme"), &[]);
    let error = error.unwrap_err();
    assert!(error.hint().unwrap().contains("--map 'Sector=kpi'"), "{error:?}");
}

#[test]
fn two_columns_of_one_kpi_or_period_are_an_error() {
    let text = "account,NPS,Net Promoter Score (NPS)\nAcme,5,6\n";
    let error = read_as(text, Layout::Auto, None, &[]).unwrap_err();
    let expected = "t.csv has two columns for KPI 'Net Promoter Score (NPS)': 'NPS' (column 2) and \
                    'Net Promoter Score (NPS)' (column 3)";
    assert_eq!(error.message(), expected);
    let maps = [("NPS", "")];
    assert_eq!(
        told(&read_as(text, Layout::Auto, None, &maps).unwrap()),
        ["Acme|Net Promoter Score (NPS)||6"]
    );
    let error = read_as("account,kpi,2026-Q3,2026-09\nAcme,NPS,5,6\n", Layout::Auto, None, &[]).unwrap_err();
    assert!(error.message().contains("has two columns for one period"), "{error:?}");
}

#[test]
fn a_layout_is_found_told_or_said() {
    let both = "account,kpi,value,CSAT\nAcme,NPS,5,4\n";
    let file = read(both);
    assert_eq!(told(&file), ["Acme|Net Promoter Score (NPS)||5"]);
    assert!(notes(&file).contains("'CSAT' is a KPI, too, and --layout wide would read it"));
    let file = read_as(both, Layout::Wide, None, &[]).unwrap();
    assert_eq!(told(&file), ["Acme|Customer Satisfaction (CSAT)||4", "Acme|value||5"]);
    let error = read_as("account,NPS\nAcme,5\n", Layout::Long, None, &[]).unwrap_err();
    assert!(error.message().contains("has no column for the KPI"), "{error:?}");
    let error = read_as("account,tier\nAcme,gold\n", Layout::Wide, None, &[]).unwrap_err();
    assert!(error.message().contains("has no column for the values of a KPI"), "{error:?}");
}

#[test]
fn a_percent_column_of_fractions_is_pointed_out_and_left() {
    let file = read("account,Feature Adoption Rate\nAcme,0.85\nBeta,0.4\n");
    assert!(notes(&file).contains("none of its 2 numbers is above 1"), "{}", notes(&file));
    assert!(told(&file)[0].ends_with("|0.85"));
    for values in ["0.85\nBeta,40", "0.85%\nBeta,0.4%", "0\nBeta,0"] {
        let file = read(&format!("account,Feature Adoption Rate\nAcme,{values}\n"));
        assert!(!notes(&file).contains("percent_as_fraction"), "{values}");
    }
}

#[test]
fn telco_customers_are_read_as_they_stand() {
    let Some(source) = real_file("real/kpi_wide/ibm_telco_churn.csv") else { return };
    let file = read_source(&source, None, &[]).unwrap();
    assert_eq!((file.batch.accounts.len(), file.records_read), (7043, 4 * 7043));
    assert_eq!((file.blanks, file.rejections.len()), (11, 0));
    let names: Vec<&str> = file.batch.kpis.iter().map(|kpi| kpi.name.as_str()).collect();
    assert_eq!(names, ["SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges"]);
    let monthly = file.batch.rows.iter().filter(|row| file.batch.context(row).kpi == 2).map(KpiRow::cell);
    let sum: f64 = monthly.map(|cell| if let Cell::Number(number) = cell { number } else { 0.0 }).sum();
    assert!((sum - 456_116.60).abs() < 0.005, "{sum}");
}

#[test]
fn companies_and_products_are_read_as_an_analyst_would() {
    let Some(source) = real_file("original/corporate_companies__companies_list.csv") else { return };
    let file = read_source(&source, None, &[]).unwrap();
    let names: Vec<&str> = file.batch.kpis.iter().map(|kpi| kpi.name.as_str()).collect();
    assert_eq!(names, ["Revenue ($)", "Employee Count", "Contract Value ($)"]);
    assert_eq!((file.batch.accounts.len(), file.rejections.len()), (25, 0));
    let products = "original/product_dimension__product_dimension_kpi_analysis.csv";
    let Some(source) = real_file(products) else { return };
    let error = read_source(&source, Some("Acme"), &[]).unwrap_err();
    assert!(error.message().contains("has no column for the value"), "{error:?}");
    let maps = [("Example: Product A Value", "value")];
    let file = read_source(&source, Some("Acme"), &maps).unwrap();
    assert!(is_balanced(&file));
    assert!(told(&file).contains(&"Acme|Feature Adoption Rate||95".to_owned()));
}

#[test]
fn files_without_accounts_ask_for_them() {
    for path in ["real/kpi_wide/us-employment.csv", "real/kpi_long/weather.csv"] {
        let Some(source) = real_file(path) else { continue };
        let error = read_source(&source, None, &[]).unwrap_err();
        assert!(error.message().contains("has no column for the account"), "{error:?}");
    }
}
