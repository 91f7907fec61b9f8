//! A part of a history: what some commits add, and no more.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use bearhug_core::{Flow, Sink, Source, Trace};

use super::{History, View, Watch};
use crate::git::{
    attribution::{Trees, commits::Commits, diff},
    id::ObjectId,
    pack::{Kind, Object},
    refs::Refs,
    store::Store,
};

/// Which commits are meant. All conditions that are given must hold.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Those that a branch, a tag or another revision leads to.
    pub branch: Option<String>,
    /// Those that the second revision leads to and the first does not.
    pub range: Option<(String, String)>,
    /// Those that were committed at or after this time, in seconds since 1970.
    pub since: Option<i64>,
}

/// A revision stands for no commit that is here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no commit of this repository")]
pub struct UnknownRevision(pub String);

/// A part of a history.
#[derive(Debug)]
pub struct Selected {
    history: History,
    store: Store,
    commits: Commits,
    /// The numbers of the commits that are meant.
    chosen: Vec<usize>,
}

impl Selected {
    /// Finds the commits that are meant.
    ///
    /// # Errors
    ///
    /// If a revision stands for none.
    pub fn new(history: History, selection: &Selection) -> Result<Self, UnknownRevision> {
        let store = history.open();
        let refs = Refs::read(&history.layout);
        let commits = Commits::read(&store, &refs, history.options.threads);
        let find = |name: &str| {
            resolve(name, &commits, &refs).ok_or_else(|| UnknownRevision(name.to_owned()))
        };
        let mut is_chosen = vec![true; commits.nodes.len()];
        let mut keep = |is_meant: &[bool], meant: bool| {
            for (chosen, is_meant) in is_chosen.iter_mut().zip(is_meant) {
                *chosen &= *is_meant == meant;
            }
        };
        if let Some(branch) = &selection.branch {
            keep(&commits.ancestors([find(branch)?]), true);
        }
        if let Some((base, head)) = &selection.range {
            keep(&commits.ancestors([find(head)?]), true);
            keep(&commits.ancestors([find(base)?]), false);
        }
        if let Some(since) = selection.since {
            let is_late: Vec<_> = commits.nodes.iter().map(|n| n.committed >= since).collect();
            keep(&is_late, true);
        }
        let chosen = commits.order.iter().copied().filter(|&number| is_chosen[number]).collect();
        Ok(Self { history, store, commits, chosen })
    }

    /// The objects that a commit adds to all of its parents, and the names.
    fn added(
        &self,
        number: usize,
        trees: &mut Trees<'_>,
    ) -> (BTreeSet<ObjectId>, BTreeSet<Vec<u8>>) {
        let node = &self.commits.nodes[number];
        let parents: Vec<_> =
            node.parents.iter().map(|&parent| Some(self.commits.nodes[parent].tree)).collect();
        let parents = if parents.is_empty() { vec![None] } else { parents };
        let mut seen: BTreeMap<(Vec<u8>, ObjectId), usize> = BTreeMap::new();
        let mut names = BTreeSet::new();
        for old in &parents {
            diff(trees, (*old, Some(node.tree)), &mut |folder, change| {
                let Some(new) = change.new.filter(|entry| !entry.is_submodule()) else { return };
                if change.old.is_none() {
                    names.insert(new.name.to_vec());
                }
                if let Some(id) = ObjectId::new(new.id).filter(|_| !new.is_folder()) {
                    *seen.entry(([folder, new.name].concat(), id)).or_insert(0) += 1;
                }
            });
        }
        let everywhere = seen.into_iter().filter(|(_, times)| *times == parents.len());
        (everywhere.map(|((_, id), _)| id).collect(), names)
    }

