//! Signed notes of how far a chain had come.

use jiff::Timestamp;

use super::{PublicKey, SigningKey};

/// Separates these signatures from every other use of the key.
const DOMAIN: &[u8] = b"bearhug:checkpoint:v1\0";

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
    /// The public key, as [`PublicKey`] is written.
    pub key: String,
    /// The signature.
    pub signature: Vec<u8>,
}

impl Checkpoint {
    /// Signs for an event.
    pub fn sign(
        key: &SigningKey,
        (seq, hash): (u64, [u8; 32]),
        previous: u64,
        at: Timestamp,
    ) -> Self {
        let key_name = key.public().to_string();
        let mut checkpoint = Self { seq, hash, at, previous, key: key_name, signature: Vec::new() };
        checkpoint.signature = key.sign(&checkpoint.message());
        checkpoint
    }

    /// The key that it names, if the signature is by that key.
    pub fn signer(&self) -> Option<PublicKey> {
        let key: PublicKey = self.key.parse().ok()?;
        key.verifies(&self.message(), &self.signature).then_some(key)
    }

    /// What is signed: `"bearhug:checkpoint:v1\0"`, the event's place and hash, the time in microseconds
    /// since 1970, the place before, each number as eight bytes with the highest first, and the
    /// name of the key.
    fn message(&self) -> Vec<u8> {
        let (seq, at) = (self.seq.to_be_bytes(), self.at.as_microsecond().to_be_bytes());
        let previous = self.previous.to_be_bytes();
        [DOMAIN, &seq, &self.hash, &at, &previous, self.key.as_bytes()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_in_a_checkpoint_is_signed() {
        let folder = tempfile::tempdir().unwrap();
        let key = |name| SigningKey::open_or_make(&folder.path().join(name)).unwrap();
        let (ours, other) = (key("ours"), key("other"));
        let signed = Checkpoint::sign(&ours, (7, [7; 32]), 3, Timestamp::UNIX_EPOCH);
        assert_eq!(signed.signer(), Some(ours.public()));
        let changes: [&dyn Fn(&mut Checkpoint); 7] = [
            &|c| c.seq = 8,
            &|c| c.hash[31] ^= 1,
            &|c| c.at = Timestamp::from_microsecond(1).unwrap(),
            &|c| c.previous = 0,
            &|c| c.key = other.public().to_string(),
            &|c| c.key = "nonsense".to_owned(),
            &|c| c.signature.truncate(63),
        ];
        for change in changes {
            let mut forged = signed.clone();
            change(&mut forged);
            assert_eq!(forged.signer(), None, "{forged:?}");
        }
    }
}
