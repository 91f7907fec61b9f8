//! Images in tars: those that `docker save` and `podman save` write, and OCI layouts.
//!
//! The members come in any order, and what they are is often said last, so the first pass looks for
//! the documents and the second reads.

use std::{
    collections::BTreeMap,
    io::{self, Read, Seek, SeekFrom},
};

use ::tar::{Archive, Entries};
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
    Ok(Catalogue::read(&documents(archive.entries_with_seek()?)?))
}

/// Finds out which images a tar holds that can only be read from front to back.
pub(in crate::containers) fn survey_stream(content: &mut dyn Read) -> io::Result<Catalogue> {
    Ok(Catalogue::read(&documents(Archive::new(content).entries()?)?))
}

/// The members that may be documents of an image, by their paths.
fn documents<R: Read>(entries: Entries<'_, R>) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut documents = BTreeMap::new();
    let mut left = MOST_DOCUMENTS;
    for entry in entries {
        let mut entry = entry?;
        let size = entry.size();
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let path = path.trim_start_matches("./");
        if !entry.header().entry_type().is_file() || size > MOST_JSON.min(left) || !is_usual(path) {
            continue;
        }
        let mut bytes = Vec::new();
        let read = entry.by_ref().take(1).read_to_end(&mut bytes)?;
        if read == 1 && matches!(bytes.first(), Some(b'{' | b'[')) {
            entry.read_to_end(&mut bytes)?;
            left -= size;
            documents.insert(path.to_owned(), bytes);
        }
    }
    Ok(documents)
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
    let mut archive = Archive::new(content);
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        needed.remove(path.trim_start_matches("./"));
        match plan.member(&path) {
            None => {}
            Some((Some(Role::Config), name)) => config::read(inside, &name, &mut entry)?,
            Some((Some(Role::Unread), name)) => not_understood(inside, &name, &mut entry)?,
            Some((_, name)) => tar::member(inside, &name, &mut entry)?,
        }
    }
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
        let held = documents(Archive::new(bytes.as_slice()).entries().unwrap()).unwrap();
        assert_eq!(held.len(), 10);
    }

    #[test]
    fn a_tar_with_more_headers_than_are_looked_through_is_no_image() {
        let mut bounded = Bounded { inner: &mut Cursor::new(vec![0; 100]), left: 60 };
        let mut half = [0; 50];
        assert_eq!(bounded.read(&mut half).unwrap(), 50);
        assert!(bounded.read(&mut half).is_err());
    }
}
