//! A comparison of portfolios for people: who came and went, the revenue's flow, segments, the accounts that moved most.
//!
//! Never a line for each account: the whole list is for JSON and CSV.

use super::{AccountMove, LeftOutView, MomentView, PartView, PortfolioCompareView, RevenueView};
use crate::model::kpi::Band;
use crate::model::portfolio::Fate;
use crate::model::score::Score;
use crate::model::time::Timestamp;
use crate::report::snapshot::MoneyNumber;
use crate::report::style::{FAINT, STRONG, band_mark, band_style, styled};
use crate::report::table::{Column, Table};
use crate::report::text::{DEFAULT_WIDTH, count, escape_text, grouped, instant, pad_left, pad_right, wrap};
use chrono_tz::Tz;

/// How many names a line lists.
const NAMES: usize = 8;

/// The comparison as text; `width` is the terminal's, `top` how many movers are shown in each direction.
#[must_use]
pub fn render(view: &PortfolioCompareView, top: usize, width: Option<usize>, zone: Tz) -> String {
    let columns = width.unwrap_or(DEFAULT_WIDTH);
    let mut text = head(view, columns, zone);
    text.push_str(&accounts(view, columns));
    for revenue in &view.total.revenue {
        text.push_str(&flow(revenue));
    }
    text.push_str(&left_out(&view.total.revenue_left_out, columns));
    if view.by.is_some() {
        text.push_str(&format!("\n{}", segments(view, width)));
    }
    let moved = |sign: i32| {
        let of = view.accounts.iter().filter(move |account| {
            account.score_change.is_some_and(|change| change.hundredths().signum() == sign)
        });
        of.collect::<Vec<_>>()
    };
    text.push_str(&movers("declined", &moved(-1), top, columns));
    text.push_str(&movers("improved", &moved(1), top, columns));
    text
}

fn head(view: &PortfolioCompareView, columns: usize, zone: Tz) -> String {
    let moment = |moment: &MomentView| {
        let at = moment.at.map(|at: Timestamp| format!(" ({})", instant(at, zone)));
        format!("{}{}", escape_text(&moment.asked), at.unwrap_or_default())
    };
    let mut text = format!("{}\n", styled(STRONG, escape_text(&view.customer)));
    let mut line = |label: &str, words: &str| {
        // What does not fit stands under itself.
        for (place, words) in wrap(words, columns.saturating_sub(9)).iter().enumerate() {
            let label = if place == 0 { label } else { "" };
            text.push_str(&format!("  {}  {words}\n", styled(FAINT, pad_right(label, 5))));
        }
    };
    line("from", &moment(&view.from));
    line("to", &moment(&view.to));
    if let Some(condition) = &view.condition {
        line("where", &escape_text(condition));
    }
    text
}

fn lines(text: &mut String, line: &str, columns: usize) {
    wrap(line, columns).iter().for_each(|line| text.push_str(&format!("{line}\n")));
}

fn accounts(view: &PortfolioCompareView, columns: usize) -> String {
    let total = &view.total;
    let mut text = String::from("\n");
    let retained = total.logo_retention_percent.map(|percent| format!("; {} % stayed", decimal(percent)));
    let line = format!(
        "{} at the start, {} lost, {} new, {} at the end{}",
        count(total.accounts_at_start, "account"),
        number(total.accounts_lost),
        number(total.accounts_new),
        number(total.accounts_at_end),
        retained.unwrap_or_default(),
    );
    lines(&mut text, &line, columns);
    for (what, fate) in [("lost", Fate::Lost), ("new", Fate::New)] {
        if let Some(line) = names(view, what, fate) {
            lines(&mut text, &line, columns);
        }
    }
    let unscored = match total.accounts_without_score {
        0 => String::new(),
        many => format!(", {} without a score at one of the moments", number(many)),
    };
    let line = format!(
        "score: {} improved, {} declined{unscored}",
        number(total.accounts_improved),
        number(total.accounts_declined)
    );
    lines(&mut text, &line, columns);
    if !view.crossings.is_empty() {
        let crossings = view.crossings.iter().map(|crossing| {
            let (from, to) = (crossing.from.label(), crossing.to.label());
            format!("{} {from} -> {to}", number(crossing.accounts))
        });
        lines(&mut text, &format!("bands: {}", crossings.collect::<Vec<_>>().join(", ")), columns);
    }
    text
}

fn names(view: &PortfolioCompareView, what: &str, fate: Fate) -> Option<String> {
    let of: Vec<&AccountMove> = view.accounts.iter().filter(|account| account.fate == fate).collect();
    let named: Vec<_> = of.iter().take(NAMES).map(|account| escape_text(&account.account_name)).collect();
    let more = if of.len() > NAMES { ", ..." } else { "" };
    (!of.is_empty()).then(|| format!("{what}: {}{more}", named.join(", ")))
}

