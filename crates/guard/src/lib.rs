//! What bearhug does over time with what it finds. The hunt, the census, and taking in tables.

pub mod census;
pub mod hunt;
pub mod intake;
