//! The words of bearhug: what a token is, what a finding says, where bytes come from.
//!
//! Nothing here does IO or knows a clock, an environment or an async runtime. The crates around
//! this one implement its ports and share its types, so that a word means one thing everywhere.

pub mod assess;
pub mod chain;
mod container;
mod coverage;
pub mod event;
mod finding;
mod fingerprint;
pub mod grant;
mod history;
pub mod identity;
pub mod impact;
mod kind;
pub mod lease;
pub mod lending;
pub mod lifecycle;
mod lines;
pub mod need;
mod origin;
pub mod owner;
pub mod place;
pub mod policy;
pub mod privilege;
pub mod revocation;
pub mod rights;
pub mod risk;
pub mod scope;
mod source;
mod storage;
mod token;
mod verdict;

pub use container::Container;
pub use coverage::{Coverage, Gap, GapReason};
pub use finding::{Assessment, Confidence, Finding, Reason, Sighting};
pub use fingerprint::{Fingerprint, ParseFingerprintError};
pub use history::{Commit, History, Reach, Trace, Traces, Whereabouts};
pub use kind::Kind;
pub use lease::{LEASE_PREFIX, lease_checksum, lease_is_intact};
pub use lines::{Breaks, LineIndex, Lines, Place};
pub use origin::{Encoding, Origin, Step};
pub use source::{Blob, Flow, Lead, LeadForm, Name, Sink, Source};
pub use storage::Storage;
pub use token::{Token, resembles_token, token_at_start};
pub use verdict::{Told, Verdict};
