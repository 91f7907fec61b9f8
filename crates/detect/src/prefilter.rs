//! Finds where any of a hundred short literals may start, at memory speed.
//!
//! The idea is that of Teddy, Hyperscan's multi-literal matcher. The literals are put in eight
//! buckets, one a bit. For each of the first three bytes of a literal a table says, for any byte,
//! which buckets hold a literal with that byte in that place. The tables' bits for three
//! neighbouring bytes, ANDed, name the buckets that may start there; on real text fewer than one
//! place in a hundred is left.
//!
//! A vector instruction looks sixteen-entry tables up, so there it takes two for each byte, one for
//! either half of it, which lets a little more through. Both versions are tested to let every
//! literal through, and to agree on what else.

/// How many bytes of each literal are looked at. No literal is shorter.
pub(crate) const KEY: usize = 3;

const BUCKETS: usize = 8;

/// The buckets of each half byte.
#[derive(Debug, Clone, Copy, Default)]
struct Halves {
    low: [u8; 16],
    high: [u8; 16],
}

impl Halves {
    fn buckets(&self, byte: u8) -> u8 {
        self.low[usize::from(byte & 15)] & self.high[usize::from(byte >> 4)]
    }

    fn add(&mut self, byte: u8, bucket: u8) {
        self.low[usize::from(byte & 15)] |= bucket;
        self.high[usize::from(byte >> 4)] |= bucket;
    }
}

/// The tables for a set of literals.
#[derive(Debug)]
pub(crate) struct Prefilter {
    places: [Halves; KEY],
}

impl Prefilter {
    /// Prepares to look for literals that start with these keys.
    pub(crate) fn new(keys: &[[u8; KEY]]) -> Self {
        let mut places = [Halves::default(); KEY];
        for (bucket, keys) in distribute(keys).iter().enumerate() {
            for key in keys {
                for (place, &byte) in places.iter_mut().zip(key) {
                    place.add(byte, 1 << bucket);
                }
            }
        }
        Self { places }
    }

    /// Calls `on_place` with every offset at which a literal may start, in order.
    pub(crate) fn for_each(&self, bytes: &[u8], on_place: &mut impl FnMut(usize)) {
        let searched = self.vectors(bytes, on_place);
        for (i, key) in bytes[searched..].windows(KEY).enumerate() {
            if self.may_start(key) {
                on_place(searched + i);
            }
        }
    }

    fn may_start(&self, key: &[u8]) -> bool {
        self.places.iter().zip(key).fold(!0, |buckets, (place, &b)| buckets & place.buckets(b)) != 0
    }

