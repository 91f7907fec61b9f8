//! Images in tars: those that `docker save` and `podman save` write, and OCI layouts.
//!
//! The members come in any order, and what they are is often said last, so the first pass looks for
//! the documents and the second reads.

use std::{
    collections::BTreeMap,
    io::{self, Read, Seek, SeekFrom},
};

use ::tar::{Archive, Entry};
use bearhug_core::GapReason;

use super::{Catalogue, MOST_JSON, Plan, config, plan::Role};
use crate::containers::{
    Seekable,
    archives::tar,
    inside::{Cut, Ended, Inside},
};

/// How much of a tar the first pass reads, in bytes: headers, for the most part, as it steps over what
/// is no document. A tar that has more of them is read as what it is.
const MOST_SURVEYED: u64 = 64 << 20;

/// How large the documents of one archive may be together, in bytes.
const MOST_DOCUMENTS: u64 = 32 << 20;

/// Finds out which images a tar holds. It steps over what it need not read.
pub(in crate::containers) fn survey(content: &mut dyn Seekable) -> io::Result<Catalogue> {
    content.seek(SeekFrom::Start(0))?;
    let mut archive = Archive::new(Bounded { inner: content, left: MOST_SURVEYED });
    let mut found = Found::default();
    for entry in archive.entries_with_seek()? {
        found.look_at(&mut entry?)?;
    }
    Ok(Catalogue::read(&found.documents))
}

/// Finds out which images a tar holds that can only be read from front to back.
pub(in crate::containers) fn survey_stream(content: &mut dyn Read) -> io::Result<Catalogue> {
    let mut found = Found::default();
    tar::look_through(content, &mut |entry| found.look_at(entry))?;
    Ok(Catalogue::read(&found.documents))
}

/// The members that may be documents of an image, by their paths.
#[derive(Default)]
struct Found {
    documents: BTreeMap<String, Vec<u8>>,
    held: u64,
}

impl Found {
    fn look_at(&mut self, entry: &mut Entry<'_, impl Read>) -> io::Result<()> {
        let (size, name) = (entry.size(), tar::name_of(entry));
        let path = name.trim_start_matches("./");
        let is_file = entry.header().entry_type().is_file();
        if !is_file || size > MOST_JSON.min(MOST_DOCUMENTS - self.held) || !is_usual(path) {
            return Ok(());
        }
        let mut bytes = Vec::new();
        entry.take(1).read_to_end(&mut bytes)?;
        if matches!(bytes.first(), Some(b'{' | b'[')) {
            entry.read_to_end(&mut bytes)?;
            self.held += size;
            self.documents.insert(path.to_owned(), bytes);
        }
        Ok(())
    }
}

/// Whether a document of an image may have this path.
fn is_usual(path: &str) -> bool {
    let is_config = || path.strip_suffix(".json").is_some_and(|stem| !stem.contains('/'));
    path == "oci-layout" || path.starts_with("blobs/") || is_config()
}

/// Reads the members of a tar as a plan calls them.
pub(in crate::containers) fn read(
    inside: &Inside<'_>,
    content: &mut dyn Read,
    plan: &Plan,
) -> Result<(), Cut> {
    let mut needed = plan.needed();
    tar::members(inside, content, &mut |entry| {
        let path = tar::name_of(entry);
        needed.remove(path.trim_start_matches("./"));
        match plan.member(&path) {
            None => Ok(()),
            Some((Some(Role::Config), name)) => config::read(inside, &name, entry),
            Some((Some(Role::Unread), name)) => Ok(not_understood(inside, &name, entry)?),
            Some((_, name)) => tar::member(inside, &name, entry),
        }
    })?;
    for (_, name) in needed.into_iter().filter_map(|path| plan.member(path)) {
        inside.unread(&name, GapReason::Unreadable("it is not in the archive".to_owned()))?;
    }
    Ok(())
}

/// Delivers what is listed as a manifest and is none that is understood.
pub(super) fn not_understood(
    inside: &Inside<'_>,
    name: &str,
    content: &mut dyn Read,
) -> Result<(), Ended> {
    inside.part(name, content)?;
    inside.unread(name, GapReason::Damaged("it is no manifest".to_owned()))
}

/// What is read of until a limit.
struct Bounded<'a> {
    inner: &'a mut dyn Seekable,
    left: u64,
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = (self.left.checked_sub(read as u64))
            .ok_or_else(|| io::Error::other("there is more than is looked through"))?;
        Ok(read)
    }
}

impl Seek for Bounded<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use ::tar::{Builder, Header};
    use serde_json::json;

    use super::*;

    fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = Builder::new(Vec::new());
        for (name, content) in members {
            let mut header = Header::new_gnu();
            header.set_size(content.len() as u64);
            builder.append_data(&mut header, name, *content).unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn saved() -> Vec<u8> {
        let manifest =
            json!([{"Config": "c.json", "RepoTags": ["a:1"], "Layers": ["1/layer.tar"]}]);
        let manifest = manifest.to_string();
        let members: [(&str, &[u8]); 4] = [
            ("1/layer.tar", &[0; 3000]),
            ("c.json", b"{}"),
            ("notes.json", b"not JSON"),
            ("./manifest.json", manifest.as_bytes()),
        ];
        archive(&members)
    }

    #[test]
    fn both_ways_to_look_through_a_tar_see_the_same() {
        let bytes = saved();
        let catalogue = survey(&mut Cursor::new(&bytes)).unwrap();
        assert_eq!(catalogue.images.len(), 1);
        assert_eq!(catalogue.images, survey_stream(&mut bytes.as_slice()).unwrap().images);
        assert_eq!(catalogue.images[0].layers, ["1/layer.tar"]);
    }

    #[test]
    fn a_tar_cut_anywhere_or_with_any_byte_changed_is_looked_through_to_an_end() {
        let bytes = saved();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0xff;
            for content in [&bytes[..at], &changed[..]] {
                let images = |outcome: io::Result<Catalogue>| outcome.map_or(0, |c| c.images.len());
                assert!(images(survey(&mut Cursor::new(content))) <= 1);
                assert!(images(survey_stream(&mut &*content)) <= 1);
            }
        }
    }

    #[test]
    fn documents_are_held_to_a_limit() {
        let large = [b"{\"x\":\"", &vec![b'x'; 3 << 20][..], b"\"}"].concat();
        let names: Vec<_> = (0..20).map(|n| format!("{n}.json")).collect();
        let members: Vec<_> = names.iter().map(|name| (name.as_str(), &large[..])).collect();
        let bytes = archive(&members);
        let mut found = Found::default();
        tar::look_through(&mut bytes.as_slice(), &mut |entry| found.look_at(entry)).unwrap();
        assert_eq!(found.documents.len(), 10);
    }

    #[test]
    fn a_tar_with_more_headers_than_are_looked_through_is_no_image() {
        let mut bounded = Bounded { inner: &mut Cursor::new(vec![0; 100]), left: 60 };
        let mut half = [0; 50];
        assert_eq!(bounded.read(&mut half).unwrap(), 50);
        assert!(bounded.read(&mut half).is_err());
    }
}
