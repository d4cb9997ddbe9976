//! The accounts that a file names: found, made, or the reason why its rows are set aside.

use rustc_hash::FxHashMap;

use super::Prepared;
use super::before::Before;
use super::kind::{Batch, Kind};
use crate::error::{Error, ErrorKind, Result};
use crate::ingest::{Duplicates, Note};
use crate::model::ids::AccountId;
use crate::model::kpi::advice::shell_word;
use crate::model::kpi::batch::AccountMention;
use crate::model::names::{name_key, similar_key};
use crate::model::rejection::{Problem, Rejections};
use crate::ops::Context;
use crate::ops::names::checked_name;
use crate::store::{Creation, IdentityNote, Refusal, Resolution, WriteTransaction};

/// So many pairs of look-alikes are told one by one.
const LOOK_ALIKES_TOLD: usize = 3;
/// So many names that are another account's are told one by one.
const OTHERS_TOLD: usize = 5;

/// The accounts of a file.
pub(super) struct Resolved {
    /// For each mention of the batch, its account; rows of mentions without one were set aside.
    pub(super) accounts: Vec<Option<AccountId>>,
    /// How many were made.
    pub(super) created: u64,
    /// What was found out on the way.
    pub(super) notes: Vec<IdentityNote>,
}

/// The mention that `--account` makes where no such account is known.
///
/// # Errors
/// `UnknownAccount` where it names one of our ids, which nothing can make.
pub(super) fn mention_of(text: &str) -> Result<AccountMention> {
    let bare =
        text.split_once(':').filter(|(way, _)| ["ext", "name"].contains(way)).map_or(text, |(_, rest)| rest);
    checked_name("the account", bare)?;
    match text.split_once(':') {
        Some(("id", _)) => Err(Error::new(ErrorKind::UnknownAccount, format!("no account '{text}'"))
            .with_hint("name the account, and it is made")),
        Some(("ext", id)) => Ok(AccountMention { name: None, external_id: Some(id.trim().to_owned()) }),
        Some(("name", name)) => Ok(AccountMention { name: Some(name.trim().to_owned()), external_id: None }),
        _ => Ok(AccountMention { name: Some(text.trim().to_owned()), external_id: None }),
    }
}

/// Finds or makes the accounts of a file; rows that lead to none go to the rejections.
pub(super) fn resolve<K: Kind>(
    context: &Context<'_>,
    transaction: &mut WriteTransaction<'_>,
    prepared: &mut Prepared<'_, K::Batch>,
    before: &Before,
) -> Result<Resolved> {
    let batch = &mut prepared.file.batch;
    if let Some((account, _)) = &before.account {
        // Every row is of the account that was given; it was looked up before, and accounts do not go away.
        transaction.load_heads(&[*account])?;
        let accounts = vec![Some(*account); batch.mentions().len()];
        return Ok(Resolved { accounts, created: 0, notes: Vec::new() });
    }
    let creation = match (prepared.options.no_create || !K::MAKES_ACCOUNTS, prepared.options.create_similar) {
        (true, _) => Creation::Never,
        (false, true) => Creation::Always,
        (false, false) => Creation::Distinct,
    };
    let (resolutions, notes) = transaction.resolve_accounts(batch.mentions(), creation)?;
    prepared.file.notes.extend(names_of_others(batch, &notes, &prepared.file.rejections));
    if let Some(message) = look_alikes(batch.mentions(), &resolutions) {
        prepared.file.notes.push(Note { code: "similar_accounts_made", message });
    }
    let created = resolutions.iter().filter(|r| matches!(r, Resolution::Created(_))).count() as u64;
    let refusals: Vec<Option<Refusal>> = resolutions.iter().map(refusal_of).collect();
    set_refused_aside(context, batch, &refusals, K::MAKES_ACCOUNTS, &mut prepared.file.rejections);
    let accounts = resolutions.iter().map(Resolution::account).collect();
    let policy = prepared.options.duplicates;
    let accounts = merge_mentions(batch, accounts, &mut prepared.file.rejections, policy);
    Ok(Resolved { accounts, created, notes })
}

/// Tells of accounts that the file made and whose names differ only in punctuation or legal form: none was known
/// before, so that nothing says whether they are one.
fn look_alikes(mentions: &[AccountMention], resolutions: &[Resolution]) -> Option<String> {
    let mut first: FxHashMap<String, (AccountId, &str)> = FxHashMap::default();
    let mut pairs = Vec::new();
    for (mention, resolution) in mentions.iter().zip(resolutions) {
        let (Resolution::Created(account), Some(name)) = (resolution, mention.name.as_deref()) else {
            continue;
        };
        let (known, other) = *first.entry(similar_key(name)).or_insert((*account, name));
        if known != *account && name_key(other) != name_key(name) {
            pairs.push(format!("'{other}' and '{name}'"));
        }
    }
    let told = pairs.iter().take(LOOK_ALIKES_TOLD).cloned().collect::<Vec<_>>().join(", ");
    let more = match pairs.len().saturating_sub(LOOK_ALIKES_TOLD) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!pairs.is_empty()).then(|| {
        format!(
            "accounts of their own, though their names differ only in punctuation or legal form: {told}{more}; where \
             they are one, give the rows one name"
        )
    })
}

