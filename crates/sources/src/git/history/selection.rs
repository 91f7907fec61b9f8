//! A part of a history: what some commits add, and no more.

use std::{
    collections::BTreeSet,
    panic::resume_unwind,
    sync::atomic::{AtomicUsize, Ordering},
    thread::{self, ScopedJoinHandle},
};

use bearhug_core::{Flow, Gap, GapReason, Sink, Source, Traces};

use super::{
    History, View, Watch,
    added::Added,
    in_words,
    objects::{LARGE, Searcher},
    revision::resolve,
    unlisted,
};
use crate::git::{
    attribution::{Trees, commits::Commits},
    id::ObjectId,
    loose::Loose,
    pack::Object,
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

    /// Everything that the commits add, themselves and their tags included.
    fn gather(&self) -> Added {
        let next = AtomicUsize::new(0);
        let work = || {
            let (mut trees, mut added) = (Trees::new(&self.store), Added::default());
            while let Some(&number) = self.chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                let node = &self.commits.nodes[number];
                let parents = node.parents.iter().map(|&parent| self.commits.nodes[parent].tree);
                added.take(&mut trees, node.tree, parents.collect());
                added.objects.insert(node.id);
            }
            added
        };
        let mut added = Added::default();
        thread::scope(|scope| {
            let threads = self.history.options.threads.max(1);
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            for thread in threads {
                added.join(thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
            }
        });
        let is_chosen: BTreeSet<_> = self.chosen.iter().copied().collect();
        let leads_there = |id| self.commits.peel(id).is_some_and(|n| is_chosen.contains(&n));
        added.objects.extend(self.commits.tags.keys().filter(|id| leads_there(id)));
        added
    }

    /// Searches objects, and returns those that cannot be read.
    fn search(&self, objects: &BTreeSet<ObjectId>, sink: &dyn Sink) -> BTreeSet<ObjectId> {
        let objects: Vec<_> = objects.iter().collect();
        let next = AtomicUsize::new(0);
        let work = |mut searcher: Searcher<'_>| {
            let mut unread = BTreeSet::new();
            while let Some(id) = objects.get(next.fetch_add(1, Ordering::Relaxed)) {
                if sink.flow() == Flow::Stop {
                    break;
                }
                if !self.search_one(id, &mut searcher) {
                    unread.insert(**id);
                }
            }
            drop(searcher.finish());
            unread
        };
        let watch = Watch::new(sink);
        let view = View { store: &self.store, partial: None, watch: &watch };
        thread::scope(|scope| {
            let searchers = self.history.searchers(&view).into_iter();
            let threads: Vec<_> = searchers.map(|s| scope.spawn(|| work(s))).collect();
            let unread = threads.into_iter().map(ScopedJoinHandle::join);
            unread.flat_map(|unread| unread.unwrap_or_else(|panic| resume_unwind(panic))).collect()
        })
    }

    /// Searches an object. False if it cannot be read.
    fn search_one(&self, id: &ObjectId, searcher: &mut Searcher<'_>) -> bool {
        let mut packs = self.store.packs.iter();
        let whole = packs.find_map(|(_, pack)| pack.whole(pack.find(id)?));
        if let Some((size, mut reader)) = whole
            && size > LARGE
        {
            searcher.pieces(id.as_bytes(), &mut reader);
            return true;
        }
        if let Some((kind, bytes)) = self.store.read(id) {
            searcher.whole(&Object {
                id: id.as_bytes(),
                kind,
                bytes: &bytes,
                fresh: std::slice::from_ref(&(0..bytes.len())),
                base_is_quiet: false,
            });
            return true;
        }
        // It may be too large to be held.
        self.store.folders.iter().any(|folder| {
            Loose::open(folder, id).and_then(|loose| searcher.loose(id, loose)).is_ok()
        })
    }

    /// Says what of the commits, and of what they add, is not here or cannot be read.
    fn tell_gaps(&self, mut unread: BTreeSet<ObjectId>, sink: &dyn Sink) {
        for (path, why) in self.store.problems().iter().chain(&self.commits.problems) {
            self.history.gap(path, why.clone(), sink);
        }
        for (path, pack) in self.store.packs.iter().filter(|(_, pack)| pack.unlisted > 0) {
            self.history.gap(path, unlisted(pack), sink);
        }
        for (path, damage) in &self.commits.damage {
            if let Some(why) = in_words(damage) {
                self.history.gap(path, why, sink);
            }
        }
        for (id, why) in &self.commits.unreadable {
            self.history.object_gap(id, why.clone(), sink);
        }
        let shallow = self.history.layout.shallow();
        for number in &self.chosen {
            let is_cut = shallow.binary_search(&self.commits.nodes[*number].id).is_ok();
            unread
                .extend(self.commits.absent.get(number).filter(|_| !is_cut).into_iter().flatten());
        }
        let (broken, absent): (Vec<_>, Vec<_>) =
            unread.iter().partition(|id| self.store.contains(id));
        for id in broken {
            self.history.object_gap(id, "it cannot be read, or not to the end".to_owned(), sink);
        }
        if !absent.is_empty() {
            let reason = GapReason::AbsentObjects { objects: absent.len() as u64 };
            sink.gap(Gap { origin: self.history.origin(), reason });
        }
    }
}

impl Source for Selected {
    fn walk(&self, sink: &dyn Sink) {
        let mut added = self.gather();
        added.unread.append(&mut self.search(&added.objects, sink));
        self.history.search_names(&added.names, sink);
        self.tell_gaps(added.unread, sink);
        self.history.say_if_shallow(sink);
    }

    fn trace(&self, repository: &str, tokens: &[BTreeSet<String>]) -> Traces {
        self.history.trace(repository, tokens)
    }
}
