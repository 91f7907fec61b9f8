//! tar, in any of its dialects, from front to back.

use std::{
    borrow::Cow,
    io::{self, Read},
};

use tar::{Archive, Entry, Header};

use crate::containers::{
    inside::{Cut, Ended, Inside},
    recognise::is_tar,
};

/// The shortest text beside a member that is searched, in bytes. No credential is shorter, and times
/// and owners are.
const SHORTEST: usize = 20;

/// The size of a header.
const BLOCK: usize = 512;

/// The longest name or extension that is read, in bytes. The library holds it as a whole.
const LONGEST_EXTENSION: u64 = 1 << 20;

/// A reader that remembers what it read last, and stops before what is too large to hold.
struct Remembering<'a> {
    inner: &'a mut dyn Read,
    last: Vec<u8>,
    /// Whether it failed, so that there is nothing behind.
    has_failed: bool,
}

impl Read for Remembering<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer).inspect_err(|_| self.has_failed = true)?;
        self.last.extend_from_slice(&buffer[read.saturating_sub(BLOCK)..read]);
        self.last.drain(..self.last.len().saturating_sub(BLOCK));
        if buffer.len() == BLOCK && is_too_long(&self.last) {
            return Err(io::Error::other("a name or an extension is too long"));
        }
        Ok(read)
    }
}

/// Whether a block is a header that announces a name or extensions for the next, and too much of it.
fn is_too_long(block: &[u8]) -> bool {
    let Some(header) = block.first_chunk::<BLOCK>().filter(|block| is_tar(&block[..])) else {
        return false;
    };
    let header = Header::from_byte_slice(header);
    let kind = header.entry_type();
    let is_extension = kind.is_gnu_longname()
        || kind.is_gnu_longlink()
        || kind.is_pax_local_extensions()
        || kind.is_pax_global_extensions();
    is_extension && header.entry_size().is_ok_and(|size| size > LONGEST_EXTENSION)
}

pub(in crate::containers) fn read(inside: &Inside<'_>, content: &mut dyn Read) -> Result<(), Cut> {
    let content = Remembering { inner: content, last: Vec::new(), has_failed: false };
    let mut archive = Archive::new(content);
    // Archives may follow one another, with zeros between them.
    archive.set_ignore_zeros(true);
    let Err(cut) = members(inside, &mut archive) else { return Ok(()) };
    inside.cut(cut)?;
    // Nothing says where the next header is, so what is left is searched as it is.
    let mut rest = archive.into_inner();
    if is_too_long(&rest.last) {
        // Its content is none that holds more, and is searched without it.
        rest.last.clear();
        rest.has_failed = false;
    }
    if !rest.has_failed {
        inside.part("behind the damage", &mut rest.last.as_slice().chain(rest.inner))?;
    }
    Ok(())
}

fn members(inside: &Inside<'_>, archive: &mut Archive<Remembering<'_>>) -> Result<(), Cut> {
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        member(inside, &name, &mut entry)?;
    }
    Ok(())
}

/// Delivers a member under a name, with what stands beside its content.
pub(in crate::containers) fn member(
    inside: &Inside<'_>,
    name: &str,
    entry: &mut Entry<'_, impl Read>,
) -> Result<(), Ended> {
    let beside = beside(entry);
    if !beside.is_empty() {
        inside.part(name, &mut beside.as_slice())?;
    }
    if beside.is_empty() || entry.size() > 0 {
        inside.part(name, entry)?;
    }
    Ok(())
}

/// What stands beside the content of a member and not in its name: a link's target, a comment. It is
/// searched as if it were content.
fn beside(entry: &mut Entry<'_, impl Read>) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    lines.extend(entry.link_name_bytes().map(Cow::into_owned));
    // The library has read them on the way here, and what is wrong with them it says by itself.
    for extension in entry.pax_extensions().ok().flatten().into_iter().flatten().flatten() {
        if !matches!(extension.key_bytes(), b"path" | b"linkpath") {
            lines.push([extension.key_bytes(), b"=", extension.value_bytes()].concat());
        }
    }
    lines.retain(|line| line.len() >= SHORTEST);
    lines.join(&b'\n')
}

#[cfg(test)]
mod tests {
    use tar::{Builder, EntryType, Header};

    use crate::containers::testing::opened;

    const TARGET: &str = "/where/a/long/link/leads";

    fn archive(names: &[&str]) -> Vec<u8> {
        let mut builder = Builder::new(Vec::new());
        for name in names {
            let mut header = Header::new_gnu();
            header.set_size(name.len() as u64);
            builder.append_data(&mut header, name, name.as_bytes()).expect("memory takes it");
        }
        builder.into_inner().expect("memory takes it")
    }

    #[test]
    fn archives_follow_one_another() {
        let long = "n".repeat(200);
        let both = [archive(&["a"]), archive(&["b", &long])].concat();
        let opened = opened(&both);
        assert_eq!(opened.parts(), ["tar:a = a", "tar:b = b", &format!("tar:{long} = {long}")]);
        assert!(opened.gaps.is_empty());
    }

    #[test]
    fn what_comes_behind_damage_is_searched() {
        let mut damaged = archive(&["a", "b", "c"]);
        damaged[1024] = b'x';
        let opened = opened(&damaged);
        assert_eq!(opened.gaps.len(), 1);
        assert_eq!(opened.parts()[0], "tar:a = a");
        assert!(opened.parts()[1].starts_with("tar:behind the damage = x\0"));
        assert_eq!(opened.parts().len(), 2);
    }

    #[test]
    fn what_is_appended_is_searched() {
        let appended = [archive(&["a"]), b"appended".to_vec()].concat();
        let opened = opened(&appended);
        assert_eq!(opened.gaps.len(), 1);
        assert!(opened.parts()[1].ends_with("\0appended"));
    }

    #[test]
    fn targets_and_comments_are_searched_and_times_are_not() {
        let mut builder = Builder::new(Vec::new());
        let comment = "a comment of some length";
        let pax = [("mtime", &b"1.5"[..]), ("comment", comment.as_bytes())];
        builder.append_pax_extensions(pax).expect("memory takes it");
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Symlink);
        header.set_size(0);
        builder.append_link(&mut header, "link", TARGET).expect("memory takes it");
        let opened = opened(&builder.into_inner().expect("memory takes it"));
        assert_eq!(opened.parts(), [format!("tar:link = {TARGET}\ncomment={comment}")]);
    }
}
