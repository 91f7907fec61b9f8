//! The one hunt engine: sources in, findings out.

mod report;

pub use report::{Hidden, Report};
