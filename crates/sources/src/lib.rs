//! Where bytes come from: files, standard input, container images, git through its own commands, and
//! the places of a computer where tokens live.
//!
//! A source delivers to a [`bearhug_core::Sink`] and turns what it cannot read into gaps. Nothing
//! here looks for tokens.

mod containers;
pub mod files;
pub mod git;
pub mod images;
pub mod machine;
mod opening;
mod patient;
mod pieces;
pub mod stream;

pub use containers::{Limits, Reading};
