//! One suite for both databases: each test of it runs on SQLite and on PostgreSQL.
//!
//! `support` makes fresh ledgers and things to put into them. `./test` and `tests/postgres.sh` start the server
//! that half of the tests need. Some tests start this program again, as a process that writes; such
//! processes are tests that are ignored unless they are asked for.

#![cfg(test)]

mod support;

mod chain;
mod commits;
mod copies;
mod disk;
mod events;
mod kills;
mod model;
mod opening;
mod questions;
mod schema;
mod server;
mod state;
mod tampering;
mod writers;
