//! `erase`: a person, an account or a customer, out of the whole history, the log and free space.
//!
//! It is tried first and taken back, which is the plan that is asked about; then written in one transaction, so that a
//! kill leaves the last complete state. The list of erasures is written before: it may name one that was not done, never
//! miss one that was.

use std::path::Path;

use super::Context;
use super::erasures::{self, Erasure};
use crate::error::{Error, ErrorKind, Result};
use crate::model::redaction::{Person, TooShort};
use crate::report::erase::{EraseView, ErasedRows, SCHEMA};
use crate::store::{Erased, Store, WhichCustomer, WriteTransaction, is_ours};

/// What is erased.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    /// A person, by every name and address.
    Person(&'a [String]),
    /// An account, as a person names it.
    Account(&'a str),
    /// The customer of the context.
    Customer,
}

/// How.
#[derive(Debug, Clone, Copy)]
pub struct EraseOptions<'a> {
    /// What.
    pub target: Target<'a>,
    /// The file that is to repeat it on older backups.
    pub erasures: Option<&'a Path>,
}

/// Erases; `agree` is shown what will go, where there is anything.
///
/// # Errors
/// `NoDatabase`, `UnknownCustomer`, `UnknownAccount`, `AmbiguousAccount`; `InputRefused` for a name that says too
/// little; what `agree` says; anything that the database says. Once rows are gone nothing is an error any more: where
/// the log or free space could not be emptied, the answer says so.
pub fn erase(
    context: &Context<'_>,
    options: &EraseOptions<'_>,
    agree: &mut dyn FnMut(&EraseView) -> Result<()>,
) -> Result<EraseView> {
    let mut store = context.open_to_write()?;
    store.prepare_to_erase()?;
    let (planned, _) = attempt(context, &mut store, options, true)
        .or_else(|error| scrubbed_at_least(context, &store, options.target, error))?;
    if planned.changed {
        agree(&planned)?;
    }
    if context.dry_run {
        return Ok(planned);
    }
    let (mut view, _) = attempt(context, &mut store, options, false)?;
    // Also where nothing was found: an erasure that was killed may have left the log and free space as they were.
    match store.scrub() {
        Err(error) if view.changed => view.not_emptied = Some(error.message().to_owned()),
        emptied => emptied?,
    }
    Ok(view)
}

/// An account or customer that is not there may be one whose erasure was killed before the log and free space were
/// emptied.
fn scrubbed_at_least<T>(context: &Context<'_>, store: &Store, target: Target<'_>, error: Error) -> Result<T> {
    let is_gone = match target {
        Target::Person(_) => false,
        Target::Account(_) => error.kind() == ErrorKind::UnknownAccount,
        Target::Customer => error.kind() == ErrorKind::UnknownCustomer,
    };
    if is_gone && !context.dry_run {
        store.scrub()?;
    }
    Err(error)
}

fn attempt(
    context: &Context<'_>,
    store: &mut Store,
    options: &EraseOptions<'_>,
    is_plan: bool,
) -> Result<(EraseView, Erasure)> {
    let copies = copies_beside(context.database);
    let mut transaction = context.begin(store, WhichCustomer::Named(context.customer), "erase")?;
    let customer = transaction.customer_name().to_owned();
    let named_in = match options.target {
        Target::Customer => {
            context.config.places_naming(&transaction.reader().customer_names(transaction.customer())?)
        }
        Target::Person(_) | Target::Account(_) => Vec::new(),
    };
    let (erased, erasure) = match options.target {
        Target::Person(names) => {
            let erasure = Erasure::person(&transaction, names)?;
            (transaction.erase_person(&person(names)?)?, erasure)
        }
        Target::Account(name) => {
            let account = transaction.reader().find_account(transaction.customer(), name)?;
            let erasure = Erasure::account(&transaction, account)?;
            (transaction.erase_account(account)?, erasure)
        }
        Target::Customer => {
            let erasure = Erasure::of_customer(&transaction)?;
            (transaction.erase_customer()?, erasure)
        }
    };
    let mut view = view(context, options, erased, customer, copies);
    (view.account_id, view.customer_id) = (erasure.account_id(), erasure.customer_id());
    view.named_in = named_in;
    if is_plan || !view.changed {
        transaction.roll_back();
    } else {
        if let Some(file) = options.erasures {
            erasures::append(file, &erasure)?;
        }
        commit(context, transaction)?;
    }
    Ok((view, erasure))
}

fn commit(context: &Context<'_>, transaction: WriteTransaction<'_>) -> Result<()> {
    context.cancel.check()?;
    transaction.commit().map(drop)
}

/// The person of these names.
///
/// # Errors
/// `InputRefused` for a name that says too little.
pub(super) fn person(names: &[String]) -> Result<Person> {
    Person::new(names).map_err(|TooShort(name)| {
        let what = format!(
            "expected a person's name or address of 3 characters or more with a letter, got '{name}'"
        );
        Error::new(ErrorKind::InputRefused, what)
            .with_hint("give --person the whole name, and again the address")
    })
}

fn view(
    context: &Context<'_>,
    options: &EraseOptions<'_>,
    erased: Erased,
    customer: String,
    copies: Vec<String>,
) -> EraseView {
    EraseView {
        schema: SCHEMA,
        customer,
        kind: match options.target {
            Target::Person(_) => "person",
            Target::Account(_) => "account",
            Target::Customer => "customer",
        },
        account_id: None,
        customer_id: None,
        changed: !erased.rows.is_empty(),
        dry_run: context.dry_run,
        accounts: erased.accounts,
        rows: erased.rows.iter().map(|(_, rows)| rows).sum(),
        tables: erased
            .rows
            .into_iter()
            .map(|(table, rows)| ErasedRows { table: table.to_owned(), rows })
            .collect(),
        left: erased.left,
        named_in: Vec::new(),
        not_emptied: None,
        copies,
        erasures: options.erasures.map(|file| file.display().to_string()),
    }
}

/// Our databases in the folder of this one: backups, and what an upgrade kept.
fn copies_beside(database: &Path) -> Vec<String> {
    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut copies: Vec<String> = files
        .filter(|path| path.file_name() != database.file_name() && is_ours(path))
        .map(|path| path.display().to_string())
        .collect();
    copies.sort();
    copies
}
