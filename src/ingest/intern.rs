//! What cells that come again and again led to before, found by their raw bytes without an allocation or a copy.
//! It must stay bounded: it is a cache in front of a map that knows better, and forgets when it is full.

use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHasher};

/// How many combinations of cells are remembered.
const MOST: usize = 1 << 18;

/// Stands behind each cell of a key; no UTF-8 text has it.
const SEPARATOR: u8 = 0xff;

/// What the raw cells of a row led to before.
///
/// Two combinations of one hash push each other out, which costs time and nothing else.
#[derive(Debug)]
pub(super) struct RawCache<V> {
    slots: FxHashMap<u64, (Box<[u8]>, V)>,
}

impl<V> Default for RawCache<V> {
    fn default() -> Self {
        Self { slots: FxHashMap::default() }
    }
}

impl<V: Copy> RawCache<V> {
    /// What is remembered for these cells.
    pub(super) fn find<const N: usize>(&self, cells: [&[u8]; N]) -> Option<V> {
        let (key, value) = self.slots.get(&hash(cells))?;
        is_key_of(key, cells).then_some(*value)
    }

    /// Remembers what these cells led to.
    pub(super) fn remember<const N: usize>(&mut self, cells: [&[u8]; N], value: V) {
        if self.slots.len() >= MOST {
            self.slots.clear();
        }
        let mut key = Vec::with_capacity(cells.iter().map(|cell| cell.len() + 1).sum());
        for cell in cells {
            key.extend_from_slice(cell);
            key.push(SEPARATOR);
        }
        self.slots.insert(hash(cells), (key.into_boxed_slice(), value));
    }
}

fn hash<const N: usize>(cells: [&[u8]; N]) -> u64 {
    let mut hasher = FxHasher::default();
    for cell in cells {
        // An empty cell counts by its place alone.
        if cell.is_empty() {
            hasher.write_u8(SEPARATOR);
        } else {
            hasher.write(cell);
        }
    }
    hasher.finish()
}

fn is_key_of<const N: usize>(key: &[u8], cells: [&[u8]; N]) -> bool {
    let mut rest = key;
    for cell in cells {
        match rest.split_at_checked(cell.len()) {
            Some((start, [SEPARATOR, behind @ ..])) if is_same(start, cell) => rest = behind,
            _ => return false,
        }
    }
    rest.is_empty()
}

/// Whether two cells are the same. Empty ones are told without comparing: an empty slice may point anywhere, and
/// glibc's vectorised `memcmp` of no bytes at an unmapped address takes 100 ns.
pub(super) fn is_same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && (a.is_empty() || a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_told_apart_where_they_are_parted() {
        let mut cache = RawCache::default();
        for (number, cells) in [(1, [b"ab".as_slice(), b""]), (2, [b"a", b"b"]), (3, [b"", b"ab"])] {
            assert_eq!(cache.find(cells), None);
            cache.remember(cells, number);
            assert_eq!(cache.find(cells), Some(number));
        }
        assert_eq!(cache.find([b"ab", b""]), Some(1));
    }

    #[test]
    fn cells_of_one_hash_are_not_mistaken_for_each_other() {
        let mut cache = RawCache::default();
        cache.slots.insert(hash([b"a"]), (Box::from([b'b', SEPARATOR]), 1));
        assert_eq!(cache.find([b"a"]), None);
    }

    #[test]
    fn it_forgets_rather_than_grow() {
        let mut cache = RawCache::default();
        for number in 0..=u32::try_from(MOST).unwrap() {
            cache.remember([number.to_le_bytes().as_slice()], number);
        }
        assert!(cache.slots.len() <= MOST);
    }
}
