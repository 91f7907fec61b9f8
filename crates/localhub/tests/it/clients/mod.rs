//! Real clients, unmodified, against the local Hub.

mod python;
