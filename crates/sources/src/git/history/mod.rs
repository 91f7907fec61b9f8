//! The history of a repository: every object in its store, whatever leads to it.

mod absent;
mod names;
mod objects;
mod selection;
mod watch;

use std::{
    collections::BTreeSet,
    panic::resume_unwind,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use bearhug_core::{Blob, Flow, Gap, GapReason, Origin, Sink, Source, Step, Trace};

use super::{
    attribution::{self, Question},
    id::ObjectId,
    layout::Layout,
    loose::{self, Loose},
    pack::{self, Damage},
    store::Store,
};
use crate::containers::{Opener, Reading};
use absent::{Absent, Known};
use objects::{Gleaned, Searcher};
pub use selection::{Selected, Selection, UnknownRevision};
use watch::Watch;

/// How to read a history.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// How many threads read.
    pub threads: usize,
    /// How what objects hold is read.
    pub reading: Reading,
}

/// The history of one repository.
#[derive(Debug, Clone)]
pub struct History {
    layout: Layout,
    /// The repository as reports call it.
    shown: String,
    options: Options,
    /// The names in trees that were searched: those that may hold tokens.
    names: Arc<Mutex<BTreeSet<Vec<u8>>>>,
    /// The packs and loose objects that need not be read.
    known: Arc<BTreeSet<String>>,
    /// Those that are there, known or read without a gap.
    read: Arc<Mutex<BTreeSet<String>>>,
}

/// How often packs are looked for that have come while others were read.
const ROUNDS: usize = 3;

impl History {
    /// The history of a repository that reports call `shown`.
    pub fn new(layout: Layout, shown: String, options: Options) -> Self {
        let (names, read) = (Arc::default(), Arc::default());
        Self { layout, shown, options, names, known: Arc::default(), read }
    }

    /// The same history, but for packs and loose objects that were read before.
    #[must_use]
    pub fn except(self, known: BTreeSet<String>) -> Self {
        Self { known: Arc::new(known), ..self }
    }

    /// The packs and loose objects that were read, now or before.
    pub fn read(&self) -> BTreeSet<String> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether something need not be read. It is remembered as read.
    fn is_known(&self, name: &str) -> bool {
        let is_known = self.known.contains(name);
        if is_known {
            self.remember(name.to_owned());
        }
        is_known
    }

    fn remember(&self, name: String) {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(name);
    }

    /// The repository's own folder.
    pub fn folder(&self) -> &Path {
        &self.layout.common
    }

    fn open(&self) -> Store {
        Store::open(&self.layout.objects(), self.layout.hash(), self.options.threads)
    }

    /// The origin of the repository itself.
    fn origin(&self) -> Origin {
        Origin { path: self.shown.clone(), steps: vec![Step::Repository(self.shown.clone())] }
    }

