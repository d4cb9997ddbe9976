//! What a merge of two accounts did, or would do (`acctsnap.account_merge/1`).

use schemars::JsonSchema;
use serde::Serialize;

use super::text::{count, escape_text, wrap};
use crate::model::ids::AccountId;

/// Name and version of the shape.
pub const SCHEMA: &str = "acctsnap.account_merge/1";

/// What a merge did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "acctsnap.account_merge/1")]
pub struct AccountMergeView {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// Whether anything changed; false where the one had been merged into the other before.
    pub changed: bool,
    /// Whether everything was taken back.
    pub dry_run: bool,
    /// Whose accounts.
    pub customer: String,
    /// The account whose names and ids lead to the other one from now on.
    pub merged_account_id: AccountId,
    /// Its name.
    pub merged_account_name: String,
    /// The account that answers for both.
    pub account_id: AccountId,
    /// Its name.
    pub account_name: String,
    /// Its id in the customer's own systems, which may have been the other one's.
    pub external_account_id: Option<String>,
    /// How many KPIs the merged account gave of which the other one knew nothing.
    pub kpis_filled: u64,
    /// The parts in which it filled gaps: kpis, profile, health, playbooks, notes.
    pub parts_filled: Vec<&'static str>,
    /// Snapshots that followed.
    pub snapshots_created: u64,
    /// Snapshots that failed.
    pub snapshots_failed: u64,
}

/// In words.
#[must_use]
pub fn render(view: &AccountMergeView, width: usize) -> String {
    let named = |id: AccountId, name: &str| format!("'{}' (id:{id})", escape_text(name));
    let merged = named(view.merged_account_id, &view.merged_account_name);
    let into = named(view.account_id, &view.account_name);
    if !view.changed {
        return lines(&[format!("{merged} was merged into {into} already: nothing was changed")], width);
    }
    let verb = if view.dry_run { "would be" } else { "is" };
    let filled = match view.parts_filled.as_slice() {
        [] => "it fills no gaps".to_owned(),
        parts if view.kpis_filled == 0 => format!("it fills gaps of: {}", parts.join(", ")),
        parts => format!("it fills gaps of: {} ({})", parts.join(", "), count(view.kpis_filled, "KPI")),
    };
    let mut told = vec![
        format!("{merged} {verb} merged into {into}: its names and ids lead there, and it is archived"),
        format!("what is known of '{}' stands; {filled}", escape_text(&view.account_name)),
    ];
    if view.snapshots_created > 0 {
        let verb = if view.dry_run { "would be taken" } else { "taken" };
        told.push(format!("{} {verb}", count(view.snapshots_created, "snapshot")));
    }
    lines(&told, width)
}

fn lines(told: &[String], width: usize) -> String {
    told.iter().flat_map(|line| wrap(line, width)).map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::text::width;
    use super::*;

    fn view(changed: bool) -> AccountMergeView {
        AccountMergeView {
            schema: SCHEMA,
            changed,
            dry_run: true,
            customer: "acme".to_owned(),
            merged_account_id: AccountId::new(2),
            merged_account_name: "Acme\u{202e} Inc".to_owned(),
            account_id: AccountId::new(1),
            account_name: "Acme".to_owned(),
            external_account_id: None,
            kpis_filled: 2,
            parts_filled: vec!["kpis", "profile"],
            snapshots_created: 1,
            snapshots_failed: 0,
        }
    }

    #[test]
    fn a_merge_says_what_it_filled_in_sixty_columns() {
        let text = render(&view(true), 60);
        assert!(text.lines().all(|line| width(line) <= 60), "{text}");
        let text = render(&view(true), 500);
        assert!(text.starts_with(r"'Acme\u{202e} Inc' (id:2) would be merged into 'Acme' (id:1)"), "{text}");
        assert!(text.contains("it fills gaps of: kpis, profile (2 KPIs)"), "{text}");
        assert!(text.ends_with("\n1 snapshot would be taken\n"), "{text}");
    }

    #[test]
    fn a_second_merge_says_that_it_is_one() {
        let text = render(&view(false), 500);
        assert!(text.ends_with("into 'Acme' (id:1) already: nothing was changed\n"), "{text}");
    }
}
