//! Electron's archives, by their directory.

use std::{
    collections::BTreeMap,
    io::{Read as _, SeekFrom},
};

use bearhug_core::GapReason;
use serde::Deserialize;

use crate::containers::{
    Seekable,
    inside::{Cut, Ended, Inside},
};

/// How large a directory may be, in bytes. Read, it takes many times that.
const LARGEST_DIRECTORY: u64 = 8 << 20;

/// A directory is a string in a pickle of Chromium's, whose length is in one of its own: four
/// lengths, each of all that comes behind it (<https://github.com/electron/asar#format>).
const LENGTHS: usize = 16;

/// Whether an archive starts so.
pub(in crate::containers) fn is_asar(head: &[u8]) -> bool {
    head.starts_with(b"\x04\0\0\0")
        && head.get(LENGTHS..).is_some_and(|directory| directory.starts_with(b"{\"files\":"))
}

/// A file, a link or a folder.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Node {
    files: BTreeMap<String, Node>,
    link: Option<String>,
    /// Where it starts behind the directory, in decimal digits. Files that are kept beside the
    /// archive have none.
    offset: Option<String>,
    size: u64,
}

pub(in crate::containers) fn read(
    inside: &Inside<'_>,
    content: &mut dyn Seekable,
) -> Result<(), Cut> {
    let mut lengths = [0; LENGTHS];
    content.read_exact(&mut lengths)?;
    let length = |at: usize| {
        let field = lengths.get(at..).and_then(|rest| rest.first_chunk());
        field.map_or(0, |&field| u64::from(u32::from_le_bytes(field)))
    };
    let (base, size) = (8 + length(4), length(12));
    if size > LARGEST_DIRECTORY {
        return Err(Cut::Gap(GapReason::TooLargeToHold { limit: LARGEST_DIRECTORY }));
    }
    let mut directory = Vec::new();
    (&mut *content).take(size).read_to_end(&mut directory)?;
    let root: Node = serde_json::from_slice(&directory).map_err(|error| Cut::damaged(&error))?;
    let end = content.seek(SeekFrom::End(0))?;
    Reader { inside, content, base, end }.folder("", &root)
}

struct Reader<'a> {
    inside: &'a Inside<'a>,
    content: &'a mut dyn Seekable,
    /// Where the members start.
    base: u64,
    /// Where the archive ends.
    end: u64,
}

impl Reader<'_> {
    /// Delivers what is in a folder. The library that reads the directory bounds how deep it is.
    fn folder(&mut self, path: &str, folder: &Node) -> Result<(), Cut> {
        for (name, node) in &folder.files {
            let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            if let Some(target) = &node.link {
                self.inside.part(&path, &mut target.as_bytes())?;
            }
            if let Some(offset) = &node.offset {
                self.file(&path, offset, node.size)?;
            }
            self.folder(&path, node)?;
        }
        Ok(())
    }

    fn file(&mut self, path: &str, offset: &str, size: u64) -> Result<(), Ended> {
        let start = offset.parse().ok().and_then(|offset: u64| self.base.checked_add(offset));
        let there = start.map(|start| (start, self.content.seek(SeekFrom::Start(start))));
        let Some((start, Ok(_))) = there else {
            return self.inside.unread(path, damaged("its offset is none"));
        };
        self.inside.part(path, &mut (&mut *self.content).take(size))?;
        // How much was read says nothing: a member that is a container may be left before its end.
        let is_whole = start.checked_add(size).is_some_and(|end| end <= self.end);
        if is_whole { Ok(()) } else { self.inside.unread(path, damaged("it is cut short")) }
    }
}

fn damaged(words: &str) -> GapReason {
    GapReason::Damaged(words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::containers::testing::opened;

    fn asar(directory: &str, content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(directory.len()).expect("short");
        let padded = length.next_multiple_of(4);
        let mut asar = Vec::new();
        for field in [4, padded + 8, padded + 4, length] {
            asar.extend(field.to_le_bytes());
        }
        asar.extend(directory.bytes());
        asar.resize(asar.len() + (padded - length) as usize, 0);
        asar.extend(content);
        asar
    }

    const DIRECTORY: &str = r#"{"files":{"a":{"files":{"b.js":{"size":5,"offset":"0"},
        "l":{"link":"a/b.js"}}},"c":{"size":6,"offset":"5","executable":true},
        "d":{"size":9,"unpacked":true}}}"#;

    #[test]
    fn files_and_links_are_delivered() {
        let opened = opened(&asar(DIRECTORY, b"firstsecond"));
        assert_eq!(opened.parts(), ["asar:a/b.js = first", "asar:a/l = a/b.js", "asar:c = second"]);
        assert!(opened.gaps.is_empty(), "{:?}", opened.gaps);
    }

    #[test]
    fn an_archive_may_be_cut_or_lie() {
        let whole = asar(DIRECTORY, b"firstsecond");
        for end in LENGTHS + 9..whole.len() {
            assert!(!opened(&whole[..end]).gaps.is_empty(), "{end}");
        }
        let lying = asar(r#"{"files":{"a":{"size":18446744073709551615,"offset":"-1"}}}"#, b"x");
        assert_eq!(opened(&lying).gaps.len(), 1);
        let deep = format!("{}{}", r#"{"files":{"a":"#.repeat(9999), "1");
        assert_eq!(opened(&asar(&deep, b"")).gaps.len(), 1);
    }
}
