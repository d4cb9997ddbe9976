//! How long the shared texts are, [MS-XLS] 2.4.265: read as calamine reads them, without keeping any.
//! It must never fail: where the texts are broken, calamine says so.

/// Characters of each shared text, out of its record and those that continue it.
pub(super) fn lengths(records: &[Vec<u8>]) -> Vec<u16> {
    let mut lengths = Vec::new();
    let Some((first, rest)) = records.split_first() else { return lengths };
    // The counts of texts, in front of them.
    let mut texts = Texts { data: first.get(8..).unwrap_or_default(), rest };
    while !texts.data.is_empty() || texts.go_on() {
        match texts.text() {
            Some(length) => lengths.push(length),
            None => break,
        }
    }
    lengths
}

/// What is left of the texts.
struct Texts<'r> {
    data: &'r [u8],
    rest: &'r [Vec<u8>],
}

impl Texts<'_> {
    fn go_on(&mut self) -> bool {
        let Some((next, rest)) = self.rest.split_first() else { return false };
        (self.data, self.rest) = (next, rest);
        true
    }

    /// The characters of the next text, which may go on in the next record.
    fn text(&mut self) -> Option<u16> {
        let length = u16::from_le_bytes(self.take()?);
        let [flags] = self.take()?;
        let runs = if flags & 8 == 0 { 0 } else { u16::from_le_bytes(self.take()?) };
        let extension = if flags & 4 == 0 { 0 } else { u32::from_le_bytes(self.take()?) };
        let mut width = usize::from(flags & 1) + 1;
        let mut left = usize::from(length);
        loop {
            let here = left.min(self.data.len() / width);
            self.data = self.data.get(here * width..)?;
            left -= here;
            if left == 0 {
                break;
            }
            if !self.go_on() {
                return None;
            }
            // What continues a text says anew how wide its characters are.
            let [flags] = self.take()?;
            width = usize::from(flags & 1) + 1;
        }
        self.skip(u64::from(runs) * 4 + u64::from(extension))?;
        Some(length)
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.data.split_first_chunk()?;
        self.data = rest;
        Some(*taken)
    }

    fn skip(&mut self, bytes: u64) -> Option<()> {
        let mut left = usize::try_from(bytes).ok()?;
        while left > 0 {
            if self.data.is_empty() && !self.go_on() {
                return None;
            }
            let here = left.min(self.data.len());
            self.data = self.data.get(here..)?;
            left -= here;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_counted_across_records() {
        let mut first = vec![0; 8];
        first.extend(b"\x03\x00\x00abc");
        first.extend(b"\x02\x00\x01a\x00b\x00");
        // Two runs of four bytes, and an extension of three.
        first.extend(b"\x01\x00\x0c\x02\x00\x03\x00\x00\x00a1111");
        first.extend(b"2222");
        let second = b"333\x05\x00\x00ab".to_vec();
        // The rest of the text has two bytes a character.
        let third = b"\x01c\x00d\x00e\x00\x00\x00\x00".to_vec();
        assert_eq!(lengths(&[first, second, third]), [3, 2, 1, 5, 0]);
    }

    #[test]
    fn broken_texts_end_the_count() {
        for record in [vec![], vec![0; 9], [&[0; 8][..], b"\xff\xff\x00ab"].concat()] {
            assert_eq!(lengths(&[record]), [0; 0]);
        }
    }
}
