//! Vouches for what was written to a ledger, and remembers it.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use bearhug_core::chain::Fault;
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{
    Anchor, AnchorError, Anchors, Checkpoint, Head, KeyError, PublicKey, SigningKey, Verifier,
};
use crate::{Ledger, LedgerError};

/// Separates this use of SHA-256 from every other.
const DOMAIN: &[u8] = b"bearhug:ledger:v1\0";

/// What a computer keeps outside of a ledger to hold it to its word: a key, and an anchor.
#[derive(Debug, Clone)]
pub struct Witness {
    key: PathBuf,
    anchors: Anchors,
    /// What the anchor is filed under: a digest of the ledger's name.
    ledger: String,
}

/// What came of vouching for a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sealing {
    /// A checkpoint vouches for everything up to here, by this computer's key or another's.
    Sealed {
        /// The place of the last event.
        until: u64,
    },
    /// Nothing has happened yet.
    Empty,
    /// The chain does not go on from what this computer remembers. It does not vouch for that.
    Broken(Vec<Fault>),
}

/// Why nobody vouches for a ledger.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WitnessError {
    /// There is no key to sign with.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// It is not known what was remembered.
    #[error("what this computer remembers of ledgers cannot be used")]
    Anchor(#[from] AnchorError),
    /// The ledger cannot be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl Witness {
    /// The witness that keeps its key and its anchors in a folder: `ledger.key` and `ledger.anchors`.
    pub fn of(ledger: &Ledger, folder: &Path) -> Self {
        let anchors = Anchors::at(folder.join("ledger.anchors"));
        // The file says nothing of where ledgers are: a path can hold anything, even a token.
        let name = Sha256::new().chain_update(DOMAIN).chain_update(ledger.name()).finalize();
        let ledger = HEXLOWER.encode(name.get(..16).unwrap_or_default());
        Self { key: folder.join("ledger.key"), anchors, ledger }
    }

    /// The key that it signs with, if it ever did.
    pub fn key(&self) -> Result<Option<PublicKey>, KeyError> {
        Ok(SigningKey::open(&self.key)?.map(|key| key.public()))
    }

    /// What it remembers of the ledger.
    pub fn anchor(&self) -> Result<Option<Anchor>, AnchorError> {
        self.anchors.get(&self.ledger)
    }

    /// Vouches for all that the ledger holds, and remembers it.
    ///
    /// It signs nothing that it has not looked through: everything since the last checkpoint that it
    /// remembers, with that one and all later ones, and the whole chain the first time.
    pub async fn seal(&self, ledger: &Ledger, now: Timestamp) -> Result<Sealing, WitnessError> {
        let anchor = self.anchor()?;
        let from = anchor.as_ref().map_or(0, |anchor| anchor.checkpoint);
        let checkpoints = ledger.checkpoints_from(from).await?;
        let signers: BTreeSet<_> = checkpoints.iter().filter_map(Checkpoint::signer).collect();
        let verifier = Verifier::starting_at(from)
            .with_checkpoints(&checkpoints, &Vec::from_iter(signers))
            .with_anchor(anchor);
        let before = i64::try_from(from).map_or(i64::MAX, |from| from - 1);
        let seen = ledger.look_through(verifier, before).await?;
        let head = (seen.last, seen.hash);
        if !seen.is_sound() {
            return Ok(Sealing::Broken(seen.faults));
        }
        if head.0 == 0 {
            return Ok(Sealing::Empty);
        }
        self.sign(ledger, head, now).await?;
        self.remember(ledger, head).await?;
        Ok(Sealing::Sealed { until: head.0 })
    }

    /// Remembers a ledger up to an event that was looked through. What is remembered already of a later
    /// one stays.
    pub async fn remember(&self, ledger: &Ledger, head: Head) -> Result<(), WitnessError> {
        Ok(self.anchors.advance(&self.ledger, &anchor_at(ledger, head).await?)?)
    }

    /// Remembers a ledger as it is now and forgets how it was, as when its owner put an older backup
    /// in its place.
    pub async fn remember_anew(&self, ledger: &Ledger) -> Result<(), WitnessError> {
        let head = ledger.head().await?;
        Ok(self.anchors.replace(&self.ledger, &anchor_at(ledger, head).await?)?)
    }

    async fn sign(&self, ledger: &Ledger, head: Head, now: Timestamp) -> Result<(), WitnessError> {
        let last = ledger.last_checkpoint().await?.map_or(0, |checkpoint| checkpoint.seq);
        if last < head.0 {
            let key = SigningKey::open_or_make(&self.key)?;
            ledger.add_checkpoint(&Checkpoint::sign(&key, head, last, now)).await?;
        }
        Ok(())
    }
}

/// An anchor at an end, with the last checkpoint up to there: somebody else may have come further.
async fn anchor_at(ledger: &Ledger, (seq, hash): Head) -> Result<Anchor, LedgerError> {
    let last = ledger.last_checkpoint_until(seq).await?;
    let checkpoint = last.map_or(0, |checkpoint| checkpoint.seq);
    Ok(Anchor { seq, hash, checkpoint })
}
