//! All the commits that a store holds, and what leads to them.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    io::Read,
};

use bearhug_core::{Flow, Reach};

use crate::git::{
    commit,
    id::ObjectId,
    loose::{self, Loose},
    pack::{self, Kind, Object, Seen, Visit},
    refs::Refs,
    store::Store,
};

/// The largest commit that is looked at, in bytes. Its header is at its start.
const LARGEST: u64 = 16 << 20;

/// A commit.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) id: ObjectId,
    pub(crate) tree: ObjectId,
    /// The numbers of those of its parents that are here.
    pub(crate) parents: Vec<usize>,
    /// When it was committed, in seconds since 1970.
    pub(crate) committed: i64,
    pub(crate) reach: Reach,
}

/// Commits, reachable or not, and annotated tags.
#[derive(Debug, Default)]
pub(crate) struct Commits {
    /// In order of their ids.
    pub(crate) nodes: Vec<Node>,
    /// The numbers of the commits, each behind its parents.
    pub(crate) order: Vec<usize>,
    /// The object that each annotated tag names, and the name of the tag.
    pub(crate) tags: BTreeMap<ObjectId, (ObjectId, String)>,
}

impl Commits {
    /// Reads all commits of a store.
    pub(crate) fn read(store: &Store, refs: &Refs, threads: usize) -> Self {
        let mut gathered: Vec<Gather> = (0..threads.max(1)).map(|_| Gather::default()).collect();
        for (_, pack) in &store.packs {
            pack::walk(pack, store, &mut gathered);
        }
        let mut found = Gather::default();
        for gather in gathered {
            found.commits.extend(gather.commits);
            found.tags.extend(gather.tags);
        }
        for folder in &store.folders {
            for id in loose::list(folder, &mut |_, _| {}) {
                if let Ok(loose) = Loose::open(folder, &id) {
                    found.loose(&id, loose);
                }
            }
        }
        let mut commits = Self { tags: found.tags, ..Self::default() };
        commits.link(found.commits);
        commits.sort();
        commits.mark(refs);
        commits
    }

    /// The number of a commit.
    pub(crate) fn find(&self, id: &ObjectId) -> Option<usize> {
        self.nodes.binary_search_by(|node| node.id.cmp(id)).ok()
    }

    /// The number of the commit that an object is or, if it is a tag, leads to.
    pub(crate) fn peel(&self, id: &ObjectId) -> Option<usize> {
        let mut id = *id;
        // Tags may name tags, and broken ones each other.
        for _ in 0..=self.tags.len() {
            match self.tags.get(&id) {
                Some((object, _)) => id = *object,
                None => break,
            }
        }
        self.find(&id)
    }

    /// Which commits some commits lead to, themselves included.
    pub(crate) fn ancestors(&self, from: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let mut is_one = vec![false; self.nodes.len()];
        let mut waiting: Vec<usize> = from.into_iter().collect();
        while let Some(number) = waiting.pop() {
            if !std::mem::replace(&mut is_one[number], true) {
                waiting.extend(&self.nodes[number].parents);
            }
        }
        is_one
    }

    fn link(&mut self, mut found: Vec<Found>) {
        found.sort_unstable_by_key(|commit| commit.id);
        found.dedup_by(|a, b| a.id == b.id);
        let number = |id: &ObjectId| found.binary_search_by(|commit| commit.id.cmp(id)).ok();
        self.nodes = found
            .iter()
            .map(|commit| Node {
                id: commit.id,
                tree: commit.tree,
                parents: commit.parents.iter().filter_map(number).collect(),
                committed: commit.committed,
                reach: Reach::Nothing,
            })
            .collect();
    }

    /// Sorts parents before children, and by date where that leaves a choice.
    fn sort(&mut self) {
        let mut children = vec![Vec::new(); self.nodes.len()];
        let mut missing: Vec<usize> = self.nodes.iter().map(|node| node.parents.len()).collect();
        for (number, node) in self.nodes.iter().enumerate() {
            for &parent in &node.parents {
                children[parent].push(number);
            }
        }
        let key = |number: usize| Reverse((self.nodes[number].committed, number));
        let roots = (0..missing.len()).filter(|&number| missing[number] == 0);
        let mut ready: BinaryHeap<_> = roots.map(key).collect();
        let mut order = Vec::with_capacity(missing.len());
        while let Some(Reverse((_, number))) = ready.pop() {
            order.push(number);
            for &child in &children[number] {
                missing[child] -= 1;
                if missing[child] == 0 {
                    ready.push(key(child));
                }
            }
        }
        self.order = order;
    }

    fn mark(&mut self, refs: &Refs) {
        for reach in [Reach::Reflog, Reach::Stash, Reach::Ref] {
            let held = refs.held().filter(|(_, by)| *by == reach);
            let from: Vec<_> = held.filter_map(|(id, _)| self.peel(&id)).collect();
            let is_reached = self.ancestors(from);
            for (node, _) in self.nodes.iter_mut().zip(is_reached).filter(|(_, reached)| *reached) {
                node.reach = reach;
            }
        }
    }
}

/// A commit as it was read.
struct Found {
    id: ObjectId,
    tree: ObjectId,
    parents: Vec<ObjectId>,
    committed: i64,
}

/// Takes the commits and tags out of what passes by.
#[derive(Default)]
struct Gather {
    commits: Vec<Found>,
    tags: BTreeMap<ObjectId, (ObjectId, String)>,
}

impl Gather {
    fn take(&mut self, id: &[u8], kind: Kind, bytes: &[u8]) {
        let Some(id) = ObjectId::new(id) else { return };
        if kind == Kind::Tag {
            if let Some(object) = commit::tagged(bytes) {
                self.tags.insert(id, (object, commit::tag_name(bytes)));
            }
        } else if let Some(commit) = commit::parse(bytes) {
            let (tree, parents, committed) = (commit.tree, commit.parents, commit.committed);
            self.commits.push(Found { id, tree, parents, committed });
        }
    }

    fn loose(&mut self, id: &ObjectId, mut loose: Loose) {
        let mut bytes = Vec::new();
        let is_wanted = self.wants(loose.kind) && loose.size <= LARGEST;
        if is_wanted && loose.read_into(&mut bytes).is_ok() {
            self.take(id.as_bytes(), loose.kind, &bytes);
        }
    }
}

impl Visit for Gather {
    fn wants(&self, kind: Kind) -> bool {
        matches!(kind, Kind::Commit | Kind::Tag)
    }

    fn visit(&mut self, object: &Object<'_>) -> Seen {
        self.take(object.id, object.kind, object.bytes);
        Seen::Loud
    }

    fn stream(&mut self, id: &[u8], kind: Kind, reader: &mut dyn Read) -> Flow {
        let mut bytes = Vec::new();
        if reader.take(LARGEST).read_to_end(&mut bytes).is_ok() {
            self.take(id, kind, &bytes);
        }
        Flow::Continue
    }
}
