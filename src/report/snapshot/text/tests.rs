//! The text of a snapshot, whole, at two widths.

use super::super::fixtures::{bare, retail_chain};
use super::*;
use crate::model::time::Timestamp;
use crate::report::snapshot::Retracted;
use crate::report::style::plain;
use crate::report::text::width;

const ZONE: Tz = chrono_tz::America::New_York;

fn shown(view: &SnapshotView, columns: usize) -> String {
    plain(&render_snapshot_text(view, columns, ZONE))
}

#[test]
fn a_full_snapshot_at_two_widths() {
    assert_eq!(shown(&retail_chain(), 100), include_str!("golden_100.txt"));
    assert_eq!(shown(&retail_chain(), 60), include_str!("golden_60.txt"));
}

#[test]
fn no_line_is_wider_than_asked_for_and_below_60_nothing_is_squeezed_further() {
    for columns in 60..140 {
        for line in shown(&retail_chain(), columns).lines() {
            assert!(width(line) <= columns, "{columns}: {line}");
        }
    }
    assert_eq!(shown(&retail_chain(), 1), shown(&retail_chain(), 60));
}

#[test]
fn what_is_unknown_is_left_out() {
    let expected = concat!(
        "Retail Chain Corp                                 snapshot 1\n",
        "customer acme · account 5 · no. 1 of this account\n",
        "taken 2026-11-22 05:00:05 -05:00 · 45 s old\n",
        "manual · by jo@desk\n",
    );
    assert_eq!(shown(&bare(), 60), expected);
}

#[test]
fn a_retracted_or_unchanged_snapshot_says_so() {
    let at = Timestamp::parse("2026-11-20T12:00:00Z").unwrap();
    let retracted = Retracted { upload_id: crate::model::ids::UploadId::new(14), undone_at: at };
    let view = SnapshotView { retracted: Some(retracted), unchanged_since: Some(at), ..bare() };
    let text = shown(&view, 100);
    let notice = "! retracted: upload 14, from which it was made, was undone 2026-11-20 07:00:00 -05:00\n";
    assert!(text.contains(notice), "{text}");
    assert!(text.contains("Change      unchanged since 2026-11-20 07:00:00 -05:00\n"), "{text}");
}

#[test]
fn the_band_is_coloured_and_nothing_from_outside_reaches_the_terminal() {
    let text = render_snapshot_text(&retail_chain(), 100, ZONE);
    assert!(text.contains("\u{1b}[1m\u{1b}[33m! at risk\u{1b}[0m"), "{text:?}");
    assert!(!plain(&text).contains(|c: char| c != '\n' && crate::report::text::is_treacherous(c)));
}
