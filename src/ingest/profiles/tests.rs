//! Profile files, small and real, of CSV and JSON.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::*;
use crate::ingest::duplicates::Duplicates;
use crate::ingest::testing::{Reading, messages};
use crate::model::kpi::batch::{AccountMention, GivenAccount};
use crate::model::money::RevenueBasis;
use crate::model::profile::ProfileField as F;
use crate::model::profile::ProfileValue;
use crate::model::profile::batch::{ProfileRow, RevenueSaid};

fn read_given(text: &str, given: &Reading<'_>) -> Result<KindFile<ProfileBatch>> {
    let mut file = given.text("p.csv", text, read_profiles)?;
    find_duplicate_profiles(&mut file.batch, &mut file.rejections, Duplicates::Refuse);
    Ok(file)
}

fn read(text: &str) -> KindFile<ProfileBatch> {
    read_given(text, &Reading::default()).unwrap()
}

/// The rows of a file in which nothing is wrong.
fn rows(text: &str) -> Vec<ProfileRow> {
    let file = read(text);
    assert!(file.rejections.is_empty(), "{:?}", file.rejections.problems);
    file.batch.rows
}

fn row(text: &str) -> ProfileRow {
    let rows = rows(text);
    assert_eq!(rows.len(), 1);
    rows.into_iter().next().unwrap()
}

fn codes(file: &KindFile<ProfileBatch>) -> Vec<(u64, &'static str)> {
    let code = |problem: u32| file.rejections.problems[problem as usize].code;
    file.rejections.examples.iter().map(|example| (example.line, code(example.problem))).collect()
}

fn text(value: &str) -> Option<ProfileValue> {
    Some(ProfileValue::Text(value.to_owned()))
}

fn day(value: &str) -> Option<ProfileValue> {
    Some(ProfileValue::Day(value.parse().unwrap()))
}

fn said(amount: &str, currency: Option<&str>, basis: RevenueBasis) -> Option<RevenueSaid> {
    let amount: Decimal = amount.parse().unwrap();
    Some(RevenueSaid { amount, currency: currency.map(str::to_owned), basis })
}

fn attributes(row: &ProfileRow) -> Value {
    let said = row.patch.attributes.iter();
    said.map(|(name, value)| (name.clone(), value.clone().unwrap_or_default())).collect()
}

#[test]
fn the_template_of_profiles_is_read_field_by_field() {
    let row = row(
        "Account ID*,Account Name*,Industry*,Status*,Account Tier*,Assigned CSM*,Strategic Account,\
                   Products Used*,Contract End Date*,Renewal Date,ARR,Number of Stakeholders,Engagement Score (%)\n\
                   011,TechCorp,Manufacturing,at-risk,Enterprise,Emma,Yes,Core; Pro;Core,2026-02-22,2027-02-22,2468639,5,70.125%\n",
    );
    let expected = [
        (F::Industry, text("Manufacturing")),
        (F::AccountStatus, text("at-risk")),
        (F::AccountTier, text("Enterprise")),
        (F::AssignedCsm, text("Emma")),
        (F::ProductsUsed, Some(ProfileValue::List(vec!["Core".to_owned(), "Pro".to_owned()]))),
        (F::ContractEndDate, day("2026-02-22")),
        (F::RenewalDate, day("2027-02-22")),
        (F::StakeholderCount, Some(ProfileValue::Count(5))),
        (F::EngagementScore, Some(ProfileValue::Score(crate::model::score::Score::from_hundredths(7013)))),
    ];
    assert_eq!(row.patch.fields, expected.into_iter().collect());
    assert_eq!(attributes(&row), json!({"Strategic Account": "Yes"}));
    assert_eq!(row.revenue, said("2468639", None, RevenueBasis::Arr));
    assert_eq!((row.line, row.account, row.blanks, row.currency), (2, 0, 0, None));
}

