//! What a change of an account's names, ids or archiving did (`acctsnap.account_change/1`).

use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Serialize;

use super::text::{escape_text, instant, wrap};
use crate::model::ids::AccountId;
use crate::model::time::Timestamp;

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.account_change/1";

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountAction {
    /// Another name.
    Renamed,
    /// Further names.
    Aliased,
    /// Another external id.
    ExternalIdSet,
    /// To be put aside.
    Archived,
    /// To be taken back.
    Unarchived,
}

impl AccountAction {
    /// The command that asks for it, as the ledger keeps it.
    #[must_use]
    pub const fn command(self) -> &'static str {
        match self {
            Self::Renamed => "accounts rename",
            Self::Aliased => "accounts alias",
            Self::ExternalIdSet => "accounts set-external-id",
            Self::Archived => "accounts archive",
            Self::Unarchived => "accounts unarchive",
        }
    }
}

/// What a change of an account did: the account as it is now, and what it was before where that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.account_change/1")]
pub struct AccountChangeView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// What was asked for.
    pub action: AccountAction,
    /// Whether anything changed; false where everything was so already.
    pub changed: bool,
    /// Whether everything was taken back.
    pub dry_run: bool,
    /// Our id.
    pub account_id: AccountId,
    /// Its name.
    pub account_name: String,
    /// Its id in the customer's own systems.
    pub external_account_id: Option<String>,
    /// Whose account.
    pub customer: String,
    /// Whether it is put aside.
    pub archived: bool,
    /// Its name until now, where it has another.
    pub previous_name: Option<String>,
    /// Its external id until now, where it has another.
    pub previous_external_id: Option<String>,
    /// Whether the name or id until now goes on leading to it; null where it has no other.
    pub previous_leads_here: Option<bool>,
    /// The aliases that it was given.
    pub aliases_added: Vec<String>,
    /// Since when it is put aside.
    pub archived_since: Option<Timestamp>,
    /// Why it is put aside, where somebody said so.
    pub archived_reason: Option<String>,
    /// What else is to be known.
    pub notes: Vec<String>,
}

/// The lines that a person sees.
#[must_use]
pub fn render(view: &AccountChangeView, width: usize, zone: Tz) -> String {
    let name = escape_text(&view.account_name);
    let did = if view.changed { done(view) } else { already(view, zone) };
    let mut lines = vec![format!("account {} '{name}' {did}", view.account_id)];
    lines.extend(view.notes.iter().map(|note| format!("note: {}", escape_text(note))));
    if view.dry_run {
        lines.push("dry run: nothing was written".to_owned());
    }
    lines.iter().flat_map(|line| wrap(line, width)).map(|line| format!("{line}\n")).collect()
}

fn done(view: &AccountChangeView) -> String {
    let id = view.account_id;
    let goes_on = if view.previous_leads_here == Some(true) { ", which goes on leading to it" } else { "" };
    match view.action {
        AccountAction::Renamed => {
            format!("was {} until now{goes_on}", quoted(view.previous_name.as_deref().unwrap_or_default()))
        }
        AccountAction::Aliased => {
            let aliases: Vec<String> = view.aliases_added.iter().map(|alias| quoted(alias)).collect();
            format!("is also known as {}", aliases.join(", "))
        }
        AccountAction::ExternalIdSet => {
            let before = view.previous_external_id.as_deref();
            let before = before.map(|before| format!("; it had {}{goes_on}", quoted(before)));
            let now = quoted(view.external_account_id.as_deref().unwrap_or_default());
            format!("has the external id {now}{}", before.unwrap_or_default())
        }
        AccountAction::Archived => format!(
            "is archived: its history stays, and no portfolio shows it unless asked to (--archived); \
             back with: acctsnap accounts unarchive id:{id}"
        ),
        AccountAction::Unarchived => "is in the portfolio again".to_owned(),
    }
}

fn already(view: &AccountChangeView, zone: Tz) -> String {
    let state = match view.action {
        AccountAction::Renamed => "has this name already".to_owned(),
        AccountAction::Aliased => "has no new alias".to_owned(),
        AccountAction::ExternalIdSet => "has this external id already".to_owned(),
        AccountAction::Archived => {
            let since = view.archived_since.map_or_else(String::new, |since| instant(since, zone));
            let reason = view.archived_reason.as_deref().map(|reason| format!(" ({})", escape_text(reason)));
            format!("has been archived since {since}{}", reason.unwrap_or_default())
        }
        AccountAction::Unarchived => "is not archived".to_owned(),
    };
    format!("{state}: nothing was changed")
}

fn quoted(text: &str) -> String {
    format!("'{}'", escape_text(text))
}

#[cfg(test)]
mod tests {
    use super::super::text::width;
    use super::*;

    fn view(action: AccountAction, changed: bool) -> AccountChangeView {
        AccountChangeView {
            schema: SCHEMA,
            action,
            changed,
            dry_run: false,
            account_id: AccountId::new(7),
            account_name: "Acme\u{202e} Global".to_owned(),
            external_account_id: Some("X-2".to_owned()),
            customer: "acme".to_owned(),
            archived: false,
            previous_name: Some("Acme".to_owned()),
            previous_external_id: Some("X-1".to_owned()),
            previous_leads_here: Some(true),
            archived_since: Some(Timestamp::default()),
            archived_reason: Some("churned".to_owned()),
            aliases_added: vec!["ACME Corp".to_owned(), "Acme Holding".to_owned()],
            notes: vec!["an alias\u{1b} moves".to_owned()],
        }
    }

    #[test]
    fn every_action_says_what_it_did_or_that_it_did_nothing() {
        let actions = [
            (AccountAction::Renamed, "was 'Acme' until now, which goes on", "has this name already"),
            (AccountAction::Aliased, "known as 'ACME Corp', 'Acme Holding'", "has no new alias"),
            (
                AccountAction::ExternalIdSet,
                "id 'X-2'; it had 'X-1', which goes on",
                "has this external id already",
            ),
            (
                AccountAction::Archived,
                "unarchive id:7",
                "has been archived since 1970-01-01 00:00:00 +00:00 (churned): ",
            ),
            (AccountAction::Unarchived, "is in the portfolio again", "is not archived"),
        ];
        for (action, done, already) in actions {
            let text = render(&view(action, true), 500, Tz::UTC);
            assert!(text.starts_with(r"account 7 'Acme\u{202e} Global' ") && text.contains(done), "{text}");
            assert!(text.contains(r"note: an alias\u{1b} moves"), "{text}");
            let text = render(&view(action, false), 500, Tz::UTC);
            assert!(text.contains(already) && text.contains("nothing was changed"), "{text}");
        }
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_not_said_to_lead_here() {
        let moved =
            AccountChangeView { previous_leads_here: Some(false), ..view(AccountAction::Renamed, true) };
        let text = render(&moved, 500, Tz::UTC);
        assert!(text.contains("was 'Acme' until now\n"), "{text}");
    }

    #[test]
    fn lines_are_wrapped_and_a_dry_run_says_so() {
        let dry = AccountChangeView { dry_run: true, ..view(AccountAction::Archived, true) };
        let text = render(&dry, 60, Tz::UTC);
        assert!(text.lines().all(|line| width(line) <= 60), "{text}");
        assert!(text.ends_with("dry run: nothing was written\n"), "{text}");
    }
}
