//! KPI files as people hand them in: what is read, what is set aside, what is refused.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;

use acctsnap::ErrorKind;
use acctsnap::ingest::{
    Duplicates, KpiField, KpiFile, KpiReadOptions, ReadBy, RowsFlags, Source, find_duplicates, read_kpis,
    write_rejects,
};
use acctsnap::model::kpi::batch::{AccountMention, Cell, GivenAccount};
use acctsnap::model::kpi::dictionary::KpiDictionary;
use acctsnap::model::kpi::{Category, Impact, Unit};
use acctsnap::model::reading::Layout;
use acctsnap::model::value::{DecimalMark, MISSING_TOKENS, ValueReader};
use acctsnap::{Error, Result};
use chrono::NaiveDate;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[derive(Default)]
struct Given<'a> {
    account: Option<&'a GivenAccount>,
    period: Option<NaiveDate>,
    aliases: &'a [(KpiField, String)],
    maps: &'a [(String, String)],
}

fn read_source(source: &Source, given: &Given<'_>) -> Result<KpiFile> {
    let values = ValueReader::new(&MISSING_TOKENS.map(str::to_owned), "USD", DecimalMark::Point);
    let mut progress = |_| {};
    let options = KpiReadOptions {
        dictionary: KpiDictionary::builtin(),
        values: &values,
        given_account: given.account,
        period: given.period,
        today: day("2026-11-22"),
        column_aliases: given.aliases,
        maps: given.maps,
        on_progress: &mut progress,
    };
    read_kpis(source, options)
}

fn try_read(bytes: &[u8]) -> Result<KpiFile> {
    read_source(&Source::spool("t.csv", bytes)?, &Given::default())
}

fn read(text: &str) -> KpiFile {
    try_read(text.as_bytes()).unwrap()
}

fn refusal(bytes: impl AsRef<[u8]>) -> Error {
    let error = try_read(bytes.as_ref()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InputRefused, "{error:?}");
    error
}

/// Every good row: account, KPI, cell.
fn rows(file: &KpiFile) -> Vec<(String, String, Cell)> {
    let row = |row: &acctsnap::model::kpi::batch::KpiRow| {
        let account = &file.batch.accounts[row.account as usize];
        let account = account.name.clone().or_else(|| account.external_id.clone()).unwrap();
        (account, file.batch.kpis[file.batch.context(row).kpi as usize].name.clone(), row.cell())
    };
    file.batch.rows.iter().map(row).collect()
}

/// Every rejection: line, code, column.
fn rejections(file: &KpiFile) -> Vec<(u32, &str, Option<&str>)> {
    let told = |row: &acctsnap::model::rejection::Rejection| {
        let problem = &file.rejections.problems[row.problem as usize];
        (row.line, problem.code, problem.column.as_deref())
    };
    file.rejections.rows.iter().map(told).collect()
}

fn note_codes(file: &KpiFile) -> Vec<&str> {
    file.notes.iter().map(|note| note.code).collect()
}

fn number(value: f64) -> Cell {
    Cell::Number(value)
}

fn mention(name: Option<&str>, external_id: Option<&str>) -> AccountMention {
    AccountMention { name: name.map(str::to_owned), external_id: external_id.map(str::to_owned) }
}

const NPS: &str = "Net Promoter Score (NPS)";

#[test]
fn a_plain_file_is_read_whatever_its_line_ends_and_mark() {
    let text = "account,kpi,value\nAcme,NPS,42\n\"Beta, Inc\",Churn Rate (inverse),3%\nAcme,Feature Adoption Rate,\n";
    for text in
        [text.to_owned(), format!("\u{feff}{text}"), text.replace('\n', "\r\n"), text.trim_end().to_owned()]
    {
        let file = read(&text);
        assert_eq!(
            rows(&file),
            [
                ("Acme".into(), NPS.into(), number(42.0)),
                ("Beta, Inc".into(), "Churn Rate (inverse)".into(), number(3.0)),
                ("Acme".into(), "Feature Adoption Rate".into(), Cell::Blank),
            ]
        );
        assert_eq!((file.records_read, file.blanks, file.rejections.len()), (3, 1, 0));
        assert_eq!(file.batch.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3, 4]);
        assert!(file.notes.is_empty(), "{:?}", file.notes);
    }
}