#[test]
fn revenue_is_arr_before_mrr_times_twelve() {
    let file = read("account,ARR,MRR\na,\"$1,200.50\",1\nb,,10.01\nc,n/a,\"2.5K\"\nd,(500),\ne,,\n");
    let revenues: Vec<_> = file.batch.rows.iter().map(|row| row.revenue.clone()).collect();
    assert_eq!(
        revenues,
        [
            said("1200.50", Some("USD"), RevenueBasis::Arr),
            said("120.12", None, RevenueBasis::MrrX12),
            said("30000", None, RevenueBasis::MrrX12),
            said("-500", None, RevenueBasis::Arr),
            None,
        ]
    );
    assert_eq!(messages(&file)[0], "column 'MRR' counts, x 12, only where 'ARR' is blank");
    let named =
        [("contract_value_annual", RevenueBasis::Arr), ("Monthly Recurring Revenue", RevenueBasis::MrrX12)];
    for (header, basis) in named.into_iter().chain([("Revenue ($)", RevenueBasis::Revenue)]) {
        let row = row(&format!("account,{header}\na,1\n"));
        assert_eq!(row.revenue.map(|revenue| revenue.basis), Some(basis), "{header}");
    }
}

#[test]
fn the_clients_own_revenue_is_an_attribute_and_a_doubtful_one_needs_a_map() {
    let file = read("Name,ANNUALREVENUE,arr\na,\"10,000\",5\n");
    assert_eq!(attributes(&file.batch.rows[0]), json!({"company_revenue": "10,000"}));
    assert_eq!(
        messages(&file)[0],
        "column 'ANNUALREVENUE' is the client's own revenue, kept as company_revenue"
    );
    let doubtful = "company,revenue,contract_value\na,\"$16,000,000\",\"$2,800,000\"\n";
    let error = read_given(doubtful, &Reading::default()).unwrap_err();
    assert_eq!(
        error.message(),
        "p.csv has 'revenue' beside 'contract_value': nothing says which of them is what the account pays"
    );
    assert!(error.hint().unwrap().contains("--map 'revenue=company_revenue'"));
    let read =
        |maps| read_given(doubtful, &Reading { maps, ..Reading::default() }).unwrap().batch.rows.remove(0);
    let own = read(&[("revenue", "company_revenue")]);
    assert_eq!(own.revenue, said("2800000", Some("USD"), RevenueBasis::Arr));
    assert_eq!(attributes(&own), json!({"company_revenue": "$16,000,000"}));
    let paid = read(&[("contract_value", "")]);
    assert_eq!(paid.revenue, said("16000000", Some("USD"), RevenueBasis::Revenue));
    assert_eq!(attributes(&paid), json!({}));
}

#[test]
fn money_is_exact_in_its_currency_or_rejected() {
    let file = read(
        "account,arr,currency\na,1.005,\nb,€5,\nc,€5,eur\nd,100.5,JPY\ne,0.001,KWD\nf,five,\ng,5,XYZ\nh,,EUR\n\
         i,99999999999999999999,\nj,EUR 7,EUR\n",
    );
    assert_eq!(
        codes(&file),
        [
            (2, "too_many_decimals"),
            (3, "other_currency"),
            (5, "too_many_decimals"),
            (7, "not_money"),
            (8, "unknown_currency"),
            (10, "out_of_range"),
        ]
    );
    let told: Vec<_> = file.rejections.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(told[0], "expected at most 2 decimals of USD, found more");
    assert_eq!(told[1], "expected an amount in USD, found one in another currency");
    assert_eq!(told[2], "expected a whole amount of JPY, found decimals");
    let kept: Vec<_> =
        file.batch.rows.iter().map(|row| (row.revenue.clone(), row.currency.clone())).collect();
    assert_eq!(
        kept,
        [
            (said("5", Some("EUR"), RevenueBasis::Arr), None),
            (said("0.001", Some("KWD"), RevenueBasis::Arr), None),
            (None, Some("EUR".to_owned())),
            (said("7", Some("EUR"), RevenueBasis::Arr), None),
        ]
    );
    assert_eq!(file.batch.accounts.len(), 4);
    assert_eq!(file.batch.rows.iter().map(|row| row.account).collect::<Vec<_>>(), [0, 1, 2, 3]);
}

