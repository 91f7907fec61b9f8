//! The chain of events: what hangs it together.

mod checkpoint;
mod link;
mod verifier;

pub use checkpoint::Checkpoint;
pub use link::{GENESIS, link};
pub use verifier::StoredEvent;
