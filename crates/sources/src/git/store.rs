//! All the objects that a repository has: its packs, its loose objects, and those it borrows.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    id::{Hash, ObjectId},
    loose::Loose,
    pack::{Bases, Buffer, Bytes, Inflater, Kind, LARGEST, MultiIndex, OpenError, Pack},
};

/// How many repositories may borrow from one another in a row, as git has it.
const DEEPEST: usize = 5;

/// How many objects that are made from objects elsewhere may be in a row.
const MOST_HOPS: usize = 8;

/// The objects of a repository.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) hash: Hash,
    /// The folders of objects: the repository's own, then those that it borrows from.
    pub(crate) folders: Vec<PathBuf>,
    pub(crate) packs: Vec<(PathBuf, Pack)>,
    /// What could not be opened, and why.
    pub(crate) problems: Vec<(PathBuf, String)>,
    /// Folders and packs that have been opened.
    known: BTreeSet<PathBuf>,
    threads: usize,
}

impl Store {
    /// Opens all there is. What cannot be opened is a problem and not an error.
    pub(crate) fn open(objects: &Path, hash: Hash, threads: usize) -> Self {
        let mut store = Self {
            hash,
            folders: Vec::new(),
            packs: Vec::new(),
            problems: Vec::new(),
            known: BTreeSet::new(),
            threads,
        };
        store.borrow(objects, 0);
        store.refresh();
        store
    }

    /// Takes a folder of objects, and those that it says it borrows from.
    fn borrow(&mut self, objects: &Path, depth: usize) {
        let folder = match fs::canonicalize(objects) {
            Ok(folder) => folder,
            Err(error) => return self.problem(objects, error.to_string()),
        };
        if !self.known.insert(folder) {
            return;
        }
        self.folders.push(objects.to_owned());
        let Ok(list) = fs::read(objects.join("info/alternates")) else { return };
        let lines = list.split(|&b| b == b'\n').map(<[u8]>::trim_ascii);
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with(b"#")) {
            let other = objects.join(String::from_utf8_lossy(line).trim_matches('"'));
            if depth < DEEPEST {
                self.borrow(&other, depth + 1);
            } else {
                self.problem(&other, "too many repositories borrow from one another".to_owned());
            }
        }
    }

    fn problem(&mut self, path: &Path, why: String) {
        self.problems.push((path.to_owned(), why));
    }

    /// Opens the packs that have come since, and returns the number of the first.
    pub(crate) fn refresh(&mut self) -> usize {
        let first = self.packs.len();
        for folder in self.folders.clone() {
            let folder = folder.join("pack");
            let packs = match packs_in(&folder) {
                Ok(packs) => packs,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => {
                    self.problem(&folder, error.to_string());
                    continue;
                }
            };
            for path in packs {
                if self.known.insert(path.clone()) {
                    self.open_pack(path);
                }
            }
        }
        first
    }

    fn open_pack(&mut self, path: PathBuf) {
        let index = match Bytes::map(&path.with_extension("idx")) {
            Ok(index) => Ok(index),
            Err(error) => self.index_from_elsewhere(&path).ok_or(error),
        };
        let pack = index
            .map_err(OpenError::from)
            .and_then(|index| Pack::open(&path, index, self.hash, self.threads));
        match pack {
            Ok(pack) => self.packs.push((path, pack)),
            // It was there a moment ago: what it held is in another now.
            Err(OpenError::Io(error)) if !path.exists() => drop(error),
            Err(error) => self.problem(&path, error.to_string()),
        }
    }

    /// What a multi-pack index says of a pack without an index.
    fn index_from_elsewhere(&self, pack: &Path) -> Option<Bytes> {
        let folder = pack.parent()?;
        let name = pack.file_name()?.to_str()?;
        let chain = fs::read_dir(folder.join("multi-pack-index.d")).into_iter().flatten().flatten();
        let files = chain.map(|file| file.path()).chain([folder.join("multi-pack-index")]);
        let indexes = files.filter_map(|file| {
            MultiIndex::parse(Bytes::map(&file).ok()?, self.hash).ok()?.index_of(name)
        });
        indexes.map(Bytes::Held).next()
    }

    /// Whether an object is there.
    pub(crate) fn contains(&self, id: &ObjectId) -> bool {
        self.packs.iter().any(|(_, pack)| pack.contains(id))
            || self.folders.iter().any(|folder| Loose::open(folder, id).is_ok())
    }

    /// Reads an object.
    pub(crate) fn read(&self, id: &ObjectId) -> Option<(Kind, Buffer)> {
        Reader { store: self, hops: 0 }.base(id)
    }
}

impl Bases for Store {
    fn base(&self, id: &ObjectId) -> Option<(Kind, Buffer)> {
        self.read(id)
    }
}

/// A way through the packs that ends, even if they send it in circles.
struct Reader<'a> {
    store: &'a Store,
    hops: usize,
}

impl Bases for Reader<'_> {
    fn base(&self, id: &ObjectId) -> Option<(Kind, Buffer)> {
        if self.hops > MOST_HOPS {
            return None;
        }
        let next = Reader { store: self.store, hops: self.hops + 1 };
        let mut inflater = Inflater::new();
        for (_, pack) in &self.store.packs {
            let read = pack.find(id).and_then(|at| pack.read(at, &mut inflater, &next).ok());
            if read.is_some() {
                return read;
            }
        }
        self.store.folders.iter().find_map(|folder| {
            let mut loose = Loose::open(folder, id).ok().filter(|l| l.size <= LARGEST as u64)?;
            let mut bytes = Vec::new();
            loose.read_into(&mut bytes).ok()?;
            Some((loose.kind, bytes.into()))
        })
    }
}

/// The packs in a folder, in order of name.
fn packs_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut packs = Vec::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "pack") {
            packs.push(path);
        }
    }
    packs.sort();
    Ok(packs)
}
