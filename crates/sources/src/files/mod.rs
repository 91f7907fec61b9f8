//! Files in trees.
//!
//! A tree is walked by as many threads as there are processors, and each reads what it meets into
//! a buffer of its own. What does not fit in that buffer is set aside and, when the walk is over,
//! cut into pieces that all threads share.

mod large;
mod repositories;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use bearhug_core::{Blob, Flow, Gap, GapReason, Name, Origin, Sink, Source, Step, Traces};
use ignore::{
    DirEntry, WalkBuilder, WalkState,
    overrides::{Override, OverrideBuilder},
};

use crate::{
    containers::{Opener, Reading, Rest, Stopping},
    git::{
        Layout,
        history::{self, History},
    },
    opening,
    pieces::PIECE,
    stream::{deliver_patiently, fill},
};
use large::Large;
use repositories::Repositories;

/// Which files to read, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether to leave out what git ignores.
    pub respect_gitignore: bool,
    /// Globs of paths to leave out, in the syntax of `.gitignore`.
    pub exclude: Vec<String>,
    /// The size in bytes above which a file is left out.
    pub max_size: Option<u64>,
    /// Files and folders, by their canonical paths, that are left to whoever else reads them. One
    /// that is a root is read all the same.
    pub skip: Arc<BTreeSet<PathBuf>>,
    /// Whether the histories of the git repositories that are met are read.
    pub history: bool,
    /// What need not be read of histories: packs and loose objects, by the real paths of their
    /// repositories.
    pub known: BTreeMap<String, BTreeSet<String>>,
    /// How many threads read.
    pub threads: usize,
    /// How their content is read.
    pub reading: Reading,
}

/// Some trees and files.
#[derive(Debug)]
pub struct Files {
    walkers: Vec<WalkBuilder>,
    options: Options,
    repositories: Repositories,
}

/// Why a set of files cannot be walked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FilesError {
    /// An exclude is not a glob.
    #[error("`{glob}` is not a glob that can be excluded")]
    Glob {
        /// The text that was given.
        glob: String,
        /// What is wrong with it.
        #[source]
        source: ignore::Error,
    },
    /// A path that was named cannot be opened.
    #[error("cannot read `{}`", path.display())]
    Root {
        /// The path.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

impl Files {
    /// Prepares to walk `roots`.
    ///
    /// # Errors
    ///
    /// If a root does not exist or an exclude is not a glob.
    pub fn new(roots: Vec<PathBuf>, options: Options) -> Result<Self, FilesError> {
        let (mut folders, mut files) = (Vec::new(), Vec::new());
        for path in roots {
            match fs::metadata(&path) {
                Ok(metadata) if metadata.is_dir() => folders.push(path),
                Ok(_) => files.push(path),
                Err(source) => return Err(FilesError::Root { path, source }),
            }
        }
        let mut walkers = Vec::new();
        for folder in &folders {
            let mut walker = walker(folder, &options);
            walker.overrides(excludes(folder, &options.exclude)?);
            walkers.push(walker);
        }
        // Files may be named by the thousand, so one walk takes them all. What was named is not
        // excluded.
        if let Some((first, others)) = files.split_first() {
            let mut walker = walker(first, &options);
            for file in others {
                walker.add(file);
            }
            walkers.push(walker);
        }
        Ok(Self { walkers, repositories: Repositories::around(&folders), options })
    }
}

fn walker(root: &Path, options: &Options) -> WalkBuilder {
    let mut walker = WalkBuilder::new(root);
    walker
        .standard_filters(false)
        .parents(options.respect_gitignore)
        .git_ignore(options.respect_gitignore)
        .git_global(options.respect_gitignore)
        .git_exclude(options.respect_gitignore)
        .require_git(false)
        .threads(options.threads);
    if !options.skip.is_empty() {
        let skip = Arc::clone(&options.skip);
        walker.filter_entry(move |entry| !is_skipped(entry, &skip));
    }
    walker
}

/// Whether somebody else reads this entry. Few have the name of one that is skipped, and only they
/// are looked at more closely.
fn is_skipped(entry: &DirEntry, skip: &BTreeSet<PathBuf>) -> bool {
    entry.depth() > 0
        && !entry.path_is_symlink()
        && skip.iter().any(|path| path.file_name() == Some(entry.file_name()))
        && fs::canonicalize(entry.path()).is_ok_and(|path| skip.contains(&path))
}

/// The globs to leave out, taken relative to the folder that was named.
fn excludes(folder: &Path, globs: &[String]) -> Result<Override, FilesError> {
    let mut overrides = OverrideBuilder::new(folder);
    let error = |glob: &str, source| FilesError::Glob { glob: glob.to_owned(), source };
    for glob in globs {
        overrides.add(&format!("!{glob}")).map_err(|source| error(glob, source))?;
    }
    overrides.build().map_err(|source| error(&globs.join(", "), source))
}

impl Source for Files {
    fn walk(&self, sink: &dyn Sink) {
        let large = Mutex::new(Vec::new());
        for walker in &self.walkers {
            self.run(walker, &large, sink);
        }
        // What git keeps of a working copy may lie elsewhere, and lead elsewhere in turn.
        while let Some(folder) = self.repositories.next_outside() {
            self.run(&walker(&folder, &self.options), &large, sink);
        }
        let large = large.into_inner().unwrap_or_default();
        large::deliver(&large, &self.options, sink);
        for history in self.repositories.histories() {
            history.walk(sink);
        }
    }

    fn trace(&self, repository: &str, tokens: &[BTreeSet<String>]) -> Traces {
        let histories = self.repositories.histories();
        histories.iter().map(|history| history.trace(repository, tokens)).collect()
    }
}

impl Files {
    /// What was read of histories, now or before, by the real paths of their repositories.
    pub fn read_of_histories(&self) -> BTreeMap<String, BTreeSet<String>> {
        self.repositories.read()
    }

    fn run(&self, walker: &WalkBuilder, large: &Mutex<Vec<Large>>, sink: &dyn Sink) {
        walker.build_parallel().run(|| {
            let mut reader = Reader { files: self, sink, large, buffer: vec![0; PIECE] };
            Box::new(move |entry| reader.visit(entry))
        });
    }
}

/// How a file is opened, depending on whether it was named or met.
type Open = fn(&Path) -> io::Result<File>;

/// One thread's view of the walk.
struct Reader<'a> {
    files: &'a Files,
    sink: &'a dyn Sink,
    large: &'a Mutex<Vec<Large>>,
    buffer: Vec<u8>,
}

