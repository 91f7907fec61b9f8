//! The census: what the Hub says now, held against what is recorded.
//!
//! Everything here is about values: the command asks the Hub and the ledger. A [`Roster`] says which
//! identity a listed token is, [`examine`] takes down what was said of one, and [`suggest`] finds who may own
//! what. What did not change is no event, and what could not be asked changes nothing.

mod accounts;
mod drift;
mod examination;
mod grants;
mod matching;
mod naming;
pub mod newcomer;
pub mod suggest;
mod testimony;

pub use accounts::{Accounts, Member, Service, is_former};
pub use examination::examine;
pub use matching::{Match, Roster};
pub use testimony::{Entry, Said, Shown, Testimony, Word};

#[cfg(test)]
mod tests;
