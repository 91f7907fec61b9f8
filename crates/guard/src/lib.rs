//! What bearhug does over time with what it finds. So far: the hunt.

pub mod hunt;
