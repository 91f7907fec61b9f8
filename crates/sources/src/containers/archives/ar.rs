//! `ar` archives: Debian packages, static libraries.

use std::io::Read;

use crate::containers::inside::{Cut, Inside};

pub(in crate::containers) fn read(inside: &Inside<'_>, content: &mut dyn Read) -> Result<(), Cut> {
    let mut archive = ar::Archive::new(content);
    while let Some(entry) = archive.next_entry() {
        let mut entry = entry?;
        let name = String::from_utf8_lossy(entry.header().identifier()).into_owned();
        inside.part(&name, &mut entry)?;
    }
    Ok(())
}
