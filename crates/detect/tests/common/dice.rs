//! Choices made by bytes.

/// A stream of choices. The bytes it is made of decide the first ones, so that a fuzzer can steer
/// them and proptest can shrink them; when they are used up, a generator seeded by them goes on.
#[derive(Debug, Clone)]
pub(crate) struct Dice<'a> {
    bytes: &'a [u8],
    state: u64,
}

impl<'a> Dice<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let state =
            bytes.iter().fold(0x9e37_79b9_7f4a_7c15, |state, &b| step(state ^ u64::from(b)));
        Self { bytes, state }
    }

    /// Sixteen random bits, or the next byte.
    pub(crate) fn roll(&mut self) -> usize {
        if let Some((first, rest)) = self.bytes.split_first() {
            self.bytes = rest;
            return usize::from(*first);
        }
        self.state = step(self.state);
        usize::try_from(self.state >> 48).unwrap_or_default()
    }

    /// A number below `limit`, which is at most 256.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.roll() % limit
    }

    /// True once in `n` times.
    pub(crate) fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    pub(crate) fn pick<'b, T: ?Sized>(&mut self, choices: &[&'b T]) -> &'b T {
        choices[self.below(choices.len())]
    }

    /// So many characters of an alphabet.
    pub(crate) fn text(&mut self, len: usize, alphabet: &[u8]) -> String {
        (0..len).map(|_| char::from(alphabet[self.below(alphabet.len())])).collect()
    }
}

/// One step of splitmix64.
fn step(state: u64) -> u64 {
    let mut mixed = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}