/// Tells of rows whose id is one account's and whose name is another's, each mention with its first line.
fn names_of_others(batch: &mut impl Batch, notes: &[IdentityNote], rejections: &Rejections) -> Vec<Note> {
    let mut others: Vec<(usize, &str, &str, Option<u32>)> = Vec::new();
    for note in notes {
        if let IdentityNote::NameOfAnother { mention, by_id, other_id } = note {
            others.push((*mention, by_id, other_id, None));
        }
    }
    if others.is_empty() {
        return Vec::new();
    }
    batch.retain_rows(&mut |mention, line, _| {
        let of_row = others.iter_mut().find(|(place, ..)| *place == mention as usize);
        if let Some((.., first)) = of_row {
            *first = Some(first.map_or(line, |first| first.min(line)));
        }
        true
    });
    let more = others.len().saturating_sub(OTHERS_TOLD);
    let told = others.iter().take(OTHERS_TOLD).filter_map(|(mention, by_id, other_id, line)| {
        let name = batch.mentions().get(*mention)?.name.as_deref()?;
        let line = rejections.said((*line)?);
        Some(format!(
            "{line}: the id is that of '{by_id}', the name '{name}' is that of another account (external id \
             {other_id}); the id was followed"
        ))
    });
    let more = (more > 0).then(|| format!("and {more} more names beside the ids of other accounts"));
    told.chain(more).map(|message| Note { code: "name_of_another", message }).collect()
}

fn refusal_of(resolution: &Resolution) -> Option<Refusal> {
    match resolution {
        Resolution::Refused(refusal) => Some(refusal.clone()),
        Resolution::Known(_) | Resolution::Created(_) => None,
    }
}

/// Moves the rows of refused mentions to the rejections; `refusals` are those of the batch's mentions.
pub(super) fn set_refused_aside(
    context: &Context<'_>,
    batch: &mut impl Batch,
    refusals: &[Option<Refusal>],
    makes_accounts: bool,
    rejections: &mut Rejections,
) {
    if refusals.iter().all(Option::is_none) {
        return;
    }
    let told = Told { context, makes_accounts };
    let mentions = batch.mentions().to_vec();
    batch.retain_rows(&mut |mention, line, column| {
        let place = mention as usize;
        let Some(Some(refusal)) = refusals.get(place) else { return true };
        let mention = mentions.get(place);
        let shown = mention.and_then(|mention| mention.external_id.as_deref().or(mention.name.as_deref()));
        rejections.add_cell(line, column, problem(refusal, mention, &told), shown);
        false
    });
    rejections.sort_by_line();
}

/// What a refusal's hints depend on.
struct Told<'a, 'c> {
    context: &'a Context<'c>,
    makes_accounts: bool,
}

impl Told<'_, '_> {
    /// How a name is made to lead to a known account, or to one of its own.
    fn alias(&self, known: &str, mention: Option<&AccountMention>) -> String {
        let name = mention.and_then(|mention| mention.name.as_deref()).unwrap_or_default();
        let words = format!("accounts alias {} {}", shell_word(known), shell_word(name));
        let line = self.context.command_line(self.context.customer, &words);
        format!("--create-similar where it is another; where it is the same: {line}")
    }
}

fn problem(refusal: &Refusal, mention: Option<&AccountMention>, told: &Told<'_, '_>) -> Problem {
    let (code, message, hint) = match refusal {
        Refusal::Unknown => (
            "unknown_account",
            "expected a known account, found a name or id that is not".to_owned(),
            match told.makes_accounts {
                true => {
                    "mend the name; or leave out --no-create to make it (in a rejects file: in its column \
                         acctsnap_reading)"
                        .to_owned()
                }
                false => "mend the name; accounts appear with `ingest kpis` and `ingest profiles`".to_owned(),
            },
        ),
        Refusal::Ambiguous => (
            "ambiguous_account",
            "several accounts bear this name".to_owned(),
            "give their external ids in a column of their own".to_owned(),
        ),
        Refusal::Similar { known } => (
            "similar_account",
            format!("the name differs from the known '{known}' only in punctuation or legal form"),
            told.alias(known, mention),
        ),
        Refusal::Conflict { by_id } => (
            "account_conflict",
            format!("the id is that of '{by_id}', the name is another account's, which has no id"),
            "mend the id or the name".to_owned(),
        ),
    };
    Problem { code, column: None, message, hint: Some(hint) }
}

/// Where two mentions lead to one account, its rows are put under the first, and duplicates are looked for again.
/// Returns the accounts of the mentions that the batch has then.
fn merge_mentions(
    batch: &mut impl Batch,
    accounts: Vec<Option<AccountId>>,
    rejections: &mut Rejections,
    policy: Duplicates,
) -> Vec<Option<AccountId>> {
    let mut first = FxHashMap::default();
    let mut moved = vec![0_u32; accounts.len()];
    let mut any = false;
    for (place, (account, target)) in (0_u32..).zip(accounts.iter().zip(&mut moved)) {
        *target = account.map_or(place, |account| *first.entry(account).or_insert(place));
        any |= *target != place;
    }
    if !any {
        return accounts;
    }
    batch.move_rows(&moved);
    let by_mention: FxHashMap<AccountMention, Option<AccountId>> =
        batch.mentions().iter().cloned().zip(accounts).collect();
    batch.find_duplicates(rejections, policy);
    batch.mentions().iter().map(|mention| by_mention.get(mention).copied().flatten()).collect()
}
