//! Profile files: what each row says of an account, taken into what is known of it.

use rustc_hash::FxHashMap;

use super::facts::{Facts, LateRejection, News};
use super::kind::{Kind, Reading, Storing, by_account};
use super::read_rows;
use crate::error::Result;
use crate::ingest::{KindFile, read_profiles};
use crate::model::event::EventType;
use crate::model::ids::AccountId;
use crate::model::money::{Revenue, decimals, minor_units};
use crate::model::profile::batch::{ProfileBatch, ProfileRow};
use crate::model::profile::{Profile, ProfileField, ProfilePatch, ProfileValue};
use crate::model::rejection::Problem;
use crate::model::upload::UploadKind;
use crate::store::WriteTransaction;

/// How many accounts are loaded and stored at once.
const CHUNK: usize = 2000;

/// Profile files.
pub(super) struct Profiles;

impl Kind for Profiles {
    const KIND: UploadKind = UploadKind::Profiles;
    const COMMAND: &'static str = "ingest profiles";
    const MAKES_ACCOUNTS: bool = true;
    const JUDGES_ROWS: bool = true;
    type Batch = ProfileBatch;
    type Plan = ();

    fn read(reading: Reading<'_, '_>) -> Result<KindFile<ProfileBatch>> {
        read_rows(Self::KIND, reading, read_profiles)
    }

    fn store(
        transaction: &mut WriteTransaction<'_>,
        storing: &Storing<'_, '_, ProfileBatch>,
        (): (),
    ) -> Result<Facts> {
        let mut facts = Facts::default();
        let currency = storing.rules.settings.currency().value;
        let mut lone_currencies = 0;
        let grouped = by_account(storing, &storing.batch().rows, |row| row.account);
        for chunk in grouped.chunks(CHUNK) {
            let accounts: Vec<AccountId> = chunk.iter().map(|(account, _)| *account).collect();
            let mut known: FxHashMap<AccountId, Profile> = transaction.load_profiles(&accounts)?;
            for (account, rows) in chunk {
                let rejected = facts.rejected.len();
                let mut profile = known.remove(account).unwrap_or_default();
                for row in rows {
                    facts.blanks += u64::from(row.blanks);
                    match settle(row, &profile, &currency) {
                        Ok(settled) => {
                            lone_currencies += u64::from(settled.lone_currency);
                            store_row(
                                transaction,
                                storing,
                                *account,
                                &mut profile,
                                &settled.patch,
                                &mut facts,
                            )?;
                        }
                        Err(rejection) => facts.rejected.push(rejection),
                    }
                }
                facts.touch(*account, rows.len(), rejected);
            }
        }
        if lone_currencies > 0 {
            let rows = crate::report::text::count(lone_currencies, "row");
            facts.notes.push(format!(
                "{rows} with a currency and no revenue: a currency is kept with a revenue alone"
            ));
        }
        Ok(facts)
    }
}

fn store_row(
    transaction: &mut WriteTransaction<'_>,
    storing: &Storing<'_, '_, ProfileBatch>,
    account: AccountId,
    profile: &mut Profile,
    patch: &ProfilePatch,
    facts: &mut Facts,
) -> Result<()> {
    let was_empty = profile.is_empty();
    if !profile.apply(patch) {
        facts.counts.unchanged += 1;
        if patch.is_empty() {
            return Ok(());
        }
        return transaction.confirm(account, storing.upload, UploadKind::Profiles, &[], &patch.names());
    }
    transaction.append_profile(account, storing.upload, patch, profile)?;
    match was_empty {
        true => facts.counts.inserted += 1,
        false => facts.counts.updated += 1,
    }
    facts.news.push(News {
        account,
        event_type: EventType::AccountDataChanged,
        action: Some("profile_uploaded"),
    });
    Ok(())
}

/// A row whose revenue stands in a currency.
struct Settled {
    patch: ProfilePatch,
    /// It names a currency where no revenue is known.
    lone_currency: bool,
}

