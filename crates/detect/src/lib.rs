//! Finds Hugging Face credentials in bytes.
//!
//! ```
//! use bearhug_detect::{Detector, Options};
//!
//! let token = format!("hf_{}", "QkRvTzLpWmXcJnYbGsHdFaUeKiOqPtVxZr");
//! let text = format!("HF_TOKEN={token}\n");
//!
//! let detector = Detector::new(Options::default());
//! let scan = detector.scan(text.as_bytes());
//!
//! let candidate = &scan.candidates[0];
//! assert_eq!(candidate.span, 9..9 + token.len());
//! assert_eq!(candidate.token.redacted(), "hf_…VxZr");
//! ```
//!
//! One SIMD pass looks for the literals that a prefix leaves in plain text and in each encoding
//! ([`needles`]). At a literal the shape is checked exactly ([`SHAPES`]), or the text around it
//! is decoded and searched in turn ([`encodings`]), and what is found is judged ([`confidence`]).
//! Nothing here does IO, and no input makes it panic or take more than linear time: decoding has a
//! budget.
//!
//! [`needles`]: self
//! [`encodings`]: Encoding
//! [`confidence`]: bearhug_core::Confidence

mod body;
mod boundary;
mod confidence;
mod detector;
mod encodings;
mod needles;
mod pairs;
mod prefilter;
mod shapes;

pub use bearhug_core::Encoding;
pub use body::Body;
pub use detector::{Candidate, Detector, Options, Scan};
pub use shapes::{SHAPES, Shape};

/// The version of what is found. What an earlier one has read, a later one may have to read again.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How much text before a token may bear on what is said of it, in bytes. A caller that cuts a
/// large input into pieces, at multiples of four so that wide characters stay whole, gives each
/// piece so much of the one before.
pub const CONTEXT_BEFORE: usize = 4 * 1024;

/// How far a token may reach into what follows its first byte, in bytes, in the most wasteful
/// encoding of the longest credential. Pieces of a large input overlap by so much.
pub const CONTEXT_AFTER: usize = 64 * 1024;
