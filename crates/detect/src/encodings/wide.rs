//! UTF-16 and UTF-32.
//!
//! A token is ASCII, so in a wide encoding its characters stand `stride` bytes apart with zeros
//! between them. Whether the zeros belong to the character before or after is the byte order. Both
//! orders read the same characters but for the first and the last, so the one that reads more is
//! right; where each reads one that the other does not, both readings are made.

use std::ops::Range;

use super::{BACK, Decoded, FORWARD};

/// Decodes the text around `at`, which is the significant byte of a character.
pub(super) fn decode(bytes: &[u8], at: usize, stride: usize) -> Vec<Decoded> {
    let little = Run::around(bytes, at, (stride, 0));
    let big = Run::around(bytes, at, (stride, stride - 1));
    let runs = match (little, big) {
        (Some(little), Some(big)) if little.says_all_of(&big) => vec![little],
        (Some(little), Some(big)) if big.says_all_of(&little) => vec![big],
        (little, big) => little.into_iter().chain(big).collect(),
    };
    runs.into_iter().map(|run| run.decode(bytes, at)).collect()
}

/// Text read as units of so many bytes, of which one is significant.
struct Run {
    bytes: Range<usize>,
    stride: usize,
    significant: usize,
}

impl Run {
    /// The text around the character whose significant byte is at `at`, as far as a window goes.
    fn around(bytes: &[u8], at: usize, (stride, significant): (usize, usize)) -> Option<Self> {
        let reads = |start: usize| is_character(bytes.get(start..start + stride), significant);
        let at = at.checked_sub(significant).filter(|&at| reads(at))?;
        let before = (1..=BACK)
            .map_while(|units| at.checked_sub(units * stride))
            .take_while(|&start| reads(start));
        let after = (1..FORWARD).map(|units| at + units * stride).take_while(|&start| reads(start));
        let bytes = before.last().unwrap_or(at)..after.last().unwrap_or(at) + stride;
        Some(Self { bytes, stride, significant })
    }

    /// Whether every character of another order is one of this too. Of two that say the same, the
    /// one whose characters stand at whole offsets says it.
    fn says_all_of(&self, other: &Self) -> bool {
        let (own, others) = (self.characters(), other.characters());
        let is_aligned = self.bytes.start.is_multiple_of(self.stride);
        own.start <= others.start && own.end >= others.end && (own != others || is_aligned)
    }

    /// From the first significant byte to behind the last.
    fn characters(&self) -> Range<usize> {
        let last = self.bytes.end - self.stride;
        self.bytes.start + self.significant..last + self.significant + 1
    }

    fn decode(&self, bytes: &[u8], at: usize) -> Decoded {
        let noticed = (at - self.bytes.start) / self.stride;
        let own_from = if noticed < BACK { 0 } else { 16 };
        let mut decoded = Decoded { own_from, ..Decoded::default() };
        for start in self.bytes.clone().step_by(self.stride) {
            decoded.push(bytes[start + self.significant], start..start + self.stride);
        }
        if self.stride == 4 && self.ends_in_array(bytes, at) {
            // It says that this is no text, in which nothing may follow a value directly.
            decoded.push(0, self.bytes.end..self.bytes.end + self.stride);
        }
        decoded.finish(noticed, self.bytes.end)
    }

    /// Whether the run may be strings of an array, the last of them filled with zeros to the width of
    /// all and one at `at` as long as that, so that nothing stands behind it. `NumPy` keeps texts so.
    fn ends_in_array(&self, bytes: &[u8], at: usize) -> bool {
        let zeros = bytes[self.bytes.end..]
            .chunks_exact(self.stride)
            .take(FORWARD)
            .take_while(|unit| unit.iter().all(|&b| b == 0))
            .count();
        let noticed = (self.bytes.end - at.min(self.bytes.end)).div_ceil(self.stride);
        zeros > 0
            && FULL_WIDTHS.iter().any(|&(skipped, width)| {
                noticed + skipped > width && (noticed + skipped + zeros).is_multiple_of(width)
            })
    }
}

/// How long values are that fill an array's width, in characters, and where in each stands what gives
/// it away: user tokens, refresh tokens, organisations' tokens and applications' secrets.
const FULL_WIDTHS: [(usize, usize); 4] = [(0, 37), (0, 52), (5, 42), (14, 51)];

/// Whether a unit is a character of ASCII text. A control character is rather a byte of something
/// else that stands beside a zero.
fn is_character(unit: Option<&[u8]>, significant: usize) -> bool {
    let Some(unit) = unit else { return false };
    matches!(unit[significant], b'\t' | b'\n' | b'\r' | b' '..=b'~')
        && unit.iter().enumerate().all(|(i, &b)| i == significant || b == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the only reading says and the bytes it was read from.
    fn span(bytes: &[u8], at: usize, stride: usize) -> (Vec<u8>, Range<usize>) {
        let [decoded] = decode(bytes, at, stride).try_into().unwrap();
        let span = decoded.source_of(0..decoded.bytes.len());
        (decoded.bytes, span)
    }

    #[test]
    fn the_byte_order_is_told_by_what_it_reads() {
        let little = b"=\0h\0f\0_\0";
        assert_eq!(span(little, 2, 2), (b"=hf_".to_vec(), 0..8));
        let big = b"\0=\0h\0f\0_";
        assert_eq!(span(big, 3, 2), (b"=hf_".to_vec(), 0..8));
        // The ideographs on either side end the run, whatever their bytes.
        let between = b"\x68\x5fh\0f\0\x5f\x68";
        assert_eq!(span(between, 2, 2), (b"hf".to_vec(), 2..6));
        // Where both orders read as much, characters stand at whole offsets.
        assert_eq!(span(b"\0h\0f\0", 1, 2), (b"hf".to_vec(), 0..4));
        assert_eq!(span(b"\0\0\0h\0\0\0f\0\0\0", 3, 4), (b"hf".to_vec(), 0..8));
        // Bytes that are no text do not count, on whichever side they stand.
        assert_eq!(span(b"\x01\0h\0f\x7f", 2, 2), (b"hf".to_vec(), 1..5));
        assert_eq!(decode(b"x\0h\0fx", 2, 2).len(), 2);
    }
}
