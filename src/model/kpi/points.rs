//! The four points of a KPI's definition: filling in the outer ones, and checking that they make a scale.
//!
//! A definition that passed [`check`] scores every finite value without a jump (HEALTH.md, "A KPI's score").

use super::Direction;

/// The four points as a person gives them: an outer one that has no natural end is left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GivenPoints {
    /// The value that scores 0.
    pub worst: Option<f64>,
    /// The value that scores 100/3.
    pub critical_edge: f64,
    /// The value that scores 200/3.
    pub healthy_edge: f64,
    /// The value that scores 100.
    pub best: Option<f64>,
}

impl GivenPoints {
    /// The four points, checked: the edges first, for a point that was left out follows from them.
    ///
    /// # Errors
    /// As [`check`].
    pub fn checked(self, direction: Direction) -> Result<[f64; 4], PointFault> {
        let edges = [(POINT_NAMES[1], self.critical_edge), (POINT_NAMES[2], self.healthy_edge)];
        check_order(direction, edges)?;
        let points = self.complete();
        check(direction, points)?;
        Ok(points)
    }

    /// Worst, critical edge, healthy edge and best; a missing outer one lies two gaps beyond its edge.
    #[must_use]
    pub fn complete(self) -> [f64; 4] {
        let gap = self.healthy_edge - self.critical_edge;
        [
            self.worst.unwrap_or(self.critical_edge - 2.0 * gap),
            self.critical_edge,
            self.healthy_edge,
            self.best.unwrap_or(self.healthy_edge + 2.0 * gap),
        ]
    }
}

/// The names of the four points, in order.
pub const POINT_NAMES: [&str; 4] = ["worst", "critical_edge", "healthy_edge", "best"];

/// Which point is at fault, and what was expected of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointFault {
    /// One of [`POINT_NAMES`].
    pub point: &'static str,
    /// What was expected and what was found.
    pub message: String,
}

/// Checks that four points are finite and lead strictly from worst to best in the direction.
///
/// # Errors
/// The first point that is not finite, or that does not lie beyond the one before it.
pub fn check(direction: Direction, points: [f64; 4]) -> Result<(), PointFault> {
    check_order(direction, POINT_NAMES.into_iter().zip(points))
}

fn check_order(
    direction: Direction,
    points: impl IntoIterator<Item = (&'static str, f64)>,
) -> Result<(), PointFault> {
    let mut before: Option<(&str, f64)> = None;
    for (point, value) in points {
        if !value.is_finite() {
            let message = format!("expected a finite number, got {value}");
            return Err(PointFault { point, message });
        }
        if let Some((name, last)) = before
            && !leads_on(direction, last, value)
        {
            return Err(PointFault { point, message: expectation(direction, name, last, value) });
        }
        before = Some((point, value));
    }
    Ok(())
}

fn leads_on(direction: Direction, from: f64, to: f64) -> bool {
    match direction {
        Direction::Higher => from < to,
        Direction::Lower => from > to,
    }
}

fn expectation(direction: Direction, name: &str, last: f64, value: f64) -> String {
    let (side, word) = match direction {
        Direction::Higher => ("above", "higher"),
        Direction::Lower => ("below", "lower"),
    };
    format!("expected a number {side} {name} ({last}), because {word} is better, got {value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(worst: Option<f64>, best: Option<f64>) -> GivenPoints {
        GivenPoints { worst, critical_edge: 10.0, healthy_edge: 25.0, best }
    }

    #[test]
    fn a_missing_outer_point_lies_two_gaps_beyond_its_edge() {
        assert_eq!(given(Some(0.0), None).complete(), [0.0, 10.0, 25.0, 55.0]);
        assert_eq!(given(None, Some(100.0)).complete(), [-20.0, 10.0, 25.0, 100.0]);
        let lower = GivenPoints { worst: None, critical_edge: 30.0, healthy_edge: 7.0, best: Some(0.0) };
        assert_eq!(lower.complete(), [76.0, 30.0, 7.0, 0.0]);
    }

    #[test]
    fn points_must_lead_from_worst_to_best() {
        assert_eq!(check(Direction::Higher, [0.0, 10.0, 25.0, 55.0]), Ok(()));
        assert_eq!(check(Direction::Lower, [76.0, 30.0, 7.0, 0.0]), Ok(()));
        for (direction, points, at_fault) in [
            (Direction::Higher, [10.0, 10.0, 25.0, 55.0], "critical_edge"),
            (Direction::Higher, [0.0, 25.0, 10.0, 55.0], "healthy_edge"),
            (Direction::Higher, [0.0, 10.0, 25.0, 20.0], "best"),
            (Direction::Lower, [0.0, 10.0, 25.0, 55.0], "critical_edge"),
            (Direction::Higher, [f64::NEG_INFINITY, 10.0, 25.0, 55.0], "worst"),
            (Direction::Lower, [76.0, f64::NAN, 7.0, 0.0], "critical_edge"),
        ] {
            let fault = check(direction, points).unwrap_err();
            assert_eq!(fault.point, at_fault, "{points:?}: {}", fault.message);
        }
    }

    #[test]
    fn the_fault_says_what_was_expected() {
        let fault = check(Direction::Lower, [5.0, 30.0, 7.0, 0.0]).unwrap_err();
        assert_eq!(fault.message, "expected a number below worst (5), because lower is better, got 30");
    }
}
