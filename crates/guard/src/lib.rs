//! What bearhug does over time with what it finds: the hunt, and the inventory that it feeds.

pub mod hunt;
pub mod inventory;