#[test]
fn blanks_and_words_for_no_value_say_nothing() {
    let file = read("account,industry,notes,champion status\na, ,N/A,Unknown\nb,none,None,UNKNOWN\n");
    assert!(file.batch.rows[0].patch.is_empty());
    assert_eq!(file.batch.rows[0].blanks, 1);
    assert_eq!(attributes(&file.batch.rows[1]), json!({"notes": "None"}));
    assert!(file.batch.rows[1].patch.fields.is_empty());
    let note = "4 cells hold a word for no value, such as N/A or UNKNOWN, and were read as blank";
    assert!(messages(&file).contains(&note), "{:?}", messages(&file));
}

#[test]
fn the_clear_token_empties_fields_attributes_and_the_revenue() {
    let given = Reading { clear: Some("-"), ..Reading::default() };
    let file = read_given("account,industry,arr,mrr,seats\na,-,-,,-\nb,-,-,10,4\n", &given).unwrap();
    let [a, b] = file.batch.rows.as_slice() else { panic!("{:?}", file.rejections) };
    assert_eq!(a.patch.fields, [(F::Industry, None), (F::Revenue, None)].into_iter().collect());
    assert_eq!(a.patch.attributes.get("seats"), Some(&None));
    assert_eq!(
        (&b.revenue, b.patch.fields.get(&F::Revenue)),
        (&said("120", None, RevenueBasis::MrrX12), None)
    );
    let blank =
        read_given("account,industry\na,\n", &Reading { clear: Some(" "), ..Reading::default() }).unwrap();
    assert!(blank.batch.rows[0].patch.is_empty());
}

#[test]
fn other_columns_are_attributes_under_their_own_names() {
    let file = read("name,property_hs_x,,Notes,Notes,Segment,Tier\na,1,lost,\" x\ny \",z,S,T\n");
    let row = &file.batch.rows[0];
    assert_eq!(
        attributes(row),
        json!({"property_hs_x": "1", "Notes": "x\ny", "Notes (2)": "z", "Segment": "S"})
    );
    assert_eq!(row.patch.fields.get(&F::AccountTier), Some(&text("T")));
    assert_eq!(
        messages(&file),
        [
            "column 3 has no name and was not read",
            "column 'Segment' is an attribute: 'Tier' comes first",
            "kept as attributes: 'property_hs_x', 'Notes', 'Notes (2)', 'Segment'",
        ]
    );
    let read_as: Vec<_> = file.tables[0].columns.columns.iter().map(|column| column.field).collect();
    assert_eq!(read_as[1..4], [Some("attribute"), None, Some("attribute")]);
    let control = read("name,memo\na,\u{1b}[31m\n");
    assert_eq!(codes(&control), [(2, "control_character")]);
    assert_eq!(control.rejections.problems[0].column.as_deref(), Some("memo"));
}

#[test]
fn our_own_exports_read_back() {
    let file = read("account_id,external_account_id,account_name,industry\n7,011,Acme,Steel\n");
    assert_eq!(
        file.batch.accounts,
        [AccountMention { name: Some("Acme".to_owned()), external_id: Some("011".to_owned()) }]
    );
    assert_eq!(attributes(&file.batch.rows[0]), json!({}));
    assert!(messages(&file)[0].contains("acctsnap's own id"), "{:?}", messages(&file));
}

#[test]
fn rows_of_one_account_are_put_together_or_set_aside_together() {
    let file = read(
        "account,region,industry,arr,seats\na,EMEA,,5,\nb,X,,,\na,EMEA,Steel,,9\nc,N,,,\nc,S,Q,,\nC,,Q,,\nc,,,,\n",
    );
    assert_eq!((file.records_read, file.batch.rows.len(), file.rejections.len()), (7, 4, 3));
    let [a, _, rest, c] = file.batch.rows.as_slice() else { panic!("{:?}", file.batch.rows) };
    assert_eq!((a.line, a.patch.fields.get(&F::Industry)), (2, Some(&text("Steel"))));
    assert_eq!((attributes(a), &a.revenue), (json!({"seats": "9"}), &said("5", None, RevenueBasis::Arr)));
    assert!(rest.patch.is_empty() && c.patch.is_empty());
    assert_eq!((rest.line, rest.account, c.line, c.account), (4, 0, 8, 2));
    let told: Vec<_> =
        file.rejections.examples.iter().map(|told| (told.line, told.value.as_deref())).collect();
    let both = Some("N (line 5), S (line 6) and 1 more");
    assert_eq!(told, [(5, both), (6, both), (7, both)]);
    let problem = &file.rejections.problems[0];
    assert_eq!((problem.code, problem.column.as_deref()), ("duplicate_row", Some("region")));
    assert_eq!(file.batch.accounts.len(), 3);
}

