//! What cells that come again and again led to before, found by their raw bytes without an allocation.
//! It must stay bounded: it is a cache in front of a map that knows better, and forgets when it is full.

use rustc_hash::FxHashMap;

/// How many texts are remembered.
const MOST: usize = 1 << 18;

/// Stands between the parts of a key; no UTF-8 text has it.
const SEPARATOR: u8 = 0xff;

/// What the raw cells of a row led to before.
#[derive(Debug)]
pub(super) struct RawCache<V> {
    values: FxHashMap<Box<[u8]>, V>,
    /// The key that was asked for last.
    key: Vec<u8>,
    /// The key that was found last and its value: rows of one account mostly follow each other.
    last: Option<(Vec<u8>, V)>,
}

impl<V> Default for RawCache<V> {
    fn default() -> Self {
        Self { values: FxHashMap::default(), key: Vec::new(), last: None }
    }
}

impl<V: Copy> RawCache<V> {
    /// What is remembered for these cells.
    pub(super) fn find<const N: usize>(&mut self, cells: [&[u8]; N]) -> Option<V> {
        self.key.clear();
        for cell in cells {
            self.key.extend_from_slice(cell);
            self.key.push(SEPARATOR);
        }
        if let Some((_, value)) = self.last.as_ref().filter(|(key, _)| *key == self.key) {
            return Some(*value);
        }
        let value = *self.values.get(self.key.as_slice())?;
        self.keep_last(value);
        Some(value)
    }

    /// Remembers what the cells that [`Self::find`] was asked for last led to.
    pub(super) fn remember(&mut self, value: V) {
        if self.values.len() >= MOST {
            self.values.clear();
        }
        self.values.insert(self.key.as_slice().into(), value);
        self.keep_last(value);
    }

    fn keep_last(&mut self, value: V) {
        match &mut self.last {
            Some((key, last)) => {
                key.clone_from(&self.key);
                *last = value;
            }
            None => self.last = Some((self.key.clone(), value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_told_apart_where_they_are_parted() {
        let mut cache = RawCache::default();
        for (number, cells) in [(1, [b"ab".as_slice(), b""]), (2, [b"a", b"b"]), (3, [b"", b"ab"])] {
            assert_eq!(cache.find(cells), None);
            cache.remember(number);
            assert_eq!(cache.find(cells), Some(number));
        }
        assert_eq!(cache.find([b"ab", b""]), Some(1));
    }

    #[test]
    fn it_forgets_rather_than_grow() {
        let mut cache = RawCache::default();
        for number in 0..=u32::try_from(MOST).unwrap() {
            cache.find([number.to_le_bytes().as_slice()]);
            cache.remember(number);
        }
        assert!(cache.values.len() <= MOST);
    }
}