#[test]
fn everything_beside_a_value_is_read() {
    let file = read(
        "Account ID,Account Name,KPI/Parameter,Data,Weight (%),Impact Level,Product,Period,Source Review,Measurement Frequency\n\
         00123,Acme,NPS,42,15%,high,Widget,2026-Q3,CSR,Monthly\n\
         00123,Acme,NPS,n/a,,,,2026-10-31T08:00:00Z,CSR,Monthly\n",
    );
    assert_eq!(file.batch.accounts, [mention(Some("Acme"), Some("00123"))]);
    assert_eq!(file.batch.kpis[0].product.as_deref(), Some("Widget"));
    assert_eq!(file.batch.kpis[1].product, None);
    let first = file.batch.contexts[file.batch.rows.get(0).expect("a row").context as usize];
    assert_eq!(
        (first.observed_on, first.weight, first.impact),
        (Some(day("2026-09-30")), Some(0.15), Some(Impact::High))
    );
    let second = file.batch.contexts[file.batch.rows.get(1).expect("a row").context as usize];
    assert_eq!((second.observed_on, second.weight, second.impact), (Some(day("2026-10-31")), None, None));
    assert_eq!(file.batch.rows.get(1).expect("a row").cell(), Cell::Withdrawn);
    assert!(file.notes.is_empty(), "{:?}", file.notes);
    assert_eq!(file.tables[0].columns.columns[4].field, Some("weight"));
}

#[test]
fn a_kpi_without_definition_is_what_the_file_says() {
    let file = read(
        "account,kpi,value,unit,category\n\
         Acme,Widgets Built,12,count,Support KPI\n\
         Acme,widgets-built,88%,,\n\
         Acme,Widgets Sold,24 hours,,Sales\n",
    );
    assert_eq!(file.batch.kpis.len(), 2);
    let built = &file.batch.kpis[0];
    assert_eq!(
        (built.unit, built.category, built.definition),
        (Some(Unit::Count), Some(Category::Support), None)
    );
    assert_eq!(rejections(&file), [(3, "wrong_unit", Some("value"))]);
    assert_eq!(rows(&file)[1].2, number(24.0));
    assert_eq!(file.batch.kpis[1].category, None);
    assert_eq!(note_codes(&file), ["category_differs", "unit_ignored"]);
}

#[test]
fn what_a_file_says_otherwise_than_the_definition_is_told_once() {
    let file = read(
        "account,kpi,value,category\nAcme,CSAT,4,Support\nBeta,CSAT,4.5,Support\nAcme,NPS,5,Customer Sentiment KPI\n",
    );
    assert_eq!(rows(&file)[0].1, "Customer Satisfaction (CSAT)");
    assert_eq!(file.batch.kpis[0].category, Some(Category::CustomerSentiment));
    assert_eq!(note_codes(&file), ["shared_abbreviation", "category_differs"]);
}

#[test]
fn the_unit_column_speaks_for_bare_numbers() {
    let file = read(
        "account,kpi,value,unit\n\
         A,Time to First Value (TTFV),48,hours\n\
         B,Time to First Value (TTFV),1440,min\n\
         C,Time to First Value (TTFV),3 days,hours\n\
         D,Time to First Value (TTFV),5,%\n\
         E,Cost Savings,5,EUR\n\
         F,Cost Savings,5,USD\n\
         G,Cost Savings,6,per seat and year\n",
    );
    let cells: Vec<Cell> = rows(&file).into_iter().map(|row| row.2).collect();
    assert_eq!(cells, [2.0, 1.0, 3.0, 5.0, 6.0].map(number));
    assert_eq!(
        rejections(&file),
        [(5, "wrong_given_unit", Some("value")), (6, "other_currency", Some("unit"))]
    );
    assert_eq!(note_codes(&file), ["unknown_unit"]);
}