#[test]
fn a_currency_and_its_revenue_may_stand_in_two_rows_and_amounts_may_not_differ() {
    let text = "id,name,arr,currency,seats\n1,Acme,,EUR,\n1,Acme,5,,\n2,Cord,5,,\n2,cord,6,,\n3,Dune,$7,,\n\
                3,DUNE,7,,\n4,E,$7,,\n4,E,,EUR,\n5,F,,,1\n5,F,,,2\n6,G,,,3\n";
    let file = read(text);
    let columns: Vec<_> =
        file.rejections.problems.iter().map(|problem| problem.column.as_deref().unwrap()).collect();
    assert_eq!((columns, file.rejections.len()), (vec!["revenue", "currency", "seats"], 6));
    assert_eq!(file.batch.rows[0].revenue, said("5", Some("EUR"), RevenueBasis::Arr));
    assert_eq!(file.batch.rows[2].revenue, said("7", Some("USD"), RevenueBasis::Arr));
    assert_eq!(file.batch.accounts.len(), 3);
    assert_eq!(file.batch.rows.iter().map(|row| row.account).collect::<Vec<_>>(), [0, 0, 1, 1, 2]);
}

#[test]
fn json_keeps_kinds_digits_and_nested_names() {
    let row = row(
        r#"{"records": [{"attributes": {"type": "Account", "url": "/1"}, "Name": "Acme", "arr": 148000.10,
        "postal": "02478", "calendar": {"days": 9, "by": "UNKNOWN"}, "floors": ["a", "b"], "first": false,
        "families": {"sentiment": null}, "products_used": ["Core", "Pro, Max"]}]}"#,
    );
    let expected = json!({"postal": "02478", "calendar.days": 9, "floors": ["a", "b"], "first": false});
    assert_eq!(attributes(&row), expected);
    assert_eq!(row.revenue, said("148000.1", None, RevenueBasis::Arr));
    let products = vec!["Core".to_owned(), "Pro, Max".to_owned()];
    assert_eq!(row.patch.fields.get(&F::ProductsUsed), Some(&Some(ProfileValue::List(products))));
}

#[test]
fn a_given_account_needs_no_column_and_other_forms_of_dates_are_errors() {
    let account = GivenAccount::from(AccountMention { name: Some("Acme".to_owned()), external_id: None });
    let given = Reading { account: Some(&account), ..Reading::default() };
    let file = read_given("industry,renewal date\nSteel,32-12-2026\nSteel,2026-12-31\n", &given).unwrap();
    assert_eq!(codes(&file), [(2, "bad_date")]);
    assert_eq!(file.batch.accounts, [account.mention]);
    let refused = read_given("industry\nSteel\n", &Reading::default()).unwrap_err();
    assert!(refused.hint().unwrap().contains("--account"), "{refused:?}");
}

#[test]
fn the_first_or_the_last_row_of_an_account_holds_field_by_field() {
    let file = "name,region,arr\nAcme,North,5\nBeta,East,\nAcme,South,\nAcme,,6\n";
    for (policy, region, amount) in [(Duplicates::First, "North", "5"), (Duplicates::Last, "South", "6")] {
        let mut file = Reading::default().text("p.csv", file, read_profiles).unwrap();
        find_duplicate_profiles(&mut file.batch, &mut file.rejections, policy);
        let merged = merge_duplicate_profiles(&mut file.batch, policy);
        assert_eq!((file.batch.rows.len(), file.rejections.len()), (4, 0));
        assert_eq!((merged.rows, merged.values), (3, 1));
        let speaks = |row: &&ProfileRow| row.account == 0 && !row.patch.is_empty();
        let said_of_acme: Vec<_> = file.batch.rows.iter().filter(speaks).collect();
        let [row] = said_of_acme.as_slice() else { panic!("{said_of_acme:?}") };
        assert_eq!(row.patch.fields[&F::Region], text(region), "{policy:?}");
        assert_eq!(row.revenue, said(amount, None, RevenueBasis::Arr), "{policy:?}");
    }
}
