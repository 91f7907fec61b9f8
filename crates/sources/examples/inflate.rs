//! Inflates every entry of some packs once, with as many threads as the first argument says, and does
//! nothing with them: the floor that a scan of a history is measured against.

use std::{env, path::Path};

fn main() -> Result<(), String> {
    let mut arguments = env::args().skip(1);
    let threads = arguments.next().and_then(|n| n.parse().ok()).ok_or("say how many threads")?;
    for pack in arguments {
        bearhug_sources::git::workbench::inflate_all(Path::new(&pack), threads)?;
    }
    Ok(())
}