#[test]
fn a_bad_row_is_set_aside_with_its_column_and_the_others_stay() {
    let long = "x".repeat(501);
    let cases = [
        (",NPS,5,,,,".to_owned(), "missing_account", Some("account")),
        (" ,NPS,5,,,,".to_owned(), "missing_account", Some("account")),
        ("Acme,,5,,,,".to_owned(), "missing_kpi", Some("kpi")),
        ("Acme,NPS,much,,,,".to_owned(), "not_a_number", Some("value")),
        ("Acme,NPS,5,-1,,,".to_owned(), "bad_weight", Some("weight")),
        ("Acme,NPS,5,,Huge,,".to_owned(), "bad_impact", Some("impact")),
        ("Acme,NPS,5,,,31/13/2026,".to_owned(), "bad_date", Some("date")),
        ("Acme,NPS,5,,,2026-12,".to_owned(), "future_date", Some("date")),
        ("Ac\u{1b}[31mme,NPS,5,,,,".to_owned(), "control_character", Some("account")),
        ("Acme,N\u{1}PS,5,,,,".to_owned(), "control_character", Some("kpi")),
        ("Acme,NPS,5,,,,a\u{9b}b".to_owned(), "control_character", Some("product")),
        (format!("{long},NPS,5,,,,"), "too_long", Some("account")),
        (format!("Acme,{long},5,,,,"), "too_long", Some("kpi")),
        ("Acme,NPS,5".to_owned(), "ragged_row", None),
        ("Acme,NPS,5,,,,,surplus".to_owned(), "ragged_row", None),
        // A text with a comma and no quotes shifts what is behind it, empty cells at the end or not.
        ("Acme, Inc,NPS,5,,,,".to_owned(), "ragged_row", None),
    ];
    for (row, code, column) in cases {
        let header = "account,kpi,value,weight,impact,date,product";
        let file = read(&format!("{header}\nBeta,NPS,1,,,,\n{row}\n\n\"Ga\nmma\",NPS,2,,,,\n"));
        assert_eq!(rejections(&file), [(3, code, column)], "{row:?}");
        assert_eq!(
            file.batch.accounts,
            [mention(Some("Beta"), None), mention(Some("Ga mma"), None)],
            "{row:?}"
        );
        assert_eq!(file.batch.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 5]);
        assert_eq!(file.records_read, 3);
    }
}

#[test]
fn records_of_empty_cells_are_no_rows_and_are_told() {
    let file = read("account,kpi,value\n,,\n \n\nAcme,NPS,5\n,,\n");
    assert_eq!((file.records_read, file.batch.rows.len()), (1, 1));
    assert_eq!(file.notes[0].message, "3 records have nothing but empty cells and are no rows");
}

#[test]
fn columns_that_are_not_read_are_told() {
    let file = read(
        "customer,account_id,external_account_id,account_name,kpi,product,value,unit,category,observed_at,upload_id,,acctsnap_code\n\
         default,7,X-7,Acme,NPS,,5,score,,2026-10-31,3,,\n",
    );
    assert_eq!(file.batch.accounts, [mention(Some("Acme"), Some("X-7"))]);
    let notes: Vec<&str> = file.notes.iter().map(|note| note.message.as_str()).collect();
    assert_eq!(
        notes,
        [
            "column 'customer' was not read: 'account_name' comes first",
            "column 'account_id' was not read: 'external_account_id' comes first",
            "column 'upload_id' means nothing here and was not read (1 number such as 3)",
            "column 12 has no name and was not read (nothing but blanks)",
        ]
    );
}

#[test]
fn a_lone_id_is_the_accounts_only_beside_its_name() {
    assert_eq!(
        read("id,company,kpi,value\n7,Acme,NPS,5\n").batch.accounts,
        [mention(Some("Acme"), Some("7"))]
    );
    let error = refusal("id,kpi,value\n7,NPS,5\n");
    assert_eq!(error.message(), "t.csv has no column for the account; its columns are 'id', 'kpi', 'value'");
    assert!(error.hint().unwrap().contains("--account"));
}

#[test]
fn settings_add_headers() {
    let source = Source::spool("t.csv", "Kunde,kpi,value\nAcme,NPS,5\n".as_bytes()).unwrap();
    let aliases = [(KpiField::Account, "KUNDE".to_owned())];
    let file = read_source(&source, &Given { aliases: &aliases, ..Given::default() }).unwrap();
    assert_eq!(rows(&file)[0].0, "Acme");
}

#[test]
fn a_given_account_and_period_stand_for_their_columns() {
    let account = GivenAccount::from(mention(Some("Acme"), None));
    let given = Given { account: Some(&account), period: Some(day("2026-09-30")), ..Given::default() };
    let source = Source::spool("t.csv", "kpi,value\nNPS,5\n".as_bytes()).unwrap();
    let file = read_source(&source, &given).unwrap();
    assert_eq!(rows(&file), [("Acme".into(), NPS.into(), number(5.0))]);
    assert_eq!(file.batch.contexts[0].observed_on, Some(day("2026-09-30")));

    let source = Source::spool("t.csv", "account,kpi,value\nBeta,NPS,5\nacme,NPS,5\n".as_bytes()).unwrap();
    let file = read_source(&source, &given).unwrap();
    assert_eq!(rejections(&file), [(2, "other_account", Some("account"))]);
}

