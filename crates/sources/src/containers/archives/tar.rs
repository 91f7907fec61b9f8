//! tar, in any of its dialects, from front to back.

use std::{
    borrow::Cow,
    cell::Cell,
    io::{self, Read},
};

use tar::{Archive, Entry};

use crate::containers::inside::{Cut, Ended, Inside};

/// The shortest text beside a member that is searched, in bytes. No credential is shorter, and times
/// and owners are.
const SHORTEST: usize = 20;

/// The size of a header.
const BLOCK: usize = 512;

/// How much may stand between the content of two members, in bytes: headers, long names and extensions,
/// which the library holds in memory.
const MOST_BETWEEN: u64 = 1 << 20;

/// A reader that remembers what it read last and goes no further than a fence.
pub(in crate::containers) struct Fenced<'a> {
    inner: &'a mut dyn Read,
    last: Vec<u8>,
    /// Whether it failed, so that there is nothing behind.
    has_failed: bool,
    marks: &'a Marks,
}

/// Where a reader is in an archive.
struct Marks {
    position: Cell<u64>,
    fence: Cell<u64>,
    /// Where the content of the last member ends.
    end: Cell<u64>,
    /// What fills up the last block of that.
    padding: Cell<Vec<u8>>,
}

impl Marks {
    fn new() -> Self {
        let (start, fence) = (Cell::new(0), Cell::new(MOST_BETWEEN));
        Self { position: start.clone(), fence, end: start, padding: Cell::default() }
    }

    /// Goes on, and keeps what fills up a block.
    fn pass(&self, bytes: &[u8]) {
        let (from, end) = (self.position.get(), self.end.get());
        let to = from.saturating_add(bytes.len() as u64);
        self.position.set(to);
        let missing = (BLOCK as u64 - end % BLOCK as u64) % BLOCK as u64;
        let within = |at: u64| usize::try_from(at.clamp(from, to) - from).unwrap_or(0);
        let padding = within(end)..within(end.saturating_add(missing));
        if let Some(padding) = bytes.get(padding).filter(|padding| !padding.is_empty()) {
            let mut kept = self.padding.take();
            kept.extend_from_slice(padding);
            self.padding.set(kept);
        }
    }
}

impl Read for Fenced<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer).inspect_err(|_| self.has_failed = true)?;
        self.last.extend_from_slice(&buffer[read.saturating_sub(BLOCK)..read]);
        self.last.drain(..self.last.len().saturating_sub(BLOCK));
        self.marks.pass(&buffer[..read]);
        let fence = &self.marks.fence;
        // Headers are read one by one, and those that are zeros fill up a record, which may be large.
        // Nothing is held of them.
        if buffer.len() == BLOCK && buffer[..read].iter().all(|&byte| byte == 0) {
            fence.set(fence.get().saturating_add(read as u64));
        }
        if self.marks.position.get() > fence.get() {
            return Err(io::Error::other("a name or an extension is too long"));
        }
        Ok(read)
    }
}

pub(in crate::containers) fn read(inside: &Inside<'_>, content: &mut dyn Read) -> Result<(), Cut> {
    members(inside, content, &mut |entry| member(inside, &name_of(entry), entry))
}

/// Visits the members, and delivers what comes behind some damage.
pub(in crate::containers) fn members(
    inside: &Inside<'_>,
    content: &mut dyn Read,
    visit: &mut dyn FnMut(&mut Entry<'_, Fenced<'_>>) -> Result<(), Cut>,
) -> Result<(), Cut> {
    let (marks, mut last) = (Marks::new(), String::new());
    let mut archive = fenced(content, &marks);
    // Archives may follow one another, with zeros between them.
    archive.set_ignore_zeros(true);
    let outcome = each(&mut archive, &marks, &mut |entry| {
        padding(inside, &last, &marks)?;
        last = name_of(entry);
        visit(entry)
    });
    padding(inside, &last, &marks)?;
    let Err(cut) = outcome else { return Ok(()) };
    inside.cut(cut)?;
    // Nothing says where the next header is, so what is left is searched as it is.
    let rest = archive.into_inner();
    if !rest.has_failed {
        inside.part("behind the damage", &mut rest.last.as_slice().chain(rest.inner))?;
    }
    Ok(())
}

/// Delivers what fills up the last block of a member, which is zeros unless somebody hid something.
fn padding(inside: &Inside<'_>, name: &str, marks: &Marks) -> Result<(), Ended> {
    let padding = marks.padding.take();
    let is_text = padding.iter().filter(|&&byte| byte != 0).count() >= SHORTEST;
    if is_text { inside.part(name, &mut padding.as_slice()) } else { Ok(()) }
}

