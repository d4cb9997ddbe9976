//! Keeps of a list only what rows use: an account that only rejected rows name is not in a batch, so nothing can
//! come into being by it.

/// The new number of each old one, where something was dropped.
pub(super) struct Renumbering(Option<Vec<u32>>);

impl Renumbering {
    /// Puts the new number in the place of the old one.
    pub(super) fn apply(&self, number: &mut u32) {
        if let Some(new) = self.0.as_ref().and_then(|numbers| numbers.get(*number as usize)) {
            *number = *new;
        }
    }
}

/// Drops the items whose number (their place) is not among `uses`; the rest stays in the same order.
pub(super) fn keep_used<T>(items: &mut Vec<T>, uses: impl Iterator<Item = u32>) -> Renumbering {
    let mut used = vec![false; items.len()];
    for number in uses {
        if let Some(used) = used.get_mut(number as usize) {
            *used = true;
        }
    }
    if used.iter().all(|used| *used) {
        return Renumbering(None);
    }
    let mut marks = used.iter();
    items.retain(|_| marks.next().copied().unwrap_or(false));
    let renumber = |next: &mut u32, used: &bool| {
        let number = *next;
        *next += u32::from(*used);
        Some(number)
    };
    Renumbering(Some(used.iter().scan(0, renumber).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nothing_uses_goes_and_numbers_still_mean_the_same() {
        let mut items = vec!["a", "b", "c"];
        let mut numbers = [2, 0, 2];
        let renumbering = keep_used(&mut items, numbers.iter().copied());
        numbers.iter_mut().for_each(|number| renumbering.apply(number));
        assert_eq!((items, numbers), (vec!["a", "c"], [1, 0, 1]));
        let mut items = vec!["a"];
        assert!(keep_used(&mut items, [0, 7].into_iter()).0.is_none() && items == ["a"]);
    }
}
