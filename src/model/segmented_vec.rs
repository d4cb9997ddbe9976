//! Many small things in a row, of which no one knows beforehand how many there will be.
//!
//! A vector that grows is copied, and for that moment there twice; and it is given up as a whole. Rows of millions stand
//! in segments: one that is full is never moved, and one that is not needed any more can go while the others are.

use std::mem::take;

/// How many things stand in one segment.
const SEGMENT: usize = 1 << 16;

/// Things in the order in which they came.
#[derive(Debug, Clone)]
pub struct SegmentedVec<T> {
    /// Each of [`SEGMENT`] things, but the last one.
    segments: Vec<Vec<T>>,
}

impl<T> Default for SegmentedVec<T> {
    fn default() -> Self {
        Self { segments: Vec::new() }
    }
}

impl<T> SegmentedVec<T> {
    /// How many there are, those that were given up among them.
    #[must_use]
    pub fn len(&self) -> usize {
        let last = self.segments.last().map_or(0, Vec::len);
        self.segments.len().saturating_sub(1) * SEGMENT + last
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Takes one more.
    pub fn push(&mut self, thing: T) {
        match self.segments.last_mut().filter(|last| last.len() < SEGMENT) {
            Some(last) => last.push(thing),
            None => {
                // The first one grows with what comes, for most files are small.
                let mut next =
                    if self.segments.is_empty() { Vec::new() } else { Vec::with_capacity(SEGMENT) };
                next.push(thing);
                self.segments.push(next);
            }
        }
    }

    /// The one at a place; None behind the last, and where it was given up.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<&T> {
        self.segments.get(place / SEGMENT)?.get(place % SEGMENT)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        self.segments.get_mut(place / SEGMENT)?.get_mut(place % SEGMENT)
    }

    /// All of them.
    pub fn iter(&self) -> std::iter::Flatten<std::slice::Iter<'_, Vec<T>>> {
        self.into_iter()
    }

    /// All of them, to be changed.
    pub fn iter_mut(&mut self) -> std::iter::Flatten<std::slice::IterMut<'_, Vec<T>>> {
        self.into_iter()
    }

    /// Keeps those of which this is true.
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        *self = take(self).into_iter().filter(|thing| keep(thing)).collect();
    }

    /// Puts them into the order of a key; those of one key stay as they stand.
    pub fn sort_by_key<K: Ord>(&mut self, key: impl Fn(&T) -> K) {
        if self.iter().is_sorted_by_key(&key) {
            return;
        }
        let mut all: Vec<T> = take(self).into_iter().collect();
        all.sort_by_key(key);
        *self = all.into_iter().collect();
    }

    /// Gives up the memory of those before a place, as far as whole segments are; the others keep their places.
    pub fn give_up_before(&mut self, place: usize) {
        for segment in self.segments.iter_mut().take(place / SEGMENT).rev().take_while(|s| !s.is_empty()) {
            *segment = Vec::new();
        }
    }
}

impl<T> IntoIterator for SegmentedVec<T> {
    type Item = T;
    type IntoIter = std::iter::Flatten<std::vec::IntoIter<Vec<T>>>;

    /// Each segment is given up once it was passed.
    fn into_iter(self) -> Self::IntoIter {
        self.segments.into_iter().flatten()
    }
}

impl<'s, T> IntoIterator for &'s SegmentedVec<T> {
    type Item = &'s T;
    type IntoIter = std::iter::Flatten<std::slice::Iter<'s, Vec<T>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.segments.iter().flatten()
    }
}

impl<'s, T> IntoIterator for &'s mut SegmentedVec<T> {
    type Item = &'s mut T;
    type IntoIter = std::iter::Flatten<std::slice::IterMut<'s, Vec<T>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.segments.iter_mut().flatten()
    }
}

impl<T> FromIterator<T> for SegmentedVec<T> {
    fn from_iter<I: IntoIterator<Item = T>>(things: I) -> Self {
        let mut segments = Self::default();
        things.into_iter().for_each(|thing| segments.push(thing));
        segments
    }
}

impl<T: PartialEq> PartialEq<Vec<T>> for SegmentedVec<T> {
    fn eq(&self, other: &Vec<T>) -> bool {
        self.iter().eq(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(count: usize) -> SegmentedVec<usize> {
        (0..count).collect()
    }

    #[test]
    fn things_come_out_as_they_went_in() {
        for count in [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT, 3 * SEGMENT + 7] {
            let mut segments = filled(count);
            assert_eq!((segments.len(), segments.is_empty()), (count, count == 0));
            assert!(segments.iter().copied().eq(0..count));
            assert_eq!(
                count.checked_sub(1).and_then(|last| segments.get(last)),
                count.checked_sub(1).as_ref()
            );
            assert_eq!(segments.get(count), None);
            segments.iter_mut().for_each(|thing| *thing += 1);
            segments.get_mut(0).into_iter().for_each(|first| *first = 0);
            segments.retain(|thing| *thing != 0 && thing % 3 != 0);
            assert!(segments.into_iter().eq((2..=count).filter(|thing| thing % 3 != 0)));
        }
    }

    #[test]
    fn those_before_a_place_go_by_whole_segments_and_the_others_stay_where_they_are() {
        let count = 3 * SEGMENT + 7;
        let mut segments = filled(count);
        segments.give_up_before(SEGMENT - 1);
        assert_eq!(segments.get(0), Some(&0));
        segments.give_up_before(2 * SEGMENT + 5);
        assert_eq!((segments.get(0), segments.get(2 * SEGMENT - 1)), (None, None));
        assert_eq!((segments.get(2 * SEGMENT), segments.len()), (Some(&(2 * SEGMENT)), count));
        segments.give_up_before(count);
        assert_eq!((segments.get(3 * SEGMENT - 1), segments.get(count - 1)), (None, Some(&(count - 1))));
    }

    #[test]
    fn they_are_sorted_across_segments_and_stay_as_they_stand_within_a_key() {
        let mut segments: SegmentedVec<(usize, usize)> =
            (0..2 * SEGMENT).map(|place| (2 * SEGMENT / 5 - place / 5, place)).collect();
        segments.sort_by_key(|(key, _)| *key);
        assert!(segments.iter().is_sorted());
        assert_eq!(segments.len(), 2 * SEGMENT);
    }

    #[test]
    fn it_is_like_a_vector_of_the_same_things() {
        assert!(filled(2) == vec![0, 1]);
        assert!(filled(2) != vec![0, 2] && filled(2) != vec![0]);
    }
}
