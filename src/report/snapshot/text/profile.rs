//! What the profile, the playbooks and the notes say of the account.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{LABEL_WIDTH, joined, known};
use crate::report::json;
use crate::report::snapshot::{LastPlaybook, MoneyNumber, SnapshotView};
use crate::report::text::{count, escape_text, grouped, instant, key_values_under};

/// A row for each thing that is known.
pub(super) fn render(view: &SnapshotView, width: usize, zone: Tz) -> String {
    let rows = known([
        ("Account", account(view)),
        ("Revenue", revenue(view)),
        ("Contract", contract(view)),
        ("People", people(view)),
        ("Champion", champion(view)),
        ("Products", products(view)),
        ("Lifecycle", lifecycle(view)),
        ("Playbooks", playbooks(view, zone)),
        ("Called for", view.playbook_recommendations_active.as_deref().and_then(names)),
        ("Notes", view.recent_csm_note_ids.as_deref().and_then(names)),
        ("Attributes", attributes(view)),
    ]);
    key_values_under(LABEL_WIDTH, &rows, width)
}

fn shown(text: Option<&String>) -> Option<String> {
    text.map(|text| escape_text(text).into_owned())
}

fn labelled(label: &str, text: Option<&String>) -> Option<String> {
    shown(text).map(|text| format!("{label} {text}"))
}

fn day(label: &str, date: Option<NaiveDate>) -> Option<String> {
    date.map(|date| format!("{label} {date}"))
}

fn names(names: &[String]) -> Option<String> {
    joined(names.iter().map(|name| Some(escape_text(name))), ", ")
}

fn account(view: &SnapshotView) -> Option<String> {
    let parts = [&view.account_status, &view.account_tier, &view.industry, &view.region];
    joined(parts.map(|part| shown(part.as_ref())), " · ")
}

fn revenue(view: &SnapshotView) -> Option<String> {
    let money = |amount: MoneyNumber| grouped(&amount.to_text());
    let currency = shown(view.currency.as_ref()).map(|currency| format!(" {currency}")).unwrap_or_default();
    let basis = shown(view.revenue_basis.as_ref()).map(|basis| format!(" ({basis})")).unwrap_or_default();
    let now = format!("{}{currency} a year{basis}", money(view.revenue?));
    let change = view.revenue_change_from_last.filter(|change| !change.is_zero()).map(|change| {
        let sign = if change.is_negative() { "" } else { "+" };
        let percent =
            view.revenue_change_percent.map(|percent| format!(" ({sign}{} %)", json::number(percent)));
        format!("{sign}{}{} since the last snapshot", money(change), percent.unwrap_or_default())
    });
    joined([Some(now), change], ", ")
}

fn contract(view: &SnapshotView) -> Option<String> {
    let renewal = view.renewal_date.map(|date| match view.days_to_renewal {
        Some(0) => format!("renewal {date} (today)"),
        Some(days) if days < 0 => format!("renewal {date} ({} ago)", count(days.unsigned_abs(), "day")),
        Some(days) => format!("renewal {date} (in {})", count(days.unsigned_abs(), "day")),
        None => format!("renewal {date}"),
    });
    joined([day("from", view.contract_start_date), day("to", view.contract_end_date), renewal], " · ")
}

fn people(view: &SnapshotView) -> Option<String> {
    let people = [
        labelled("CSM", view.assigned_csm.as_ref()),
        labelled("manager", view.csm_manager.as_ref()),
        labelled("owner", view.account_owner.as_ref()),
        labelled("sponsor", view.executive_sponsor.as_ref()),
    ];
    joined(people, " · ")
}

fn champion(view: &SnapshotView) -> Option<String> {
    let stakeholders = view.stakeholder_count.map(|number| count(u64::from(number), "stakeholder"));
    let status = shown(view.champion_status.as_ref());
    joined([shown(view.primary_champion.as_ref()), status, stakeholders], " · ")
}

fn products(view: &SnapshotView) -> Option<String> {
    let used = view.products_used.as_deref().and_then(names);
    joined([used, labelled("primary:", view.primary_product.as_ref())], " · ")
}

fn lifecycle(view: &SnapshotView) -> Option<String> {
    let parts = [
        shown(view.lifecycle_stage.as_ref()),
        labelled("onboarding", view.onboarding_status.as_ref()),
        day("last review", view.last_qbr_date),
        day("next review", view.next_qbr_date),
        view.engagement_score.map(|score| format!("engagement {score}")),
    ];
    joined(parts, " · ")
}

fn playbooks(view: &SnapshotView, zone: Tz) -> Option<String> {
    let running = view.playbooks_running_count.map(|running| {
        let which = view.playbooks_running.as_deref().and_then(names);
        format!("{running} running{}", which.map(|which| format!(" ({which})")).unwrap_or_default())
    });
    let completed = view.playbooks_completed_count.map(|completed| {
        let recent = view.playbooks_completed_last_30_days.filter(|recent| *recent > 0);
        let recent = recent.map(|recent| format!(" ({recent} in 30 days)")).unwrap_or_default();
        format!("{completed} completed{recent}")
    });
    let last = view.last_playbook_executed.as_ref().map(|last| last_playbook(last, zone));
    joined([running, completed, last], " · ")
}

fn last_playbook(last: &LastPlaybook, zone: Tz) -> String {
    let name = last.playbook_id.as_ref().unwrap_or(&last.execution_id);
    let started = last.started_at.map(|at| format!(", started {}", instant(at, zone))).unwrap_or_default();
    format!("last {} ({}{started})", escape_text(name), escape_text(&last.status))
}

fn attributes(view: &SnapshotView) -> Option<String> {
    let pairs = view.attributes.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Some(format!("{} {}", escape_text(name), escape_text(&value)))
    });
    joined(pairs, " · ")
}
