//! How something too large to hold is cut up.

/// How much of a large input is read at a time, in bytes.
pub(crate) const PIECE: usize = 1 << 20;

/// How the pieces of a large input overlap, in bytes. What searches them says how much it needs.
#[derive(Debug, Clone, Copy)]
pub struct Overlap {
    /// How much of the piece before each piece sees.
    pub before: usize,
    /// How much of the piece after.
    pub after: usize,
}