#[test]
fn whole_files_that_make_no_sense_are_refused_and_say_why() {
    let cases: [(&[u8], &str); 17] = [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "is empty"),
        (b"account,kpi,value\n", "has a header but no rows"),
        (b"account,kpi,value\n,,\n", "has a header but no rows"),
        (b",,\n , ,\n", "nothing but empty cells"),
        (b"account,value\nAcme,5\n", "has no column for the KPI; its columns are 'account', 'value'"),
        (b"account,kpi\nAcme,NPS\n", "has no column for the value"),
        (b"kpi,value\nNPS,5\n", "has no column for the account"),
        (
            b"account,company,kpi,value\nAcme,Acme,NPS,5\n",
            "has two columns for account: 'account' (column 1) and 'company' (column 2)",
        ),
        (b"account,kpi,value\nK\xe4se,NPS,5\n", "line 2: the byte at offset 19 is not UTF-8"),
        (b"\xff\xfe\0\0a\0\0\0", "is UTF-32 text"),
        (b"a\0,\0b\0", "is UTF-16 text without a byte order mark"),
        (b"PK\x03\x04\x14\0", "is a spreadsheet or zip archive"),
        (
            b"account,kpi,value\nAcme,\"NPS,5\nBeta,NPS,5\n",
            "line 2: a quoted cell begins here and is never closed",
        ),
        (b"account,kpi,value\rAcme,N\0PS,5\r", "line 2: the line has a NUL character"),
        (b"%PDF-1.7", "is a PDF document"),
        (b"\x1f\x8b\x08\0", "is a gzip archive"),
    ];
    for (bytes, message) in cases {
        let error = refusal(bytes);
        assert!(error.message().starts_with("t.csv"), "{error:?}");
        assert!(error.message().contains(message), "{error:?}");
        assert!(error.hint().is_some(), "{error:?}");
    }
}

#[test]
fn duplicates_that_contradict_each_other_are_set_aside() {
    let mut file = read(
        "account,kpi,value\nAcme,NPS,5\nBeta,CSAT,4\nACME,Net Promoter Score (NPS),6\nBeta,CSAT,4.0\nAcme,Gone,lots\n",
    );
    find_duplicates(&mut file.batch, &mut file.rejections, Duplicates::Refuse);
    assert_eq!(
        rejections(&file),
        [(2, "duplicate_row", None), (4, "duplicate_row", None), (6, "not_a_number", Some("value"))]
    );
    assert_eq!(file.batch.accounts, [mention(Some("Beta"), None)]);
    assert_eq!(file.batch.kpis.len(), 1);
    assert_eq!(rows(&file).len(), 2);
}

fn read_by<'a>(file: &'a KpiFile, flags: &'a RowsFlags) -> ReadBy<'a> {
    ReadBy { flags, layout: Layout::Auto, tables: &file.tables, conventions: &file.conventions }
}

fn rejects_of(source: &Source, file: &KpiFile) -> String {
    let flags = RowsFlags::default();
    let mut out = Vec::new();
    assert_eq!(
        write_rejects(source, &file.rejections, read_by(file, &flags), &mut out).unwrap(),
        file.rejections.len()
    );
    String::from_utf8(out).unwrap()
}

#[test]
fn a_rejects_file_has_the_rows_as_they_stood_and_mended_it_is_ingested() {
    let text = "\u{feff}account, KPI ,value,note\r\n\"Beta, \"\"B\"\"\",NPS,5,\r\nAcme,NPS, many ,\"a\r\nb\"\r\n\
                Acme,CSAT,lots,\r\nAcme,NPS\r\n";
    let source = Source::spool("t.csv", text.as_bytes()).unwrap();
    let file = read_source(&source, &Given::default()).unwrap();
    let rejects = rejects_of(&source, &file);
    let hint = "\"if the text means that there is no value, add it to [missing] tokens in snapshots.toml\"";
    let expected = format!(
        "\u{feff}account, KPI ,value,note,acctsnap_line,acctsnap_column,acctsnap_value,acctsnap_code,acctsnap_message,acctsnap_hint\n\
         Acme,NPS, many ,\"a\r\nb\",3,value, many ,not_a_number,\"expected a number, found text\",{hint}\n\
         Acme,CSAT,lots,,5,value,lots,not_a_number,\"expected a number, found text\",{hint}\n\
         Acme,NPS,6,,,ragged_row,\"expected 4 cells, found 2\",a text that holds a comma needs quotes around it\n"
    );
    assert_eq!(rejects, expected);

    // Unmended, the same rows are rejected again, and the reasons do not pile up.
    let again = Source::spool("rejects.csv", rejects.as_bytes()).unwrap();
    let file = read_source(&again, &Given::default()).unwrap();
    assert_eq!((file.records_read, file.rejections.len()), (3, 3));
    let header = rejects_of(&again, &file).lines().next().unwrap().to_owned();
    assert_eq!(header.matches("acctsnap_line").count(), 1);

    let mended = rejects
        .replace("NPS, many ", "NPS,7")
        .replace("CSAT,lots", "CSAT,4")
        .replace("Acme,NPS,6,", "Acme,NPS,6,,6,");
    let file = read(&mended);
    assert_eq!((file.records_read, file.rejections.len()), (3, 0));
    assert_eq!(note_codes(&file), ["shared_abbreviation", "unknown_column"]);
}

