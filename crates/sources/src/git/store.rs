//! All the objects that a repository has: its packs, its loose objects, and those it borrows.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::{
    id::{Hash, ObjectId},
    loose::Loose,
    pack::{Bases, Budget, Buffer, Bytes, Inflater, Kind, LARGEST, MultiIndex, OpenError, Pack},
};
use crate::opening;

/// How many repositories may borrow from one another in a row, as git has it.
const DEEPEST: usize = 5;

/// The longest list of them, in bytes.
const LONGEST_LIST: u64 = 1 << 20;

/// How many objects that are made from objects elsewhere may be in a row.
const MOST_HOPS: usize = 8;

/// How many copies of an object, and of what they are made from, are tried until one can be read.
const MOST_TRIES: usize = 64;

/// The objects of a repository.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) hash: Hash,
    /// The folders of objects: the repository's own, then those that it borrows from.
    pub(crate) folders: Vec<PathBuf>,
    pub(crate) packs: Vec<(PathBuf, Pack)>,
    /// What could not be opened, and why.
    problems: Vec<(PathBuf, String)>,
    /// Packs whose indexes were not there yet when they were looked for last.
    waiting: BTreeSet<PathBuf>,
    /// Folders and packs that have been opened.
    known: BTreeSet<PathBuf>,
    threads: usize,
    budget: Arc<Budget>,
}

impl Store {
    /// Opens all there is. What cannot be opened is a problem and not an error.
    pub(crate) fn open(objects: &Path, hash: Hash, threads: usize) -> Self {
        let mut store = Self {
            hash,
            folders: Vec::new(),
            packs: Vec::new(),
            problems: Vec::new(),
            waiting: BTreeSet::new(),
            known: BTreeSet::new(),
            threads,
            budget: Arc::new(Budget::new()),
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
        let file = objects.join("info/alternates");
        let list = match opening::whole(&file, LONGEST_LIST) {
            Ok(list) => list,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => return self.problem(&file, error.to_string()),
        };
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

    /// What could not be opened to the end, and why.
    pub(crate) fn problems(&self) -> Vec<(PathBuf, String)> {
        let waiting = self.waiting.iter().filter(|pack| pack.exists());
        let waiting = waiting.map(|pack| (pack.clone(), "it has no index".to_owned()));
        self.problems.iter().cloned().chain(waiting).collect()
    }

    fn open_pack(&mut self, path: PathBuf) {
        self.waiting.remove(&path);
        let index = match Bytes::map(&path.with_extension("idx")) {
            Ok(index) => Ok(index),
            Err(error) => self.index_from_elsewhere(&path).ok_or(error),
        };
        // Git gives the pack its name first when it writes one, and takes it last when it removes one.
        if index.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            self.known.remove(&path);
            self.waiting.insert(path);
            return;
        }
        let (hash, threads, budget) = (self.hash, self.threads, self.budget.clone());
        let pack = index
            .map_err(OpenError::from)
            .and_then(|index| Pack::open(&path, index, hash, threads, budget));
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
        Reader { store: self, hops: 0, tries: &AtomicUsize::new(0) }.base(id)
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
    /// How many copies of objects have been tried.
    tries: &'a AtomicUsize,
}

impl Bases for Reader<'_> {
    fn base(&self, id: &ObjectId) -> Option<(Kind, Buffer)> {
        if self.hops > MOST_HOPS {
            return None;
        }
        let next = Reader { hops: self.hops + 1, ..*self };
        let mut inflater = Inflater::new();
        for (_, pack) in &self.store.packs {
            let Some(entry) = pack.find(id) else { continue };
            if self.tries.fetch_add(1, Ordering::Relaxed) >= MOST_TRIES {
                return None;
            }
            if let Ok(object) = pack.read(entry, &mut inflater, &next) {
                return Some(object);
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
