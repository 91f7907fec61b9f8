//! What bearhug does over time with what it finds: the hunt, the inventory that it feeds, the census
//! that holds that against what the Hub says, and the intake of what somebody kept in a table.

pub mod census;
pub mod hunt;
pub mod intake;
pub mod inventory;