#[test]
fn a_source_that_changed_gives_no_rejects_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("k.csv");
    std::fs::write(&path, "account,kpi,value\nAcme,NPS,x\nAcme,CSAT,4\n").unwrap();
    let source = Source::open(&path).unwrap();
    let file = read_source(&source, &Given::default()).unwrap();
    std::fs::write(&path, "account,kpi,value\nBeta,NPS,y\nAcme,CSAT,4\n").unwrap();
    let flags = RowsFlags::default();
    let error =
        write_rejects(&source, &file.rejections, read_by(&file, &flags), &mut Vec::new()).unwrap_err();
    assert!(error.message().contains("changed"), "{error:?}");
}

/// The platform's own export, which is not part of the project: skipped, and said, where it is not there.
#[test]
fn a_real_export_falls_into_few_problems() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/original/company_kpis_all.csv");
    let Ok(source) = Source::open(&path) else {
        eprintln!("skipped: {} is not there", path.display());
        return;
    };
    let file = read_source(&source, &Given::default()).unwrap();
    assert_eq!((file.records_read, file.rejections.len(), file.batch.accounts.len()), (1475, 275, 25));
    assert!(file.rejections.problems.len() <= 14, "{:#?}", file.rejections.problems);
    assert_eq!(file.sha256, source.sha256().unwrap());
}

fn cell() -> impl Strategy<Value = String> {
    let pool = [
        "",
        "Acme",
        "Beta, \"B\"",
        "NPS",
        "CSAT",
        "5",
        "88%",
        "x",
        "2026-10",
        "High",
        " ",
        "a\nb",
        "é",
        "\u{1b}",
    ];
    proptest::sample::select(pool.to_vec()).prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_record_is_a_row_or_a_rejection(records in proptest::collection::vec(proptest::collection::vec(cell(), 5), 1..30)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["account", "kpi", "value", "date", "impact"]).unwrap();
        // A lone cell below a gap may be a note below the table, which is no row.
        let filled = |record: &&Vec<String>| record.iter().filter(|cell| !cell.trim().is_empty()).count();
        let records: Vec<&Vec<String>> = records.iter().filter(|record| filled(record) != 1).collect();
        for record in &records {
            writer.write_record(*record).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let said = records.iter().filter(|record| record.iter().any(|cell| !cell.trim().is_empty())).count() as u64;
        let source = Source::spool("t.csv", bytes.as_slice()).unwrap();
        match read_source(&source, &Given::default()) {
            Err(error) => prop_assert_eq!((said, error.message()), (0, "t.csv has a header but no rows")),
            Ok(mut file) => {
                prop_assert_eq!(file.records_read, said);
                prop_assert_eq!(file.batch.rows.len() as u64 + file.rejections.len(), said);
                let blanks = file.batch.rows.iter().filter(|row| row.cell() == Cell::Blank).count() as u64;
                prop_assert_eq!(file.blanks, blanks);
                find_duplicates(&mut file.batch, &mut file.rejections, Duplicates::Refuse);
                prop_assert_eq!(file.batch.rows.len() as u64 + file.rejections.len(), said);
                let rejects = rejects_of(&source, &file);
                let again = csv::Reader::from_reader(rejects.as_bytes()).records().count() as u64;
                prop_assert_eq!(again, file.rejections.len());
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = try_read(&bytes);
        let mut with_header = b"account,kpi,value\n".to_vec();
        with_header.extend(bytes);
        let _ = try_read(&with_header);
    }
}

#[test]
fn a_mapped_column_is_read_as_its_field() {
    let text = "account,what,how much,value\nAcme,NPS,12,99\n";
    let source = Source::spool("t.csv", text.as_bytes()).unwrap();
    let maps = [("what", "kpi"), ("How Much", "value")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    let file = read_source(&source, &Given { maps: &maps, ..Given::default() }).unwrap();
    assert_eq!(file.batch.rows.get(0).expect("a row").cell(), Cell::Number(12.0));
    assert_eq!(file.tables[0].columns.columns[3].field, None);
}

#[test]
fn json_is_refused_as_what_it_is() {
    assert_eq!(
        try_read(b"[{\"account\": \"Acme\"}]").unwrap_err().message(),
        "t.csv is JSON, of which no KPIs are read"
    );
}
