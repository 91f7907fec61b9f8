//! From which sizes on files travel in which way.

use crate::World;

/// From which sizes on files travel in which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// The longest file that is kept in git itself, in bytes.
    pub regular: u64,
    /// Large files above this many bytes are sent in parts.
    pub single: u64,
    /// How many bytes a part has; the last may have fewer.
    pub part: u64,
}

/// The Hub keeps text of up to 10 MB in git (<https://huggingface.co/docs/hub/repositories-licenses>
/// says nothing of it; `huggingface_hub` states the number in its guide to uploads).
impl Default for Sizes {
    fn default() -> Self {
        Self { regular: 10_000_000, single: 5_000_000_000, part: 16_000_000 }
    }
}

impl World {
    /// Sets from which sizes on files travel in which way, so that a test of large files can do with
    /// small ones.
    pub fn set_sizes(&self, sizes: Sizes) {
        self.repositories.known().sizes = sizes;
    }
}