    fn searchers<'a>(&self, view: &View<'a>) -> Vec<Searcher<'a>> {
        let opener = |sink| Opener { sink, reading: self.options.reading };
        let searcher = |_| {
            let absent = view.partial.map(|known| Absent::new(view.store, known));
            Searcher::new(&self.shown, opener(view.watch), absent)
        };
        (0..self.options.threads.max(1)).map(searcher).collect()
    }

    /// Reads packs from a number on.
    fn packs(&self, view: &View<'_>, first: usize) -> Gleaned {
        let View { store, watch, .. } = *view;
        let sink: &dyn Sink = watch;
        let mut searchers = self.searchers(view);
        for (path, pack) in store.packs.get(first..).unwrap_or_default() {
            if sink.flow() == Flow::Stop {
                break;
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if self.is_known(&name) {
                continue;
            }
            let before = watch.gaps();
            let damage = pack::walk(pack, store, &mut searchers);
            if pack.unlisted > 0 {
                let why = format!("the index does not list {} of its objects", pack.unlisted);
                self.gap(path, why, sink);
            }
            if let Some(why) = in_words(&damage) {
                self.gap(path, why, sink);
            }
            // What was not read to the end is read again the next time, and reported again.
            if watch.gaps() == before && sink.flow() == Flow::Continue {
                self.remember(name);
            }
        }
        let mut gleaned = Gleaned::default();
        for searcher in searchers {
            gleaned.join(searcher.finish());
        }
        gleaned
    }

    /// Reads the loose objects in a folder.
    fn loose(&self, folder: &Path, view: &View<'_>) -> Gleaned {
        let watch = view.watch;
        let sink: &dyn Sink = watch;
        let ids = loose::list(folder, &mut |at, error| self.gap(at, error.to_string(), sink));
        let next = AtomicUsize::new(0);
        let work = |mut searcher: Searcher<'_>| {
            let mut gone = Vec::new();
            while let Some(id) = ids.get(next.fetch_add(1, Ordering::Relaxed)) {
                if sink.flow() == Flow::Stop {
                    break;
                }
                if self.is_known(&id.to_string()) {
                    continue;
                }
                let before = watch.gaps();
                match Loose::open(folder, id).and_then(|loose| searcher.loose(id, loose)) {
                    Ok(()) if watch.gaps() == before => self.remember(id.to_string()),
                    Ok(()) => {}
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => gone.push(*id),
                    Err(error) => self.object_gap(id, error.to_string(), sink),
                }
            }
            Gleaned { gone, ..searcher.finish() }
        };
        thread::scope(|scope| {
            let searchers = self.searchers(view).into_iter();
            let threads: Vec<_> = searchers.map(|s| scope.spawn(|| work(s))).collect();
            let mut gleaned = Gleaned::default();
            for thread in threads {
                gleaned.join(thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
            }
            gleaned
        })
    }

    fn say_if_shallow(&self, sink: &dyn Sink) {
        let commits = self.layout.shallow().len();
        if commits > 0 {
            sink.gap(Gap { origin: self.origin(), reason: GapReason::Shallow { commits } });
        }
    }

    /// Searches names of files and folders.
    fn search_names(&self, names: &BTreeSet<Vec<u8>>, sink: &dyn Sink) {
        let origin = self.origin().then(Step::Object(String::new())).then(Step::Name);
        for name in names.iter().filter(|name| !sink.is_all_quiet(name)) {
            drop(sink.blob(&Blob::whole(&origin, name)));
            let mut searched = self.names.lock().unwrap_or_else(PoisonError::into_inner);
            searched.insert(name.clone());
        }
    }

    fn gap(&self, path: &Path, why: String, sink: &dyn Sink) {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut origin = self.origin().then(Step::File(file.clone()));
        origin.path = format!("{}:{file}", self.shown);
        sink.gap(Gap { origin, reason: GapReason::Unreadable(why) });
    }

    fn object_gap(&self, id: &ObjectId, why: String, sink: &dyn Sink) {
        let mut origin = self.origin().then(Step::Object(id.to_string()));
        origin.path = format!("{}:{id}", self.shown);
        sink.gap(Gap { origin, reason: GapReason::Unreadable(why) });
    }

    /// Reads every object.
    fn objects(&self, sink: &dyn Sink) {
        let mut store = self.open();
        let known = self
            .layout
            .is_partial()
            .then(|| Known::new(&store, self.layout.shallow().into_iter().collect()));
        let watch = Watch::new(sink);
        let mut gleaned = Gleaned::default();
        let mut first = 0;
        for round in 0..ROUNDS {
            let view = View { store: &store, partial: known.as_ref(), watch: &watch };
            gleaned.join(self.packs(&view, first));
            if round == 0 {
                for folder in &store.folders {
                    gleaned.join(self.loose(folder, &view));
                }
            }
            // What `git gc` packs meanwhile is in packs that were not there.
            first = store.refresh();
            if first == store.packs.len() || sink.flow() == Flow::Stop {
                break;
            }
        }
        let unread = store.packs.get(first..).unwrap_or_default();
        for (path, _) in unread.iter().filter(|_| sink.flow() == Flow::Continue) {
            self.gap(path, "packs came faster than they were read".to_owned(), sink);
        }
        for id in gleaned.gone.iter().filter(|id| !store.contains(id)) {
            self.object_gap(id, "it was removed before it was read".to_owned(), sink);
        }
        let objects = gleaned.absent.iter().filter(|id| !store.contains(id)).count() as u64;
        if objects > 0 {
            sink.gap(Gap { origin: self.origin(), reason: GapReason::AbsentObjects { objects } });
        }
        if let Ok(mut names) = self.names.lock() {
            names.append(&mut gleaned.names);
        }
        for (path, why) in store.problems() {
            self.gap(&path, why, sink);
        }
    }
}

/// What a part of the scan looks at.
#[derive(Clone, Copy)]
struct View<'a> {
    store: &'a Store,
    /// For a partial clone, what is known to be there.
    partial: Option<&'a Known>,
    watch: &'a Watch<'a>,
}

/// What is wrong with a pack.
fn in_words(damage: &Damage) -> Option<String> {
    let (offset, why) = damage.first?;
    Some(format!("{} of its objects cannot be read, the first at {offset}: {why}", damage.entries))
}

impl Source for History {
    fn walk(&self, sink: &dyn Sink) {
        self.objects(sink);
        names::deliver(&self.layout, &self.origin(), sink);
        self.say_if_shallow(sink);
    }

    fn trace(&self, repository: &str, tokens: &[BTreeSet<String>]) -> Vec<Trace> {
        if repository != self.shown {
            return Vec::new();
        }
        let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let question = Question { tokens, names: &names };
        attribution::trace(&self.layout, &self.open(), self.options.threads, &question)
    }
}

/// The path of a repository as people call it: that of its working copy, if it has one.
pub(crate) fn shown(common: &str) -> String {
    match common.strip_suffix(".git").map(|rest| rest.strip_suffix('/').unwrap_or(rest)) {
        Some("") => ".".to_owned(),
        Some(rest) if common.ends_with("/.git") => rest.to_owned(),
        _ => common.to_owned(),
    }
}
