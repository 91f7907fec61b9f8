//! Where bytes come from: files, standard input, container images, and git through its own commands.
//!
//! A source delivers to a [`bearhug_core::Sink`] and turns what it cannot read into gaps. Nothing
//! here looks for tokens.

mod containers;
pub mod files;
pub mod git;
pub mod images;
mod patient;
mod pieces;
pub mod stream;

pub use containers::{Limits, Reading};
