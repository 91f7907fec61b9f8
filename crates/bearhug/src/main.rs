//! bearhug.
fn main() {}
