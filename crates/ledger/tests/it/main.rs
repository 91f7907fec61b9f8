//! One suite for both databases: each test of it runs on SQLite and on PostgreSQL.
//!
//! `support` makes fresh ledgers and things to put into them. `./test` and `tests/postgres.sh` start the server
//! that half of the tests need.

#![cfg(test)]

mod support;

mod commits;
