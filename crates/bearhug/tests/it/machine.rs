//! `bearhug scan --machine`.
//!
//! Processes of other tests run beside these and may hold tokens, so that each test looks for its own.

mod helpers;
mod keyring;
mod places;
mod processes;
mod stores;
