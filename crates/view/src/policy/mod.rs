//! What a policy demands, and who breaks it: `bearhug policy`.

mod check;
mod examples;
mod rules;
mod waivers;

pub use check::{Broken, Check};
pub use examples::{Examined, Examples};
pub use rules::{Demand, Demands};
pub use waivers::{Held, Waivers, until};

use std::io;

use serde::Serialize;

use crate::json::harmless;

/// Writes one object over several lines.
fn whole(model: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "{}", harmless(&serde_json::to_string_pretty(model)?))
}

/// Writes one object on a line.
fn line(model: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "{}", harmless(&serde_json::to_string(model)?))
}
