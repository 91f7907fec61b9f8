//! Real clients, unmodified, against the local Hub.

mod accounts;
mod cli;
mod javascript;
mod python;
mod rust;