    /// Everything that the commits add, themselves included.
    fn gather(&self) -> (Vec<ObjectId>, BTreeSet<Vec<u8>>) {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut trees = Trees::new(&self.store);
            let (mut objects, mut names) = (BTreeSet::new(), BTreeSet::new());
            while let Some(&number) = self.chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                let (more, named) = self.added(number, &mut trees);
                objects.extend(more);
                names.extend(named);
                objects.insert(self.commits.nodes[number].id);
            }
            (objects, names)
        };
        let (mut objects, mut names) = (BTreeSet::new(), BTreeSet::new());
        thread::scope(|scope| {
            let threads = self.history.options.threads.max(1);
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            for thread in threads {
                let (more, named) =
                    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                objects.extend(more);
                names.extend(named);
            }
        });
        let chosen: BTreeSet<_> = self.chosen.iter().map(|&n| self.commits.nodes[n].id).collect();
        let tags = self.commits.tags.iter().filter(|(_, (object, _))| chosen.contains(object));
        objects.extend(tags.map(|(id, _)| *id));
        (objects.into_iter().collect(), names)
    }
}

impl Source for Selected {
    fn walk(&self, sink: &dyn Sink) {
        let watch = Watch::new(sink);
        let view = View { store: &self.store, partial: None, watch: &watch };
        let (objects, names) = self.gather();
        let next = AtomicUsize::new(0);
        thread::scope(|scope| {
            for mut searcher in self.history.searchers(&view) {
                let (next, objects) = (&next, &objects);
                scope.spawn(move || {
                    while let Some(id) = objects.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if sink.flow() == Flow::Stop {
                            break;
                        }
                        let Some((kind, bytes)) = self.store.read(id).filter(|o| o.0 != Kind::Tree)
                        else {
                            let why = "the object is not present or cannot be read".to_owned();
                            self.history.object_gap(id, why, sink);
                            continue;
                        };
                        searcher.whole(&Object {
                            id: id.as_bytes(),
                            kind,
                            bytes: &bytes,
                            fresh: std::slice::from_ref(&(0..bytes.len())),
                            base_is_quiet: false,
                        });
                    }
                    drop(searcher.finish());
                });
            }
        });
        self.history.search_names(&names, sink);
        self.history.say_if_shallow(sink);
    }

    fn trace(&self, repository: &str, tokens: &[BTreeSet<String>]) -> Vec<Trace> {
        self.history.trace(repository, tokens)
    }
}

/// The commit that a revision stands for: the name of a ref or the start of an id, and any number of
/// `^` and `~n` (gitrevisions).
fn resolve(revision: &str, commits: &Commits, refs: &Refs) -> Option<usize> {
    let end = revision.find(['^', '~']).unwrap_or(revision.len());
    let (name, mut steps) = revision.split_at(end);
    let mut number = match refs.find(name) {
        Some(id) => commits.peel(&id)?,
        None => by_start(name, commits)?,
    };
    while let Some(step) = steps.chars().next() {
        steps = &steps[1..];
        let digits = steps.find(|c: char| !c.is_ascii_digit()).unwrap_or(steps.len());
        let (count, rest) = steps.split_at(digits);
        let count = if count.is_empty() { 1 } else { count.parse().ok()? };
        steps = rest;
        match (step, count) {
            ('~', count) => {
                for _ in 0..count {
                    number = *commits.nodes[number].parents.first()?;
                }
            }
            ('^', 0) => {}
            ('^', nth) => number = *commits.nodes[number].parents.get(nth - 1)?,
            _ => return None,
        }
    }
    Some(number)
}

/// The one commit whose id starts so.
fn by_start(start: &str, commits: &Commits) -> Option<usize> {
    /// The fewest digits that git takes.
    const SHORTEST: usize = 4;
    if start.len() < SHORTEST || !start.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let start = start.to_ascii_lowercase();
    let mut found = commits.nodes.iter().enumerate();
    let mut found = found.by_ref().filter(|(_, node)| node.id.to_string().starts_with(&start));
    let (number, _) = found.next()?;
    found.next().is_none().then_some(number)
}
