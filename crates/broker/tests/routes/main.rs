//! The table of routes, held against the Hub's own description, and leases held against the table.

#![cfg(test)]

mod documented;
mod policy;
mod properties;
mod support;
mod traps;
