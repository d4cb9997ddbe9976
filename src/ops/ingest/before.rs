//! What the database knows before a file is read.

use super::IngestOptions;
use crate::config::CustomerSettings;
use crate::error::{ErrorKind, Result};
use crate::model::ids::AccountId;
use crate::model::kpi::batch::{AccountMention, GivenAccount};
use crate::model::kpi::series::SeriesSet;
use crate::ops::Context;
use crate::store::NameKind;

/// What the database knows before the file is read.
#[derive(Default)]
pub(super) struct Before {
    pub(super) customer_names: Vec<String>,
    pub(super) imported: Vec<String>,
    /// The series in which values are kept.
    pub(super) series: SeriesSet,
    pub(super) account: Option<(AccountId, GivenAccount)>,
    pub(super) customer_is_known: bool,
}

impl Before {
    /// The customer's settings, also where it is not there yet.
    pub(super) fn settings<'c>(&self, context: &Context<'c>) -> CustomerSettings<'c> {
        match self.customer_names.as_slice() {
            [] => context.config.for_customer(context.customer),
            names => context.config.for_customer_known_as(names),
        }
    }

    pub(super) fn account_id(&self) -> Option<AccountId> {
        self.account.as_ref().map(|(account, _)| *account)
    }

    /// Whether a file may be recognised at all: one of an account that is not there yet is new, whoever else had it.
    pub(super) fn may_know_file(&self, options: &IngestOptions<'_>) -> bool {
        !options.force && (options.account.is_none() || self.account.is_some())
    }
}

pub(super) fn look_first(context: &Context<'_>, options: &IngestOptions<'_>) -> Result<Before> {
    if !context.database.exists() {
        return Ok(Before::default());
    }
    let store = match context.open_to_read() {
        Ok(store) => store,
        // An empty file is a database to be.
        Err(error) if error.kind() == ErrorKind::NoDatabase => return Ok(Before::default()),
        Err(error) => return Err(error),
    };
    let reader = store.reader()?;
    let customer = match reader.find_customer(context.customer) {
        Ok(customer) => customer,
        Err(error) if error.kind() == ErrorKind::UnknownCustomer => return Ok(Before::default()),
        Err(error) => return Err(error),
    };
    let mut before = Before {
        customer_names: reader.customer_names(customer)?,
        imported: reader.kpi_definitions(customer)?,
        series: reader.series(customer)?,
        account: None,
        customer_is_known: true,
    };
    if let Some(text) = options.account
        && let Some(account) = reader.match_account(customer, text)?
        && let Some(record) = reader.load_accounts(customer, &[account])?.into_iter().next()
    {
        let mention = AccountMention { name: Some(record.head.name), external_id: record.head.external_id };
        let mut given = GivenAccount::from(mention);
        for name in reader.list_account_names(customer, account)? {
            let (leads_here, others) = match name.kind {
                NameKind::ExternalId => {
                    let bearer = reader.account_of_external_id(customer, &name.name)?;
                    (bearer == Some(account), &mut given.other_ids)
                }
                NameKind::Name | NameKind::Alias => {
                    let bearers = reader.leading_bearers(customer, &name.name)?;
                    let leads_here = bearers.iter().any(|bearer| bearer.account == account);
                    (leads_here, &mut given.other_names)
                }
            };
            others.extend(leads_here.then_some(name.name));
        }
        before.account = Some((account, given));
    }
    Ok(before)
}
