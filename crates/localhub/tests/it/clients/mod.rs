//! Real clients, unmodified, against the local Hub.

mod accounts;
mod javascript;
mod python;
mod rust;
