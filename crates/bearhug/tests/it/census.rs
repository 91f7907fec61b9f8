//! `bearhug census`: what changes on a Hub between two of them is in the ledger after the second; and tables.

mod import;
mod organisation;
mod stage;
mod trouble;
mod values;