    /// Searches as much from the start as the processor's vectors can, and returns how much.
    #[cfg(target_arch = "x86_64")]
    fn vectors(&self, bytes: &[u8], on_place: &mut impl FnMut(usize)) -> usize {
        if !std::arch::is_x86_feature_detected!("avx2") {
            return 0;
        }
        #[expect(unsafe_code, reason = "calling code for a processor feature is unsafe by nature")]
        // SAFETY: the processor was just found to have the feature that the function is compiled
        // for, and it asks for nothing else.
        unsafe {
            avx2::search(&self.places, bytes, on_place)
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn vectors(&self, _: &[u8], _: &mut impl FnMut(usize)) -> usize {
        0
    }
}

/// Puts each key into the bucket where it adds least to what gets through by accident, since a
/// bucket lets through every mixture of its keys' bytes.
fn distribute(keys: &[[u8; KEY]]) -> [Vec<[u8; KEY]>; BUCKETS] {
    let mut buckets: [Vec<[u8; KEY]>; BUCKETS] = Default::default();
    for &key in keys {
        let added = |bucket: &Vec<[u8; KEY]>| {
            mixtures(&[&bucket[..], &[key]].concat()) - mixtures(bucket)
        };
        let best = buckets.iter_mut().min_by(|a, b| added(a).total_cmp(&added(b)));
        best.into_iter().for_each(|bucket| bucket.push(key));
    }
    buckets
}

/// How likely a bucket lets text through: the product over the places of how common the bytes are
/// that it lets through there.
fn mixtures(keys: &[[u8; KEY]]) -> f64 {
    if keys.is_empty() {
        return 0.0;
    }
    (0..KEY)
        .map(|place| {
            let mut halves = Halves::default();
            for key in keys {
                halves.add(key[place], 1);
            }
            (0..=u8::MAX).filter(|&b| halves.buckets(b) != 0).map(frequency).sum::<f64>()
        })
        .product()
}

/// A rough share of a byte in source text and prose. It only decides which literals go together.
fn frequency(byte: u8) -> f64 {
    match byte {
        b' ' => 0.15,
        b'e' | b't' | b'a' | b'i' | b'n' | b'o' | b'r' | b's' => 0.05,
        b'_' | b'\n' | b'\t' | b'a'..=b'z' => 0.02,
        b'0'..=b'9' => 0.012,
        b'A'..=b'Z' | b'!'..=b'~' => 0.005,
        _ => 0.001,
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::{
        __m256i, _mm256_and_si256, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8,
        _mm256_movemask_epi8, _mm256_set1_epi8, _mm256_setzero_si256, _mm256_shuffle_epi8,
        _mm256_srli_epi16,
    };

    use super::{Halves, KEY};

    const WIDTH: usize = size_of::<__m256i>();

    /// The two tables of one place, in the form that the shuffle takes.
    #[derive(Clone, Copy)]
    struct Tables {
        low: __m256i,
        high: __m256i,
    }

    /// Searches whole vectors from the start and returns where the rest begins.
    #[target_feature(enable = "avx2")]
    pub(super) fn search(
        places: &[Halves; KEY],
        bytes: &[u8],
        on_place: &mut impl FnMut(usize),
    ) -> usize {
        let tables = [tables(&places[0]), tables(&places[1]), tables(&places[2])];
        let mut start = 0;
        while let Some(window) = bytes.get(start..start + WIDTH + KEY - 1) {
            let first = buckets(tables[0], load(window));
            let second = buckets(tables[1], load(&window[1..]));
            let third = buckets(tables[2], load(&window[2..]));
            let left = _mm256_and_si256(_mm256_and_si256(first, second), third);
            let empty = _mm256_cmpeq_epi8(left, _mm256_setzero_si256());
            let mut places = !_mm256_movemask_epi8(empty).cast_unsigned();
            while places != 0 {
                on_place(start + places.trailing_zeros() as usize);
                places &= places - 1;
            }
            start += WIDTH;
        }
        start
    }

    #[target_feature(enable = "avx2")]
    fn tables(halves: &Halves) -> Tables {
        Tables {
            low: _mm256_broadcastsi128_si256(bytemuck::cast(halves.low)),
            high: _mm256_broadcastsi128_si256(bytemuck::cast(halves.high)),
        }
    }

    #[target_feature(enable = "avx2")]
    fn load(bytes: &[u8]) -> __m256i {
        bytemuck::pod_read_unaligned(&bytes[..WIDTH])
    }

    /// The buckets of each byte.
    #[target_feature(enable = "avx2")]
    fn buckets(tables: Tables, bytes: __m256i) -> __m256i {
        let half = _mm256_set1_epi8(0x0f);
        let low = _mm256_and_si256(bytes, half);
        let high = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), half);
        _mm256_and_si256(
            _mm256_shuffle_epi8(tables.low, low),
            _mm256_shuffle_epi8(tables.high, high),
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn places(prefilter: &Prefilter, bytes: &[u8]) -> Vec<usize> {
        let mut places = Vec::new();
        prefilter.for_each(bytes, &mut |at| places.push(at));
        places
    }

    proptest! {
        #[test]
        fn vectors_and_bytes_agree_and_miss_nothing(
            keys in prop::collection::vec(any::<[u8; KEY]>(), 1..40),
            mut bytes in prop::collection::vec(any::<u8>(), 0..300),
            at in any::<prop::sample::Index>(),
        ) {
            if bytes.len() >= KEY {
                let at = at.index(bytes.len() - KEY + 1);
                bytes[at..at + KEY].copy_from_slice(&keys[0]);
            }
            let prefilter = Prefilter::new(&keys);
            let found = places(&prefilter, &bytes);
            let expected: Vec<usize> = bytes
                .windows(KEY)
                .enumerate()
                .filter(|(_, key)| prefilter.may_start(key))
                .map(|(i, _)| i)
                .collect();
            prop_assert_eq!(&found, &expected);
            for (i, window) in bytes.windows(KEY).enumerate() {
                prop_assert!(keys.iter().all(|key| key != window) || found.contains(&i));
            }
        }
    }
}
