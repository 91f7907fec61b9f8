//! Finds where any of a hundred short literals may start, at memory speed.
//!
//! The idea is that of Teddy, Hyperscan's multi-literal matcher. The literals are put in eight
//! buckets, one a bit. For each of the first four bytes of a literal a table says, for any byte,
//! which buckets hold a literal with that byte in that place. The tables' bits for four
//! neighbouring bytes, put together, name the buckets that may start there; on real text fewer than one
//! place in a hundred is left.
//!
//! A vector instruction looks sixteen-entry tables up, so there it takes two for each byte, one for
//! either half of it, which lets a little more through. Both versions are tested to let every
//! literal through, and to agree on what else.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod buckets;

/// How many bytes of each literal are looked at. Of a shorter one the rest may be anything.
pub(crate) const KEY: usize = 4;

/// How many bytes are looked at in a turn. What is left over at the end is filled up with zeros.
pub(crate) const VECTOR: usize = 64;

/// Room for what is left over, which may be a little more than one turn can look at.
const END: usize = 2 * VECTOR + KEY - 1;

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
}

/// The tables for a set of literals.
#[derive(Debug)]
pub(crate) struct Prefilter {
    places: [Halves; KEY],
}

impl Prefilter {
    /// Prepares to look for some literals.
    pub(crate) fn new(literals: &[&[u8]]) -> Self {
        let mut places = [Halves::default(); KEY];
        for (bucket, mixture) in buckets::distribute(literals).iter().enumerate() {
            for (place, halves) in places.iter_mut().enumerate() {
                for half in 0..16 {
                    halves.low[half] |= u8::from(mixture.low[place] >> half & 1 == 1) << bucket;
                    halves.high[half] |= u8::from(mixture.high[place] >> half & 1 == 1) << bucket;
                }
            }
        }
        Self { places }
    }

    /// Calls `on_place` with every offset at which a literal may start, in order.
    pub(crate) fn for_each(&self, bytes: &[u8], on_place: &mut impl FnMut(usize)) {
        let start = self.vectors(bytes, on_place);
        let rest = &bytes[start..];
        // Most texts are short, so their ends, looked at one by one, would cost more than the rest.
        let mut padded = [0; END];
        let done = match padded.get_mut(..rest.len()) {
            Some(end) => {
                end.copy_from_slice(rest);
                let turns = rest.len().next_multiple_of(VECTOR) + KEY - 1;
                self.vectors(padded.get(..turns).unwrap_or(&padded), &mut |place| {
                    if place < rest.len() {
                        on_place(start + place);
                    }
                })
            }
            None => 0,
        };
        for place in done..rest.len() {
            if self.may_start(&rest[place..]) {
                on_place(start + place);
            }
        }
    }

    /// Whether a literal may start where `text` does, which goes on with zeros.
    fn may_start(&self, text: &[u8]) -> bool {
        let bytes = text.iter().chain(std::iter::repeat(&0));
        self.places.iter().zip(bytes).fold(!0, |left, (place, &b)| left & place.buckets(b)) != 0
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
            literals in prop::collection::vec(prop::collection::vec(any::<u8>(), 3..6), 1..40),
            mut bytes in prop::collection::vec(any::<u8>(), 0..300),
            at in any::<prop::sample::Index>(),
        ) {
            let (first, literals): (&Vec<u8>, Vec<&[u8]>) =
                (&literals[0], literals.iter().map(Vec::as_slice).collect());
            if bytes.len() >= first.len() {
                let at = at.index(bytes.len() - first.len() + 1);
                bytes[at..at + first.len()].copy_from_slice(first);
            }
            let prefilter = Prefilter::new(&literals);
            let found = places(&prefilter, &bytes);
            let expected: Vec<usize> =
                (0..bytes.len()).filter(|&i| prefilter.may_start(&bytes[i..])).collect();
            prop_assert_eq!(&found, &expected);
            for i in 0..bytes.len() {
                let starts = literals.iter().any(|literal| bytes[i..].starts_with(literal));
                prop_assert!(!starts || found.contains(&i));
            }
        }
    }
}
