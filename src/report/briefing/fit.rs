//! The bound: what matters most goes in first, what does not fit any more is counted.

use std::collections::BTreeMap;

use super::BriefingView;

/// Not even what is always said fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooTight {
    /// How many tokens that would take.
    pub needed: u32,
}

/// How many tokens a text takes of a language model, guessed on the high side, for no tokenizer is at hand.
///
/// In sixths of a token: 2 for a letter or space of ASCII (English takes about a token for four of them), 3 for a digit,
/// for digits go in twos and threes, 4 for any other ASCII character and for each byte of any other. So the guess is never
/// below a third of the bytes.
#[must_use]
pub fn estimated_tokens(text: &str) -> u32 {
    let sixths: u64 = text.bytes().map(sixths).sum();
    u32::try_from(sixths.div_ceil(6)).unwrap_or(u32::MAX)
}

const fn sixths(byte: u8) -> u64 {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b' ' => 2,
        b'0'..=b'9' => 3,
        _ => 4,
    }
}

/// What may be left out, in the order in which it goes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    State,
    WorstKpi,
    Score,
    KpiMove,
    FieldMove,
    Recommendation,
    Note,
    Report,
    Event,
}

/// Turns of a few pieces each; what is left after them goes in kind by kind.
const TURNS: [(Piece, usize); 17] = [
    (Piece::State, 10),
    (Piece::Score, 1),
    (Piece::WorstKpi, 3),
    (Piece::KpiMove, 3),
    (Piece::Recommendation, 5),
    (Piece::Note, 2),
    (Piece::FieldMove, 4),
    (Piece::Report, 1),
    (Piece::WorstKpi, 2),
    (Piece::KpiMove, 2),
    (Piece::Note, 3),
    (Piece::State, 15),
    (Piece::FieldMove, 6),
    (Piece::Report, 2),
    (Piece::Event, 5),
    (Piece::KpiMove, 10),
    (Piece::FieldMove, 10),
];

const KINDS: [Piece; 9] = [
    Piece::State,
    Piece::WorstKpi,
    Piece::Score,
    Piece::KpiMove,
    Piece::FieldMove,
    Piece::Recommendation,
    Piece::Note,
    Piece::Report,
    Piece::Event,
];

/// The view with as much of it as the bound allows; `shown` is the text in which it will be answered.
///
/// # Errors
/// Where not even what is always said fits.
pub fn fit(
    whole: &BriefingView,
    max_tokens: u32,
    shown: impl Fn(&BriefingView) -> String,
) -> Result<BriefingView, TooTight> {
    let order = order(whole);
    // The estimate itself is part of what is shown; it has no more digits than the bound.
    let sized = |count: usize| {
        let mut view = first(whole, order.get(..count).unwrap_or_default());
        (view.max_tokens, view.estimated_tokens) = (max_tokens, max_tokens);
        let tokens = estimated_tokens(&shown(&view));
        view.estimated_tokens = tokens;
        (tokens, view)
    };
    let (mut fits, mut bursts) = (0, order.len() + 1);
    let (needed, mut best) = sized(0);
    if needed > max_tokens {
        return Err(TooTight { needed });
    }
    while fits + 1 < bursts {
        let middle = usize::midpoint(fits, bursts);
        let (tokens, view) = sized(middle);
        if tokens <= max_tokens {
            (fits, best) = (middle, view);
        } else {
            bursts = middle;
        }
    }
    Ok(best)
}

/// Every piece there is, in the order in which it goes in.
fn order(whole: &BriefingView) -> Vec<Piece> {
    let mut left: Vec<usize> = KINDS.iter().map(|kind| available(whole, *kind)).collect();
    let mut order = Vec::new();
    let rest = KINDS.iter().map(|kind| (*kind, usize::MAX));
    for (piece, count) in TURNS.into_iter().chain(rest) {
        let place = KINDS.iter().position(|kind| *kind == piece);
        let Some(left) = place.and_then(|place| left.get_mut(place)) else { continue };
        let taken = count.min(*left);
        *left -= taken;
        order.extend(std::iter::repeat_n(piece, taken));
    }
    order
}

fn available(view: &BriefingView, piece: Piece) -> usize {
    let changes = view.changes.as_ref();
    match piece {
        Piece::State => view.state.len(),
        Piece::WorstKpi => view.worst_kpis.len(),
        Piece::Score => usize::from(changes.is_some_and(|changes| changes.score.is_some())),
        Piece::KpiMove => changes.map_or(0, |changes| changes.kpis.len()),
        Piece::FieldMove => changes.map_or(0, |changes| changes.fields.len()),
        Piece::Recommendation => view.recommended_playbooks.len(),
        Piece::Note => view.notes.len(),
        Piece::Report => view.reports.len(),
        Piece::Event => view.events.len(),
    }
}

const fn said_of(piece: Piece) -> &'static str {
    match piece {
        Piece::State => "fields",
        Piece::WorstKpi => "critical KPIs",
        Piece::Score => "the score's change",
        Piece::KpiMove => "changed KPIs",
        Piece::FieldMove => "changed fields",
        Piece::Recommendation => "recommended playbooks",
        Piece::Note => "older notes",
        Piece::Report => "older playbook reports",
        Piece::Event => "older events",
    }
}

/// The view with the first pieces of each kind.
fn first(whole: &BriefingView, pieces: &[Piece]) -> BriefingView {
    let count = |piece: Piece| pieces.iter().filter(|one| **one == piece).count();
    let mut view = whole.clone();
    view.state = whole.state.iter().take(count(Piece::State)).map(|(k, v)| (k.clone(), v.clone())).collect();
    view.worst_kpis.truncate(count(Piece::WorstKpi));
    if let Some(changes) = &mut view.changes {
        changes.kpis.truncate(count(Piece::KpiMove));
        changes.fields.truncate(count(Piece::FieldMove));
        if count(Piece::Score) == 0 {
            changes.score = None;
        }
    }
    view.recommended_playbooks.truncate(count(Piece::Recommendation));
    view.notes.truncate(count(Piece::Note));
    view.reports.truncate(count(Piece::Report));
    view.events.truncate(count(Piece::Event));
    let left_out = KINDS.iter().filter_map(|piece| {
        let count = available(whole, *piece).saturating_sub(count(*piece));
        (count > 0).then(|| (said_of(*piece), u32::try_from(count).unwrap_or(u32::MAX)))
    });
    let mut all: BTreeMap<&'static str, u32> = whole.left_out.clone();
    for (what, count) in left_out {
        *all.entry(what).or_default() += count;
    }
    view.left_out = all;
    view
}

#[cfg(test)]
mod tests {
    use super::estimated_tokens;

    #[test]
    fn the_guess_is_never_below_a_third_of_the_bytes_and_counts_what_is_cut_small() {
        for (text, expected) in
            [("", 0), ("word", 2), ("three short words", 6), ("2026-11-22", 6), ("株式会社", 8)]
        {
            assert_eq!(estimated_tokens(text), expected, "{text}");
            assert!(estimated_tokens(text) as usize * 3 >= text.len(), "{text}");
        }
    }
}
