//! What holds for any cell.

use proptest::prelude::*;

use super::*;
use crate::model::value::{clean, grammar, plain};

fn any_target() -> impl Strategy<Value = ValueTarget> {
    let unit = || proptest::option::of(proptest::sample::select(Unit::ALL.to_vec()));
    let best = proptest::sample::select(vec![None, Some(0.0), Some(5.0), Some(100.0), Some(f64::MAX)]);
    (unit(), best, unit()).prop_map(|(unit, best, given)| ValueTarget { unit, best, given })
}

fn any_reader() -> impl Strategy<Value = ValueReader> {
    let decimal = proptest::sample::select(vec![DecimalMark::Point, DecimalMark::Comma]);
    let currency = proptest::sample::select(vec!["USD", "EUR", "AUD"]);
    let tokens = proptest::sample::select(vec![MISSING_TOKENS.to_vec(), vec!["0", "5"], vec![]]);
    (tokens, currency, decimal).prop_map(|(tokens, currency, decimal)| {
        let tokens: Vec<String> = tokens.into_iter().map(str::to_owned).collect();
        ValueReader::new(&tokens, currency, decimal)
    })
}

/// Pieces of which real cells are made, in any order, so that every rule is met.
fn cell_like() -> impl Strategy<Value = String> {
    let pieces = vec![
        "1", "23", "456", "000", "0", ".", ",", " ", "'", "-", "+", "(", ")", "$", "€", "USD", "EUR", "%",
        "K", "M", "m", "MM", "b", "e", "e3", "x", "/", "5", "100", "hours", "days", " min", "h", "tickets",
        "to", "and", "~", ">", "=", ":", "_", "٨", "\u{2212}", "\u{feff}", "\u{a0}", "－", "％", "–", "Jan",
        "2025", "\0", "\n", "é",
    ];
    proptest::collection::vec(proptest::sample::select(pieces), 0..8).prop_map(|pieces| pieces.concat())
}

/// Cells that the fast path is made for, and near misses of them.
fn plain_like() -> impl Strategy<Value = String> {
    let tails = vec![
        "",
        "%",
        " %",
        " days",
        "hours",
        " K",
        "m",
        "M",
        "MM",
        " tickets",
        " USD",
        "x",
        " ",
        "  d",
        ".",
        "e3",
        "/5",
        " 4",
        "h 30m",
        "%%",
        " days 4 hours",
    ];
    let tail = proptest::sample::select(tails);
    ("[ ]?[-+]?[$]?[-+]?(0|[0-9]{0,4})([.,]([0-9]{3}|[0-9]{2,4})){0,3}[.,]?[0-9]{0,50}", tail)
        .prop_map(|(digits, tail)| digits + tail)
}

fn any_cell() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), cell_like(), plain_like()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn no_cell_panics_and_every_number_is_finite(cell in any_cell(), target in any_target(), reader in any_reader()) {
        match reader.read(&cell, target) {
            Ok(Reading { cell: Cell::Number(number), .. }) => prop_assert!(number.is_finite()),
            Ok(_) => {}
            Err(error) => prop_assert!(!error.code().is_empty() && !error.to_string().is_empty()),
        }
    }

    #[test]
    fn a_printed_float_reads_back_to_the_bit(number in any::<f64>().prop_filter("finite", |n| n.is_finite())) {
        for cell in [format!("{number}"), format!("{number:?}"), format!("{number:e}")] {
            match read(&cell, ValueTarget::default()) {
                Ok(Reading { cell: Cell::Number(read), .. }) => prop_assert_eq!(read.to_bits(), number.to_bits()),
                other => prop_assert!(false, "{cell} was read as {other:?}"),
            }
        }
    }

    #[test]
    fn surrounding_spaces_change_nothing(
        cell in any_cell(),
        before in "[ \t\r\n\u{a0}\u{202f}\u{200b}\u{feff}]{0,3}",
        after in "[ \t\r\n\u{a0}\u{202f}\u{200b}\u{feff}]{0,3}",
        target in any_target(),
        reader in any_reader(),
    ) {
        prop_assert_eq!(reader.read(&format!("{before}{cell}{after}"), target), reader.read(&cell, target));
    }

    #[test]
    fn the_fast_path_agrees_with_the_thorough_one(
        cell in any_cell(), target in any_target(), reader in any_reader()
    ) {
        if let Some(quantity) = plain::quantity(&cell, reader.rules(target)) {
            let text = clean::clean(&cell, reader.decimal).expect("a plain cell has no control characters");
            prop_assert_eq!(grammar::quantity(&text, reader.rules(target)), Ok(quantity));
        }
        prop_assert_eq!(reader.read(&cell, target), reader.read_thoroughly(&cell, target, reader.rules(target)));
    }
}

#[test]
fn the_fast_path_answers_for_plain_cells() {
    let reader = reader(DecimalMark::Point);
    for cell in
        ["71.2", " 5 ", "-5", "85.5%", "85 %", "$41,234.50", "$26K", "12.5 days", "18 hours", "10 tickets"]
    {
        assert!(plain::quantity(cell, reader.rules(of(Unit::Count))).is_some(), "{cell:?}");
    }
}