fn flow(revenue: &RevenueView) -> String {
    let rows = [
        ("at the start", revenue.start),
        ("+ new", revenue.new),
        ("+ expansion", revenue.expansion),
        ("- contraction", revenue.contraction),
        ("- churned", revenue.churned),
        ("at the end", revenue.end),
    ];
    let amounts = rows.map(|(label, amount)| (label, money(amount)));
    let widest = amounts.iter().map(|(_, amount)| amount.len()).max().unwrap_or(0);
    let of = count(revenue.accounts, "account");
    let mut text = format!(
        "\n{} of {of}\n",
        styled(STRONG, format!("revenue a year in {}", escape_text(&revenue.currency)))
    );
    for (label, amount) in amounts {
        text.push_str(&format!("  {}  {}\n", styled(FAINT, pad_right(label, 13)), pad_left(&amount, widest)));
    }
    let rate =
        |name: &str, percent: Option<f64>| percent.map(|percent| format!("{name} {} %", decimal(percent)));
    let rates = [rate("net retention", revenue.nrr_percent), rate("gross", revenue.grr_percent)];
    let rates: Vec<String> = rates.into_iter().flatten().collect();
    if !rates.is_empty() {
        text.push_str(&format!("  {}\n", rates.join(", ")));
    }
    text
}

fn left_out(left_out: &LeftOutView, columns: usize) -> String {
    if left_out.accounts == 0 {
        return String::new();
    }
    let reasons = [
        (left_out.without_revenue_at_start, "without revenue at the start"),
        (left_out.without_revenue_at_end, "without revenue at the end"),
        (left_out.other_currency, "in another currency than before"),
    ];
    let reasons =
        reasons.iter().filter(|(many, _)| *many > 0).map(|(many, why)| format!("{} {why}", number(*many)));
    let reasons = reasons.collect::<Vec<_>>().join(", ");
    let mut text = String::from("\n");
    lines(
        &mut text,
        &format!("left out of the revenue: {} ({reasons})", count(left_out.accounts, "account")),
        columns,
    );
    text
}

fn segments(view: &PortfolioCompareView, width: Option<usize>) -> String {
    let mut table = Table::new(&[
        Column::text("segment").yielding(1),
        Column::number("accounts"),
        Column::number("lost").optional(6),
        Column::number("new").optional(7),
        Column::number("stayed %").optional(5),
        Column::text("").optional(1),
        Column::number("start").optional(4),
        Column::number("end").optional(3),
        Column::number("NRR %"),
        Column::number("GRR %"),
    ]);
    let percent = |percent: Option<f64>| percent.map(decimal).unwrap_or_default();
    for segment in &view.segments {
        let part: &PartView = &segment.part;
        let name = segment.segment.clone().unwrap_or_else(|| "(none)".to_owned());
        let mut own = [
            name,
            number(part.accounts_at_end),
            number(part.accounts_lost),
            number(part.accounts_new),
            percent(part.logo_retention_percent),
        ];
        let mut flows = part.revenue.iter().peekable();
        if flows.peek().is_none() {
            table.add_row(&own);
        }
        for flow in flows {
            let of_flow = [
                flow.currency.clone(),
                money(flow.start),
                money(flow.end),
                percent(flow.nrr_percent),
                percent(flow.grr_percent),
            ];
            table.add_row(own.iter().chain(&of_flow));
            // A second currency stands under the first one.
            own = own.map(|_| String::new());
        }
    }
    let by = view.by.as_deref().unwrap_or_default();
    format!("{}\n{}", styled(STRONG, format!("by {}", escape_text(by))), table.render(width))
}

fn movers(what: &str, moved: &[&AccountMove], top: usize, columns: usize) -> String {
    if moved.is_empty() {
        return String::new();
    }
    let more = match moved.len().saturating_sub(top) {
        0 => String::new(),
        _ => format!(", the {top} that moved most of {}", number(moved.len() as u64)),
    };
    let mut text = format!("\n{}\n", styled(STRONG, format!("{what}{more}")));
    for account in moved.iter().take(top) {
        let Some((change, (old, new))) = account.score_change.zip(account.old_score.zip(account.new_score))
        else {
            continue;
        };
        let points = pad_left(&signed(change), 7);
        text.push_str(&format!("{points}  {}\n", escape_text(&account.account_name)));
        let bands = bands(account.old_health_status, account.new_health_status);
        let reason = account.reason.as_deref().map(|reason| format!("; {}", escape_text(reason)));
        let line = format!("{old} -> {new}{bands}{}", reason.unwrap_or_default());
        for line in wrap(&line, columns.saturating_sub(9)) {
            text.push_str(&format!("         {line}\n"));
        }
    }
    text
}

fn bands(old: Option<Band>, new: Option<Band>) -> String {
    let shown = |band: Band| styled(band_style(band), format!("{} {}", band_mark(band), band.label()));
    match (old, new) {
        (Some(old), Some(new)) if old != new => format!(", {} -> {}", old.label(), shown(new)),
        (_, Some(new)) => format!(", {}", shown(new)),
        _ => String::new(),
    }
}

fn signed(points: Score) -> String {
    if points.hundredths() > 0 { format!("+{points}") } else { points.to_string() }
}

fn money(amount: MoneyNumber) -> String {
    grouped(&amount.to_text())
}

fn number(number: u64) -> String {
    grouped(&number.to_string())
}

/// With the decimals that it was rounded to: rounded once more it would be another number.
fn decimal(percent: f64) -> String {
    grouped(&format!("{percent:.2}"))
}
