//! What an account pays a year, from the columns that say so: ARR before MRR before a bare revenue.

use rust_decimal::Decimal;

use super::fields::ProfileColumn;
use super::money::{amount, cleaned};
use super::words::Words;
use crate::error::Result;
use crate::ingest::columns::Columns;
use crate::ingest::fault::Fault;
use crate::ingest::note::Notes;
use crate::ingest::refusal::{self, quoted};
use crate::ingest::rows::row::{Row, excel_date};
use crate::model::money::{RevenueBasis, decimals, is_currency, minor_units};
use crate::model::names::loose_key;
use crate::model::profile::batch::RevenueSaid;
use crate::model::value::{DecimalMark, is_excel_date};

type RowFault = Fault<ProfileColumn>;

/// The columns of a revenue, the one that counts first.
const SOURCES: [(ProfileColumn, RevenueBasis); 3] = [
    (ProfileColumn::Arr, RevenueBasis::Arr),
    (ProfileColumn::Mrr, RevenueBasis::MrrX12),
    (ProfileColumn::Revenue, RevenueBasis::Revenue),
];

/// What a row says of its revenue.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Money {
    pub(super) revenue: Option<RevenueSaid>,
    /// Whether the revenue is to be emptied.
    pub(super) is_cleared: bool,
    /// A currency without a revenue.
    pub(super) currency: Option<String>,
}

/// Refuses a file in which a bare revenue stands beside one that says what it is.
pub(super) fn check_columns(file: &str, columns: &Columns<ProfileColumn>) -> Result<()> {
    let said =
        [ProfileColumn::Arr, ProfileColumn::Mrr].into_iter().find(|field| columns.index(*field).is_some());
    let Some(said) = said.filter(|_| columns.index(ProfileColumn::Revenue).is_some()) else { return Ok(()) };
    let (bare, said) = (columns.header(ProfileColumn::Revenue), columns.header(said));
    let what = format!(
        "has {} beside {}: nothing says which of them is what the account pays",
        quoted(&bare),
        quoted(&said)
    );
    let hint = format!(
        "--map '{bare}=company_revenue' if it is the client's own, kept as an attribute; \
         --map '{said}=' if {bare} is what the account pays"
    );
    Err(refusal::file(file, &what, &hint))
}

/// Tells what the revenue was read from, where the header does not say it plainly.
pub(super) fn note_columns(columns: &Columns<ProfileColumn>, notes: &mut Notes) {
    let has_arr = columns.index(ProfileColumn::Arr).is_some();
    let arr = columns.header(ProfileColumn::Arr);
    if has_arr && loose_key(&arr) != "arr" {
        notes.add("revenue_basis", || format!("column {} was read as the revenue a year", quoted(&arr)));
    }
    if columns.index(ProfileColumn::Mrr).is_some() {
        let mrr = quoted(&columns.header(ProfileColumn::Mrr));
        notes.add("revenue_basis", || match has_arr {
            true => format!("column {mrr} counts, x 12, only where {} is blank", quoted(&arr)),
            false => format!("column {mrr} was read as the revenue of a month: x 12"),
        });
    }
}

/// Reads the revenue of a row; `own_currency` is the customer's.
pub(super) fn read(
    row: &Row<'_, ProfileColumn>,
    words: &Words<'_>,
    own_currency: &str,
) -> Result<Money, RowFault> {
    let stated = read_currency(row, words)?;
    let mut money = Money::default();
    for (field, basis) in SOURCES {
        let cell = row.cell(field);
        if words.clears(&cell) {
            money.is_cleared = true;
            continue;
        }
        let Some(cell) = row.not_missing(cell) else { continue };
        let read = row.number(field, &cell, |text, mark| {
            read_amount((text, mark), field, stated.as_deref(), own_currency)
        })?;
        // Each is read, so that a bad cell is told; the first one counts.
        if money.revenue.is_none() {
            money.revenue = Some(yearly(read, field, basis, own_currency)?);
        }
    }
    money.is_cleared &= money.revenue.is_none();
    if money.revenue.is_none() {
        money.currency = stated;
    }
    Ok(money)
}

/// The currency column of the row, as a code in capitals.
fn read_currency(row: &Row<'_, ProfileColumn>, words: &Words<'_>) -> Result<Option<String>, RowFault> {
    if words.clears(&row.cell(ProfileColumn::Currency)) {
        return Ok(None);
    }
    let Some(code) = row.text(ProfileColumn::Currency)? else { return Ok(None) };
    let code = code.to_ascii_uppercase();
    if is_currency(&code) {
        return Ok(Some(code));
    }
    let expected = "expected the code of a currency such as USD";
    Err(Fault::of(ProfileColumn::Currency, "unknown_currency", expected)
        .with_hint("write the three letters of ISO 4217"))
}

/// An amount and the currency that its row gives: in a column, or beside the amount.
fn read_amount(
    (text, mark): (&str, DecimalMark),
    field: ProfileColumn,
    stated: Option<&str>,
    own: &str,
) -> Result<(Decimal, Option<String>), RowFault> {
    let expected = "expected an amount of money such as 1234.56, $1,234.56 or 2.5K";
    let bad = || match is_excel_date(text) {
        true => excel_date(field),
        false => Fault::of(field, "not_money", expected).with_hint(match mark {
            DecimalMark::Point => "the decimal mark is a point, groups are of three",
            DecimalMark::Comma => "the decimal mark of this column is a comma, groups are of three",
        }),
    };
    let text = cleaned(text, mark).ok_or_else(bad)?;
    let found = amount(&text, mark).ok_or_else(bad)?;
    let Some(written) = found.written else { return Ok((found.number, stated.map(str::to_owned))) };
    let currency = stated.unwrap_or(own);
    if written.may_be(currency) {
        return Ok((found.number, Some(currency.to_owned())));
    }
    let message = format!("expected an amount in {currency}, found one in another currency");
    let hint = match stated {
        Some(_) => "give the amount in the row's currency, or mend its currency column",
        None => "add a currency column with the code of each row's currency",
    };
    Err(Fault::of(field, "other_currency", message).with_hint(hint))
}

/// The amount a year, checked against its currency's decimals.
fn yearly(
    (amount, currency): (Decimal, Option<String>),
    field: ProfileColumn,
    basis: RevenueBasis,
    own: &str,
) -> Result<RevenueSaid, RowFault> {
    let months = if basis == RevenueBasis::MrrX12 { 12 } else { 1 };
    let too_large =
        || Fault::of(field, "out_of_range", "expected an amount below 90 quadrillion, found more");
    let amount = amount.checked_mul(Decimal::from(months)).ok_or_else(too_large)?.normalize();
    let code = currency.as_deref().unwrap_or(own);
    let places = decimals(code);
    if amount.scale() > u32::from(places) {
        let message = match places {
            0 => format!("expected a whole amount of {code}, found decimals"),
            _ => format!("expected at most {places} decimals of {code}, found more"),
        };
        return Err(Fault::of(field, "too_many_decimals", message).with_hint("round the amount"));
    }
    if minor_units(amount, code).is_none() {
        return Err(too_large());
    }
    Ok(RevenueSaid { amount, currency, basis })
}
