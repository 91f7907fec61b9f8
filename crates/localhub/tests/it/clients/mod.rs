//! Real clients, unmodified, against the local Hub.

mod cli;
mod python;