impl Reader<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        if self.sink.flow() == Flow::Stop {
            return WalkState::Quit;
        }
        match entry {
            Ok(entry) => self.enter(&entry),
            Err(error) => {
                let path = path_of(&error).map_or_else(String::new, shown);
                let printable =
                    self.sink.name(Name { within: None, path: &path, own_from: path.len() });
                self.unreadable(&file_origin(printable), &without_path(&error));
                WalkState::Continue
            }
        }
    }

    fn enter(&mut self, entry: &DirEntry) -> WalkState {
        let path = entry.path();
        let printable = self.printable(entry);
        let origin = file_origin(printable);
        // A root that is a link is followed, since the user named it; other links are not.
        let kind = if entry.depth() == 0 {
            fs::metadata(path).ok().map(|m| m.file_type())
        } else {
            entry.file_type()
        };
        match kind {
            Some(kind) if kind.is_dir() => return self.folder(entry, &origin),
            Some(kind) if kind.is_file() => {
                self.file(
                    path,
                    &origin,
                    if entry.depth() == 0 { opening::named } else { opening::met },
                );
            }
            Some(kind) if kind.is_symlink() => self.link(path, &origin),
            Some(_) => self.special(path, origin, entry.depth() == 0),
            None => self.unreadable(&origin, "its type is unknown"),
        }
        WalkState::Continue
    }

    /// Searches the entry's own name and returns the path as it may be printed.
    fn printable(&self, entry: &DirEntry) -> String {
        let path = shown(entry.path());
        let own_from = if entry.depth() == 0 {
            0
        } else {
            path.rfind(std::path::MAIN_SEPARATOR).map_or(0, |at| at + 1)
        };
        self.sink.name(Name { within: None, path: &path, own_from })
    }

    /// Goes into a folder, unless it holds a git history, which is read as such. What git keeps
    /// beside that as text, such as a remote's address with a password in it, is read like any other
    /// file.
    fn folder(&self, entry: &DirEntry, origin: &Origin) -> WalkState {
        let folder = entry.path();
        if folder.file_name().is_none_or(|name| name != "objects") {
            return WalkState::Continue;
        }
        let Some(layout) = folder.parent().and_then(Layout::of) else { return WalkState::Continue };
        if self.files.options.history {
            let common = origin.path.strip_suffix("/objects").unwrap_or(".");
            let Options { threads, reading, .. } = self.files.options;
            let options = history::Options { threads, reading };
            let history = History::new(layout, history::shown(common), options);
            self.files.repositories.add(history, &self.files.options.known);
        }
        WalkState::Skip
    }

    fn file(&mut self, path: &Path, origin: &Origin, open: Open) {
        if self.files.options.history && path.file_name().is_some_and(|name| name == ".git") {
            self.files.repositories.point(path);
        }
        let read = open(path).and_then(|mut file| {
            let read = fill(&mut file, &mut self.buffer)?;
            if read == 0 || read == self.buffer.len() {
                opening::check(&file)?;
            }
            Ok((read, file))
        });
        let result = match read {
            Ok((read, _)) if read < self.buffer.len() && !self.exceeds(read as u64) => {
                self.opener().held(&self.buffer[..read], origin);
                Ok(())
            }
            Ok((_, file)) => self.set_aside(path, origin, (file, open)),
            Err(error) => Err(error),
        };
        if let Err(error) = result {
            self.unreadable(origin, &error.to_string());
        }
    }

    fn opener(&self) -> Opener<'_> {
        Opener { sink: self.sink, reading: self.files.options.reading }
    }

    fn exceeds(&self, size: u64) -> bool {
        self.files.options.max_size.is_some_and(|limit| size > limit)
    }

    /// Reads what a file holds that does not fit in the buffer, and leaves its own bytes for later.
    fn set_aside(
        &self,
        path: &Path,
        origin: &Origin,
        (file, open): (File, Open),
    ) -> io::Result<()> {
        let size = file.metadata()?.len();
        if let Some(limit) = self.files.options.max_size.filter(|&limit| size > limit) {
            let reason = GapReason::Oversized { size, limit };
            self.sink.gap(Gap { origin: origin.clone(), reason });
            return Ok(());
        }
        if size < self.buffer.len() as u64 {
            // More was read than the file says it holds: it is made up as it is read, as those
            // under /proc are.
            self.opener().stream(&mut open(path)?, origin);
            return Ok(());
        }
        let mut file = Stopping { inner: file, sink: self.sink };
        let budget = self.opener().budget(size);
        let rest = self.opener().file(&mut file, &self.buffer, (origin, budget.as_ref()));
        if rest != Rest::Nothing
            && let Ok(mut large) = self.large.lock()
        {
            let (path, origin) = (path.to_owned(), origin.clone());
            let budget = budget.filter(|_| rest == Rest::Follow);
            large.push(Large { path, open, origin, size, budget });
        }
        Ok(())
    }

    /// A link's target is text that a person wrote, and is searched as such.
    fn link(&self, path: &Path, origin: &Origin) {
        match fs::read_link(path) {
            Ok(target) => {
                self.sink.blob(&Blob::whole(origin, target.to_string_lossy().as_bytes()));
                self.sink.done();
            }
            Err(error) => self.unreadable(origin, &error.to_string()),
        }
    }

    /// A pipe that was named, as `<(command)` names one, is read. One that was met is not: reading
    /// it could wait for ever.
    fn special(&self, path: &Path, origin: Origin, was_named: bool) {
        if was_named {
            let path = path.to_owned();
            deliver_patiently(move || File::open(path), &origin, &self.opener());
        } else {
            self.sink.gap(Gap { origin, reason: GapReason::SpecialFile });
        }
    }

    fn unreadable(&self, origin: &Origin, why: &str) {
        let reason = GapReason::Unreadable(why.to_owned());
        self.sink.gap(Gap { origin: origin.clone(), reason });
    }
}

/// The origin of a file.
pub(crate) fn file_origin(printable: String) -> Origin {
    Origin { steps: vec![Step::File(printable.clone())], path: printable }
}

/// The path as people write it. Bytes that are not UTF-8 become replacement characters.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix("./").unwrap_or(path).to_string_lossy().into_owned()
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        _ => None,
    }
}

/// The error's own words, without the path that its gap names already.
fn without_path(error: &ignore::Error) -> String {
    error.io_error().map_or_else(|| error.to_string(), ToString::to_string)
}
