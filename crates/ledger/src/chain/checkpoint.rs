//! Signed notes of how far a chain had come.

use jiff::Timestamp;

/// A signed note that an event had this hash. With the hash it vouches for every event before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The place of the event.
    pub seq: u64,
    /// Its hash.
    pub hash: [u8; 32],
    /// When it was signed.
    pub at: Timestamp,
    /// The place of the event that the checkpoint before this one vouches for, 0 if this is the
    /// first. A checkpoint that is taken away is missed by the next.
    pub previous: u64,
    /// The public key.
    pub key: String,
    /// The signature.
    pub signature: Vec<u8>,
}
