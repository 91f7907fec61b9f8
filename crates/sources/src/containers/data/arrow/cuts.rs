//! Where one value ends and the next starts.

use std::io::{self, Read};

/// How much longer a buffer may be than the values in it, in bytes. Writers fill up to 64.
const MOST_PADDING: u64 = 64;

/// The size of a view of a string, and of the longest string that is kept in one.
const VIEW: usize = 16;
const LONGEST_INLINE: u32 = 12;

/// The places at which `offsets` cut a buffer that is so long, if that is what they do: none is
/// below the one before, and the last is the buffer's end.
pub(super) fn of_offsets(offsets: &[u8], length: u64) -> Option<Vec<u64>> {
    let narrow = offsets.chunks_exact(4).filter_map(|word| word.first_chunk());
    let wide = offsets.chunks_exact(8).filter_map(|long| long.first_chunk());
    fitting(narrow.map(|word| u64::from(u32::from_le_bytes(*word))), length)
        .or_else(|| fitting(wide.map(|long| u64::from_le_bytes(*long)), length))
}

fn fitting(offsets: impl Iterator<Item = u64> + Clone, length: u64) -> Option<Vec<u64>> {
    // Nothing is collected before it is known to fit.
    let mut last = 0;
    let mut places = 0;
    for offset in offsets.clone() {
        // What fills up a buffer of offsets is zeros.
        if offset < last && offset > 0 || offset > length {
            return None;
        }
        if offset > last {
            (last, places) = (offset, places + 1);
        }
    }
    if places == 0 || length - last >= MOST_PADDING {
        return None;
    }
    let mut cuts: Vec<u64> = offsets.filter(|&offset| offset > 0).collect();
    cuts.dedup();
    Some(cuts)
}

/// For each buffer that `views` lead to, the places at which they cut it, in order.
pub(super) fn of_views(views: &[u8], lengths: &[u64]) -> Vec<(usize, u64)> {
    let mut cuts = Vec::new();
    for view in views.chunks_exact(VIEW) {
        let word = |at: usize| view[at..].first_chunk().map_or(0, |word| u32::from_le_bytes(*word));
        let (length, buffer, start) = (word(0), word(8), u64::from(word(12)));
        if length <= LONGEST_INLINE {
            continue;
        }
        let buffer = usize::try_from(buffer).unwrap_or(usize::MAX);
        let end = start + u64::from(length);
        if lengths.get(buffer).is_none_or(|&length| end > length) {
            return Vec::new();
        }
        cuts.extend([(buffer, start), (buffer, end)]);
    }
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// Reads a buffer with a line break at each of its cuts.
pub(super) struct Apart<R> {
    inner: R,
    cuts: std::iter::Peekable<std::vec::IntoIter<u64>>,
    at: u64,
}

impl<R: Read> Apart<R> {
    /// The cuts must be in order.
    pub(super) fn new(inner: R, cuts: Vec<u64>) -> Self {
        Self { inner, cuts: cuts.into_iter().peekable(), at: 0 }
    }
}

impl<R: Read> Read for Apart<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        while self.cuts.next_if(|&cut| cut < self.at || cut == 0).is_some() {}
        let Some(first) = target.first_mut() else { return Ok(0) };
        if self.cuts.next_if_eq(&self.at).is_some() {
            *first = b'\n';
            return Ok(1);
        }
        let until = self.cuts.peek().map_or(u64::MAX, |cut| cut - self.at);
        let most = usize::try_from(until).unwrap_or(usize::MAX).min(target.len());
        let read = self.inner.read(&mut target[..most])?;
        self.at += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_fit_a_buffer_in_either_width() {
        let narrow = [0_u32, 3, 3, 9].map(u32::to_le_bytes).concat();
        let wide = [0_u64, 3, 3, 9].map(u64::to_le_bytes).concat();
        for offsets in [narrow, wide] {
            assert_eq!(of_offsets(&offsets, 9), Some(vec![3, 9]));
            assert_eq!(of_offsets(&offsets, 16), Some(vec![3, 9]));
            assert_eq!(of_offsets(&offsets, 8), None);
            assert_eq!(of_offsets(&offsets, 99), None);
        }
        let shrinking = [0_u32, 5, 3, 9].map(u32::to_le_bytes).concat();
        assert_eq!(of_offsets(&shrinking, 9), None);
        assert_eq!(of_offsets(&[], 0), None);
    }

    #[test]
    fn views_lead_to_long_strings_alone() {
        let view = |length: u32, buffer: u32, at: u32| {
            [length, 0, buffer, at].map(u32::to_le_bytes).concat()
        };
        let views = [view(20, 0, 20), view(12, 9, 9), view(20, 0, 0), view(13, 1, 2)].concat();
        let cuts = vec![(0, 0), (0, 20), (0, 40), (1, 2), (1, 15)];
        assert_eq!(of_views(&views, &[40, 20]), cuts);
        assert_eq!(of_views(&views, &[39, 20]), []);
    }

    #[test]
    fn line_breaks_stand_at_the_cuts() {
        let mut apart = String::new();
        let mut reader = Apart::new(&b"hellobigworld"[..], vec![0, 5, 8, 13]);
        reader.read_to_string(&mut apart).expect("memory can be read");
        assert_eq!(apart, "hello\nbig\nworld\n");
    }
}
