//! `context`: what a language model needs to know of an account or a portfolio, taking a snapshot where none holds it.

mod gather;
mod masker;
mod portfolio;
mod take;

use crate::error::{Error, ErrorKind, Result};
use crate::model::ids::AccountId;
use crate::ops::Context;
use crate::ops::rules::Rules;
use crate::report::briefing::{BriefingView, PortfolioBriefing, TooTight, fit, fit_portfolio};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct BriefingOptions {
    /// How many tokens the whole answer may take.
    pub max_tokens: u32,
    /// E-mail addresses and phone numbers stay.
    pub with_contacts: bool,
    /// Notes are left out.
    pub no_notes: bool,
}

/// The briefing of each account, in the order given, within the bound all together.
///
/// A snapshot is taken of an account that has none, and of one whose newest lacks a change where the last one of this
/// kind is older than its cooldown. Where the database cannot be written the live state answers.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`; `Usage` where the bound is too tight; anything that the database
/// says.
pub fn brief(
    context: &Context<'_>,
    accounts: &[String],
    options: BriefingOptions,
    shown: &dyn Fn(&BriefingView) -> String,
) -> Result<Vec<BriefingView>> {
    let accounts = found(context, accounts)?;
    let taken = take::take_missing(context, &accounts)?;
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let rules = Rules::load(context.config, &reader, customer)?;
    let each = options.max_tokens / u32::try_from(accounts.len().max(1)).unwrap_or(u32::MAX);
    accounts
        .iter()
        .map(|account| {
            let asked = gather::Asked { reader: &reader, customer, rules: &rules, context, options };
            let whole = gather::gather(&asked, *account, &taken)?;
            fit(&whole, each, shown).map_err(|tight| too_tight(tight, accounts.len()))
        })
        .collect()
}

/// The briefing of all the customer's accounts.
///
/// # Errors
/// As [`brief`].
pub fn brief_portfolio(
    context: &Context<'_>,
    options: BriefingOptions,
    shown: &dyn Fn(&PortfolioBriefing) -> String,
) -> Result<PortfolioBriefing> {
    let accounts = portfolio::accounts(context)?;
    let taken = take::take_missing(context, &accounts)?;
    let whole = portfolio::gather(context, &accounts, &taken, options)?;
    fit_portfolio(&whole, options.max_tokens, shown).map_err(|tight| too_tight(tight, 1))
}

/// The accounts that are named, each once.
fn found(context: &Context<'_>, names: &[String]) -> Result<Vec<AccountId>> {
    let store = context.open_to_read()?;
    let reader = store.reader()?;
    let customer = reader.find_customer(context.customer)?;
    let mut accounts = Vec::with_capacity(names.len());
    for name in names {
        let account = reader.find_account(customer, name)?;
        if !accounts.contains(&account) {
            accounts.push(account);
        }
    }
    Ok(accounts)
}

fn too_tight(tight: TooTight, accounts: usize) -> Error {
    let needed = tight.needed.saturating_mul(u32::try_from(accounts).unwrap_or(u32::MAX));
    Error::new(ErrorKind::Usage, format!("--max-tokens: what is always said takes about {needed} tokens"))
        .with_hint("give more, or ask for fewer accounts at once")
}
