//! Sparklines: a bar a value, beside the numbers that they draw and never in their place.

/// The bars, lowest first; all are in every monospaced font that a terminal is likely to have.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A bar a value between the lowest and the highest, a space where there is none; of more values than `columns` each
/// bar is the last of as many as it takes. None where fewer than two values are there to be drawn.
pub(super) fn sparkline(values: &[Option<f64>], columns: usize) -> Option<String> {
    let known = || values.iter().copied().flatten().filter(|value| value.is_finite());
    if known().count() < 2 || columns == 0 {
        return None;
    }
    let lowest = known().fold(f64::INFINITY, f64::min);
    let highest = known().fold(f64::NEG_INFINITY, f64::max);
    let each = values.len().div_ceil(columns);
    let bar = |values: &[Option<f64>]| {
        let last = values.iter().rev().copied().flatten().find(|value| value.is_finite());
        last.map_or(' ', |value| bar_of(value, lowest, highest))
    };
    Some(values.chunks(each).map(bar).collect())
}

fn bar_of(value: f64, lowest: f64, highest: f64) -> char {
    // Halved, so that a range beyond the largest number does not become infinite.
    let range = highest / 2.0 - lowest / 2.0;
    let along = if range > 0.0 { (value / 2.0 - lowest / 2.0) / range } else { 0.5 };
    let reached = BARS.iter().zip(1_u8..).find(|(_, step)| along * 8.0 < f64::from(*step));
    reached.map_or('█', |(bar, _)| *bar)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(values: &[f64]) -> Option<String> {
        sparkline(&values.iter().copied().map(Some).collect::<Vec<_>>(), 40)
    }

    #[test]
    fn the_lowest_is_the_lowest_bar_and_the_highest_the_highest() {
        assert_eq!(drawn(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]).as_deref(), Some("▁▂▃▄▅▆▇█"));
        assert_eq!(drawn(&[-5.0, 5.0]).as_deref(), Some("▁█"));
        assert_eq!(drawn(&[3.0, 3.0]).as_deref(), Some("▅▅"), "what does not move is in the middle");
        assert_eq!(drawn(&[f64::MIN, 0.0, f64::MAX]).as_deref(), Some("▁▅█"));
    }

    #[test]
    fn gaps_are_spaces_and_one_value_is_no_line() {
        assert_eq!(sparkline(&[Some(1.0), None, Some(2.0)], 40).as_deref(), Some("▁ █"));
        assert_eq!(sparkline(&[Some(1.0), None], 40), None);
        assert_eq!(drawn(&[]), None);
        assert_eq!(drawn(&[1.0, f64::NAN]), None);
    }

    #[test]
    fn more_values_than_columns_are_drawn_by_the_last_of_each_stretch() {
        let values: Vec<Option<f64>> = (0_u8..100).map(|value| Some(f64::from(value))).collect();
        let drawn = sparkline(&values, 10).unwrap_or_default();
        assert_eq!(drawn.chars().count(), 10);
        assert_eq!(drawn.chars().last(), Some('█'));
    }
}
