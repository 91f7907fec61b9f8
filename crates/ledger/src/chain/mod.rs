//! The chain of events: what hangs it together, who vouches for it, and how a break is found.
//!
//! Three things are to be got past by somebody who changes a ledger behind its back. Each event's hash
//! covers its content and the hash before it ([`link()`]). Whoever works all hashes out anew meets
//! checkpoints, which are signed with a key that is not in the database ([`Checkpoint`]). Whoever takes
//! the end of the chain away together with its checkpoints meets what this computer remembers outside of
//! the database ([`Anchors`]).

mod anchor;
mod checkpoint;
mod key;
mod link;
mod verifier;
mod verify;
mod witness;

pub use anchor::{Anchor, AnchorError, Anchors};
pub use checkpoint::Checkpoint;
pub use key::{KeyError, ParseKeyError, PublicKey, SigningKey};
pub use link::{GENESIS, link};
pub use verifier::{Head, StoredEvent, Verifier};
pub use witness::{Sealing, Witness, WitnessError};
