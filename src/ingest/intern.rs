//! What cells that come again and again led to before, found by their raw bytes without an allocation or a copy.
//! It must stay bounded: it is a cache in front of a map that knows better, and forgets when it is full.

use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHasher};

/// How many combinations of cells are remembered.
const MOST: usize = 1 << 18;

/// After so many rows in another order than before, order is not relied on until it is back.
const PATIENCE: u8 = 16;

/// Stands behind each cell of a key; no UTF-8 text has it.
const SEPARATOR: u8 = 0xff;

/// What the raw cells of a row led to before.
///
/// Rows come in an order: what followed some cells once most often follows them again, so that is looked at first, until
/// it was wrong for some rows: in a shuffled file it would be looked up in vain each time, far from everything else.
/// Two combinations of one hash push each other out, which costs time and nothing else.
#[derive(Debug)]
pub(super) struct RawCache<V> {
    known: Vec<Known<V>>,
    by_hash: FxHashMap<u32, u32>,
    /// What was found last.
    last: u32,
    /// For how many rows in a row something else came than what had followed before.
    wrong: u8,
}

/// One combination of cells.
#[derive(Debug)]
struct Known<V> {
    key: Box<[u8]>,
    value: V,
    /// What was found after it.
    next: u32,
}

impl<V> Default for RawCache<V> {
    fn default() -> Self {
        Self { known: Vec::new(), by_hash: FxHashMap::default(), last: 0, wrong: 0 }
    }
}

impl<V: Copy> RawCache<V> {
    /// What is remembered for these cells.
    pub(super) fn find<const N: usize>(&mut self, cells: [&[u8]; N]) -> Option<V> {
        if self.wrong < PATIENCE {
            let expected = self.at(self.last)?.next;
            if let Some(known) = self.at(expected).filter(|known| is_key_of(&known.key, cells)) {
                let value = known.value;
                (self.last, self.wrong) = (expected, 0);
                return Some(value);
            }
        }
        let place = *self.by_hash.get(&hash(cells))?;
        let value = self.at(place).filter(|known| is_key_of(&known.key, cells))?.value;
        self.follow(place);
        Some(value)
    }

    /// Remembers what these cells led to.
    pub(super) fn remember<const N: usize>(&mut self, cells: [&[u8]; N], value: V) {
        if self.known.len() >= MOST {
            self.known.clear();
            self.by_hash.clear();
        }
        let mut key = Vec::with_capacity(cells.iter().map(|cell| cell.len() + 1).sum());
        for cell in cells {
            key.extend_from_slice(cell);
            key.push(SEPARATOR);
        }
        let place = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        self.known.push(Known { key: key.into_boxed_slice(), value, next: place });
        self.by_hash.insert(hash(cells), place);
        self.follow(place);
    }

    fn at(&self, place: u32) -> Option<&Known<V>> {
        self.known.get(place as usize)
    }

    fn follow(&mut self, place: u32) {
        if let Some(last) = self.known.get_mut(self.last as usize) {
            self.wrong = if last.next == place { 0 } else { self.wrong.saturating_add(1) };
            last.next = place;
        }
        self.last = place;
    }
}

fn hash<const N: usize>(cells: [&[u8]; N]) -> u32 {
    let mut hasher = FxHasher::default();
    for cell in cells {
        // An empty cell counts by its place alone.
        if cell.is_empty() {
            hasher.write_u8(SEPARATOR);
        } else {
            hasher.write(cell);
        }
    }
    // The upper half is the better mixed one.
    (hasher.finish() >> 32) as u32
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
        cache.remember([b"b".as_slice()], 1);
        cache.by_hash.insert(hash([b"a".as_slice()]), 0);
        assert_eq!(cache.find([b"a".as_slice()]), None);
        assert_eq!(cache.find([b"b".as_slice()]), Some(1));
    }

    #[test]
    fn whatever_order_cells_come_in_they_lead_to_what_they_led_to() {
        let cells: Vec<String> = (0..7).map(|number| format!("cell {number}")).collect();
        let mut cache = RawCache::default();
        for (number, cell) in cells.iter().enumerate() {
            cache.remember([cell.as_bytes()], number);
        }
        for step in 0..200 {
            let number = (step * step + step / 3) % cells.len();
            assert_eq!(cache.find([cells[number].as_bytes()]), Some(number));
        }
    }

    #[test]
    fn it_forgets_rather_than_grow() {
        let mut cache = RawCache::default();
        for number in 0..=u32::try_from(MOST).unwrap() {
            cache.remember([number.to_le_bytes().as_slice()], number);
        }
        assert!(cache.known.len() <= MOST && cache.by_hash.len() <= MOST);
    }
}