/// Looks at the members of one archive.
pub(in crate::containers) fn look_through(
    content: &mut dyn Read,
    look: &mut dyn FnMut(&mut Entry<'_, Fenced<'_>>) -> io::Result<()>,
) -> io::Result<()> {
    let marks = Marks::new();
    each(&mut fenced(content, &marks), &marks, look)
}

fn fenced<'a>(content: &'a mut dyn Read, marks: &'a Marks) -> Archive<Fenced<'a>> {
    Archive::new(Fenced { inner: content, last: Vec::new(), has_failed: false, marks })
}

fn each<E: From<io::Error>>(
    archive: &mut Archive<Fenced<'_>>,
    marks: &Marks,
    visit: &mut dyn FnMut(&mut Entry<'_, Fenced<'_>>) -> Result<(), E>,
) -> Result<(), E> {
    for entry in archive.entries()? {
        let mut entry = entry?;
        // A sparse member states the size that it has when it is unpacked.
        let is_sparse = entry.header().entry_type().is_gnu_sparse();
        let stored = if is_sparse { entry.header().entry_size()? } else { entry.size() };
        let end = entry.raw_file_position().saturating_add(stored);
        marks.fence.set(u64::MAX);
        marks.end.set(end);
        visit(&mut entry)?;
        marks.fence.set(end.max(marks.position.get()).saturating_add(MOST_BETWEEN));
    }
    Ok(())
}

/// What a member is called.
pub(in crate::containers) fn name_of(entry: &Entry<'_, impl Read>) -> String {
    String::from_utf8_lossy(&entry.path_bytes()).into_owned()
}

/// Delivers a member under a name.
pub(in crate::containers) fn member(
    inside: &Inside<'_>,
    name: &str,
    entry: &mut Entry<'_, Fenced<'_>>,
) -> Result<(), Cut> {
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
fn beside(entry: &mut Entry<'_, Fenced<'_>>) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    lines.extend(entry.link_name_bytes().map(Cow::into_owned));
    // What is said of all members is the content of a member of its own.
    let is_global = entry.header().entry_type().is_pax_global_extensions();
    let extensions = if is_global { None } else { entry.pax_extensions().ok().flatten() };
    // The library has read them on the way here, and what is wrong with them it says by itself.
    for extension in extensions.into_iter().flatten().flatten() {
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
    fn what_fills_up_a_block_is_searched() {
        let mut hidden = archive(&["a", "b"]);
        let text = b"hidden behind the content";
        for at in [600, 1600] {
            hidden[at..at + text.len()].copy_from_slice(text);
        }
        let opened = opened(&hidden);
        let texts = ["a", "hidden", "b", "hidden"];
        assert_eq!(opened.parts().len(), texts.len());
        for (part, text) in opened.parts().iter().zip(texts) {
            assert!(part.contains(text), "{part}");
        }
    }

    #[test]
    fn records_may_be_large() {
        let filled = [archive(&["a"]), vec![0; 4 << 20], archive(&["b"])].concat();
        let opened = opened(&filled);
        assert_eq!(opened.parts(), ["tar:a = a", "tar:b = b"]);
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

    #[test]
    fn what_stands_between_members_is_held_to_a_limit() {
        let append = |builder: &mut Builder<Vec<u8>>, kind, content: &[u8]| {
            let mut header = Header::new_gnu();
            header.set_entry_type(kind);
            header.set_size(content.len() as u64);
            builder.append_data(&mut header, "name", content).expect("memory takes it");
        };
        let content = vec![b'x'; 3 << 20];
        for kind in [EntryType::GNULongName, EntryType::GNULongLink, EntryType::XHeader] {
            let mut builder = Builder::new(Vec::new());
            append(&mut builder, EntryType::Regular, &content);
            append(&mut builder, EntryType::Regular, &content);
            append(&mut builder, kind, &content);
            append(&mut builder, EntryType::Regular, b"last");
            let opened = opened(&builder.into_inner().expect("memory takes it"));
            assert_eq!(opened.gaps.len(), 1, "{kind:?}");
            let [first, second, rest] = &opened.parts()[..] else { panic!("{kind:?}") };
            assert!(first == second && first.len() > content.len());
            assert!(rest.starts_with("tar:behind the damage = ") && rest.contains("last"));
        }
    }
}
