//! tar, in any of its dialects, from front to back.

use std::{borrow::Cow, io::Read};

use tar::Entry;

use crate::containers::inside::{Cut, Inside};

pub(in crate::containers) fn read(inside: &Inside<'_>, content: &mut dyn Read) -> Result<(), Cut> {
    let mut archive = tar::Archive::new(content);
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        member(inside, &name, &mut entry)?;
    }
    Ok(())
}

/// Delivers a member under a name, with what stands beside its content, such as a link's target: it
/// is searched as if it were some.
pub(in crate::containers) fn member(
    inside: &Inside<'_>,
    name: &str,
    entry: &mut Entry<'_, impl Read>,
) -> Result<(), Cut> {
    let mut beside = entry.link_name_bytes().map(Cow::into_owned).unwrap_or_default();
    if let Some(extensions) = entry.pax_extensions()? {
        for extension in extensions.flatten() {
            beside.extend([b"\n", extension.key_bytes(), b"=", extension.value_bytes()].concat());
        }
    }
    if !beside.is_empty() {
        inside.part(name, &mut beside.as_slice())?;
    }
    Ok(inside.part(name, entry)?)
}
