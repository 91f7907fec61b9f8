//! How much deltas may make of little.

use std::sync::atomic::{AtomicU64, Ordering};

use super::Corrupt;

/// How many bytes the deltas of a store may make: so many, and so many for each byte of its packs. A
/// repository of one file that grows by a line a thousand times over stays below that, and a pack that
/// is made to take for ever does not.
const MADE: u64 = 16 << 30;
const MADE_OF_A_BYTE: u64 = 1024;

/// What is left of the bytes that deltas may make. All packs of a store share it, and all who read them.
#[derive(Debug)]
pub(crate) struct Budget {
    left: AtomicU64,
}

impl Budget {
    pub(crate) fn new() -> Self {
        Self { left: AtomicU64::new(MADE) }
    }

    /// Adds what a pack of this size is worth.
    pub(super) fn add_pack(&self, bytes: u64) {
        self.left.fetch_add(bytes.saturating_mul(MADE_OF_A_BYTE), Ordering::Relaxed);
    }

    /// Takes the bytes that were made.
    ///
    /// # Errors
    ///
    /// If they are more than were left, and ever after.
    pub(super) fn spend(&self, bytes: u64) -> Result<(), Corrupt> {
        let take = |left: u64| Some(left.saturating_sub(bytes));
        match self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take) {
            Ok(left) if left > bytes => Ok(()),
            _ => Err(Corrupt("deltas make too much of too little")),
        }
    }
}
