//! What commits and annotated tags say in their headers (gitdatamodel, "commit").

use super::id::ObjectId;

/// A commit's header. Names and messages are bytes of whatever encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Commit<'a> {
    pub(crate) tree: ObjectId,
    pub(crate) parents: Vec<ObjectId>,
    pub(crate) author: Signature<'a>,
    /// When it was committed, in seconds since 1970.
    pub(crate) committed: i64,
}

/// Who did something, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Signature<'a> {
    /// `Name <address>`.
    pub(crate) who: &'a [u8],
    /// Seconds since 1970.
    pub(crate) when: i64,
    /// Seconds east of Greenwich.
    pub(crate) offset: i32,
}

/// Reads a commit. None if it is none.
pub(crate) fn parse(bytes: &[u8]) -> Option<Commit<'_>> {
    let mut lines = bytes.split(|&b| b == b'\n');
    let tree = ObjectId::from_hex(lines.next()?.strip_prefix(b"tree ")?)?;
    let (mut parents, mut author, mut committed) = (Vec::new(), Signature::default(), 0);
    for line in lines.take_while(|line| !line.is_empty()) {
        if let Some(parent) = line.strip_prefix(b"parent ") {
            parents.extend(ObjectId::from_hex(parent));
        } else if let Some(text) = line.strip_prefix(b"author ") {
            author = signature(text);
        } else if let Some(text) = line.strip_prefix(b"committer ") {
            committed = signature(text).when;
        }
    }
    Some(Commit { tree, parents, author, committed })
}

/// The tree of a commit and its parents, without the rest of the header.
pub(crate) fn named(bytes: &[u8]) -> impl Iterator<Item = ObjectId> {
    let id = |line: &[u8]| {
        let hex = line.strip_prefix(b"tree ").or_else(|| line.strip_prefix(b"parent "));
        hex.and_then(ObjectId::from_hex)
    };
    bytes.split(|&b| b == b'\n').map_while(id)
}

/// The object that an annotated tag names.
pub(crate) fn tagged(bytes: &[u8]) -> Option<ObjectId> {
    let line = bytes.split(|&b| b == b'\n').next()?;
    ObjectId::from_hex(line.strip_prefix(b"object ")?)
}

/// The name of an annotated tag.
pub(crate) fn tag_name(bytes: &[u8]) -> String {
    let mut lines = bytes.split(|&b| b == b'\n').take_while(|line| !line.is_empty());
    let name = lines.find_map(|line| line.strip_prefix(b"tag ")).unwrap_or_default();
    String::from_utf8_lossy(name).into_owned()
}

/// Reads `Name <address> 1700000000 +0100`, whatever of it is there.
pub(crate) fn signature(text: &[u8]) -> Signature<'_> {
    let end = memchr::memrchr(b'>', text).map_or(text.len(), |at| at + 1);
    let (who, numbers) = text.split_at(end);
    let numbers = String::from_utf8_lossy(numbers);
    let mut fields = numbers.split_ascii_whitespace();
    let when = fields.next().and_then(|field| field.parse().ok()).unwrap_or(0);
    let zone: i32 = fields.next().and_then(|field| field.parse().ok()).unwrap_or(0);
    Signature { who, when, offset: zone / 100 * 3600 + zone % 100 * 60 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_read_up_to_its_message() {
        let id = |digit: &str| digit.repeat(40);
        let text = format!(
            "tree {}\nparent {}\nparent {}\nauthor A <a@b> 1700000000 -0130\n\
             committer C <c@d> 1700000001 +0000\ngpgsig -----\n parent x\n\nparent {}\n",
            id("1"),
            id("2"),
            id("3"),
            id("4")
        );
        let commit = parse(text.as_bytes()).unwrap();
        assert_eq!(commit.parents.len(), 2);
        assert_eq!((commit.author.who, commit.author.offset), (&b"A <a@b>"[..], -5400));
        assert_eq!(commit.committed, 1_700_000_001);
        assert_eq!(parse(b"tree x\n"), None);
        assert_eq!(signature(b"no address"), Signature { who: b"no address", when: 0, offset: 0 });
    }
}