/// Settles the currency of a row's revenue: the row's own, else the one known, else the customer's.
fn settle(row: &ProfileRow, known: &Profile, default: &str) -> Result<Settled, LateRejection> {
    let mut settled = Settled { patch: row.patch.clone(), lone_currency: false };
    let known = known.revenue();
    let reject = |code, message: String, hint: &str, value: String| LateRejection {
        line: row.line,
        problem: Problem { code, column: Some("revenue".to_owned()), message, hint: Some(hint.to_owned()) },
        value: Some(value),
    };
    let Some(said) = &row.revenue else {
        // Beside a revenue that is emptied, a currency has nothing to stand beside.
        let is_emptied = row.patch.fields.contains_key(&ProfileField::Revenue);
        let Some(currency) = row.currency.as_ref().filter(|_| !is_emptied) else { return Ok(settled) };
        return match known {
            Some(known) if known.currency != *currency => Err(reject(
                "currency_without_revenue",
                format!(
                    "expected a revenue beside the new currency {currency}: it was in {}",
                    known.currency
                ),
                "give the revenue in the new currency too; no rate is known",
                currency.clone(),
            )),
            Some(_) => Ok(settled),
            None => Ok(Settled { lone_currency: true, ..settled }),
        };
    };
    let of_known = known.map(|known| known.currency.as_str());
    let currency = said.currency.as_deref().or(of_known).unwrap_or(default);
    let Some(minor_units) = minor_units(said.amount, currency) else {
        return Err(reject(
            "bad_revenue",
            format!("expected an amount with at most {} decimals in {currency}", decimals(currency)),
            "round it, or name its currency in a column of its own",
            said.amount.to_string(),
        ));
    };
    let revenue = Revenue { minor_units, currency: currency.to_owned(), basis: said.basis };
    settled.patch.fields.insert(ProfileField::Revenue, Some(ProfileValue::Revenue(revenue)));
    Ok(settled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::RevenueBasis;
    use crate::model::profile::batch::RevenueSaid;

    fn row(amount: Option<&str>, currency: Option<&str>) -> ProfileRow {
        ProfileRow {
            account: 0,
            line: 7,
            patch: ProfilePatch::default(),
            revenue: amount.map(|amount| RevenueSaid {
                amount: amount.parse().unwrap(),
                currency: currency.map(ToOwned::to_owned),
                basis: RevenueBasis::Arr,
            }),
            currency: currency.map(ToOwned::to_owned),
            blanks: 0,
        }
    }

    fn in_yen() -> Profile {
        let mut profile = Profile::default();
        let settled = settle(&row(Some("1000"), Some("JPY")), &profile, "USD").ok().unwrap();
        profile.apply(&settled.patch);
        profile
    }

    #[test]
    fn a_revenue_is_in_the_rows_currency_else_the_known_one_else_the_customers() {
        let minor = |row: &ProfileRow, known: &Profile| {
            let settled = settle(row, known, "USD").ok().unwrap();
            let mut profile = Profile::default();
            profile.apply(&settled.patch);
            profile.revenue().map(|revenue| (revenue.minor_units, revenue.currency.clone()))
        };
        let none = Profile::default();
        assert_eq!(minor(&row(Some("10.5"), None), &none), Some((1050, "USD".to_owned())));
        assert_eq!(minor(&row(Some("10"), Some("JPY")), &none), Some((10, "JPY".to_owned())));
        assert_eq!(minor(&row(Some("10"), None), &in_yen()), Some((10, "JPY".to_owned())));
        assert_eq!(minor(&row(Some("10"), Some("EUR")), &in_yen()), Some((1000, "EUR".to_owned())));
    }

    #[test]
    fn a_revenue_is_emptied_whatever_currency_stands_beside() {
        let mut emptying = row(None, Some("EUR"));
        emptying.patch.fields.insert(ProfileField::Revenue, None);
        let settled = settle(&emptying, &in_yen(), "USD").ok().unwrap();
        let mut profile = in_yen();
        assert!(profile.apply(&settled.patch) && profile.is_empty() && !settled.lone_currency);
    }

    #[test]
    fn what_no_currency_can_hold_is_told_with_its_line() {
        let code = |row: &ProfileRow, known: &Profile| {
            settle(row, known, "USD").err().map(|r| (r.line, r.problem.code))
        };
        assert_eq!(code(&row(Some("0.5"), None), &in_yen()), Some((7, "bad_revenue")));
        assert_eq!(code(&row(None, Some("EUR")), &in_yen()), Some((7, "currency_without_revenue")));
        assert_eq!(code(&row(None, Some("JPY")), &in_yen()), None);
        assert!(settle(&row(None, Some("JPY")), &Profile::default(), "USD").is_ok_and(|s| s.lone_currency));
    }
}
