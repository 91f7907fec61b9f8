//! Loose objects: one deflated file each, whose first bytes say what it is (gitrepository-layout,
//! "objects/\[0-9a-f\]\[0-9a-f\]").

use std::{
    fs::{self, DirEntry, File},
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use flate2::bufread::ZlibDecoder;

use super::{
    id::ObjectId,
    pack::{Exactly, Kind},
};

/// The longest header, `commit` and a size of twenty digits, in bytes.
const LONGEST_HEADER: usize = 32;

/// A loose object that is open.
pub(crate) struct Loose {
    pub(crate) kind: Kind,
    pub(crate) size: u64,
    content: ZlibDecoder<BufReader<File>>,
}

impl Loose {
    /// Opens the object in a folder of objects.
    pub(crate) fn open(objects: &Path, id: &ObjectId) -> io::Result<Self> {
        let mut content = ZlibDecoder::new(BufReader::new(File::open(path_of(objects, id))?));
        let mut header = Vec::new();
        let mut byte = [0];
        loop {
            content.read_exact(&mut byte)?;
            if byte == [0] {
                break;
            }
            header.extend(byte);
            if header.len() > LONGEST_HEADER {
                return Err(invalid("it has no header"));
            }
        }
        let mut fields = header.split(|&b| b == b' ');
        let kind = fields.next().and_then(Kind::named);
        let size = fields.next().and_then(|size| std::str::from_utf8(size).ok()?.parse().ok());
        match (kind, size) {
            (Some(kind), Some(size)) => Ok(Self { kind, size, content }),
            _ => Err(invalid("its header cannot be read")),
        }
    }

    /// Reads the object, which must not be longer than it says.
    pub(crate) fn read_into(&mut self, bytes: &mut Vec<u8>) -> io::Result<()> {
        bytes.clear();
        self.content.by_ref().take(self.size.saturating_add(1)).read_to_end(bytes)?;
        if bytes.len() as u64 == self.size {
            return Ok(());
        }
        Err(invalid("its size is not what it inflates to"))
    }

    /// Reads an object that is too large to hold.
    pub(crate) fn reader(&mut self) -> impl Read {
        Exactly::new(&mut self.content, self.size)
    }
}

fn invalid(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// Where an object lies in a folder of objects.
fn path_of(objects: &Path, id: &ObjectId) -> PathBuf {
    let name = id.to_string();
    let (folder, file) = name.split_at(2);
    objects.join(folder).join(file)
}

/// The loose objects in a folder of objects, in order, whatever hash names them. `on_problem` learns
/// of folders that cannot be read.
pub(crate) fn list(objects: &Path, on_problem: &mut dyn FnMut(&Path, io::Error)) -> Vec<ObjectId> {
    let mut ids = Vec::new();
    for folder in entries(objects, on_problem) {
        let Some(start) = folder.file_name().to_str().filter(|n| n.len() == 2).map(str::to_owned)
        else {
            continue;
        };
        for file in entries(&folder.path(), on_problem) {
            let name = format!("{start}{}", file.file_name().to_string_lossy());
            ids.extend(ObjectId::from_hex(name.as_bytes()));
        }
    }
    ids.sort_unstable();
    ids
}

/// What is in a folder. What is removed meanwhile has been packed, and is looked for there.
fn entries(folder: &Path, on_problem: &mut dyn FnMut(&Path, io::Error)) -> Vec<DirEntry> {
    let entries: io::Result<_> = fs::read_dir(folder).and_then(Iterator::collect);
    entries.unwrap_or_else(|error| {
        if error.kind() != io::ErrorKind::NotFound {
            on_problem(folder, error);
        }
        Vec::new()
    })
}
