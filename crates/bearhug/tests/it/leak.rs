//! No token leaves bearhug, whatever it is asked to do and however that fails.
//!
//! Canaries of every kind are planted wherever bearhug looks, in every way of writing. Then it is run
//! through every command, format and failure, and everything that it wrote is searched for any eight
//! characters in a row of any canary's secret part, in any way of writing.

mod asking;
mod census;
mod config;
mod copies;
mod errors;
mod hub;
mod ledger;
mod machine;
mod plants;
mod repositories;
mod scans;
mod vault;
mod watch;
