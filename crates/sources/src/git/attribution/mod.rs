//! From objects to commits: who brought what was found, where to, and who removed it.
//!
//! All commits of a store are read, whatever leads to them, and each is compared with its parents
//! once, whatever the number of things that are sought.

pub(crate) mod commits;
mod diff;
mod events;
mod lineage;
mod trees;

use std::collections::{BTreeMap, BTreeSet};

use bearhug_core::{Commit, History, Reach, Trace, Traces, Whereabouts};
use jiff::{Timestamp, tz::Offset};

use super::{
    commit::{self, Signature},
    id::ObjectId,
    layout::Layout,
    pack::{Kind, LARGEST},
    refs::Refs,
    staging,
    store::Store,
    tree,
};
use crate::opening;
use commits::Commits;
pub(crate) use diff::folder;
use diff::{Change, Side, diff};
use events::{Sought, Story};
use lineage::Lineage;
pub(crate) use trees::Trees;

/// What is asked of a history.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'a> {
    /// The objects that hold each token.
    pub(crate) tokens: &'a [BTreeSet<String>],
    /// Names of files and folders that may hold tokens.
    pub(crate) names: &'a BTreeSet<Vec<u8>>,
}

/// Finds where in a history things stood.
pub(crate) fn trace(
    layout: &Layout,
    store: &Store,
    threads: usize,
    question: &Question<'_>,
) -> Traces {
    let refs = Refs::read(layout);
    let commits = Commits::read(store, &refs, threads);
    let mut sought = Sought::default();
    for (number, token) in question.tokens.iter().enumerate() {
        for id in token.iter().filter_map(|id| ObjectId::from_hex(id.as_bytes())) {
            sought.objects.entry(id).or_default().push(number);
        }
    }
    for (number, name) in (question.tokens.len()..).zip(question.names) {
        sought.names.insert(name.clone(), number);
    }
    let mut tracer = Tracer {
        store,
        commits: &commits,
        lineage: Lineage::new(&commits, &refs),
        trees: Trees::new(store),
        traces: Vec::new(),
    };
    let heads: Vec<_> =
        refs.heads().filter_map(|id| commits.peel(&id)).map(|n| commits.nodes[n].tree).collect();
    let stories = events::follow(store, &commits, &sought, threads);
    for ((thing, path), story) in stories.of {
        let token = (thing < question.tokens.len()).then_some(thing);
        let checked_out = heads.iter().any(|head| {
            let id = tracer.at_path(*head, &path);
            id.is_some_and(|id| token.is_none() || story.versions.contains(&id))
        });
        tracer.in_files(token, &path, (&story, checked_out));
    }
    let kept = kept(&refs, &commits);
    tracer.in_headers(&sought, &kept);
    tracer.beside_commits(&sought, &kept);
    tracer.staged(&sought, layout);
    Traces { traces: tracer.traces, dropped: stories.dropped }
}

/// What refs and the like name themselves or by way of tags, and the strongest of what does.
fn kept(refs: &Refs, commits: &Commits) -> BTreeMap<ObjectId, Reach> {
    let mut kept: BTreeMap<ObjectId, Reach> = BTreeMap::new();
    for (id, reach) in refs.held() {
        let mut next = Some(id);
        while let Some(id) = next.filter(|id| kept.get(id).is_none_or(|known| *known > reach)) {
            kept.insert(id, reach);
            next = commits.tags.get(&id).map(|(object, _)| *object);
        }
    }
    kept
}

/// Makes traces.
struct Tracer<'a> {
    store: &'a Store,
    commits: &'a Commits,
    lineage: Lineage,
    trees: Trees<'a>,
    traces: Vec<Trace>,
}

impl Tracer<'_> {
    fn in_files(
        &mut self,
        token: Option<usize>,
        path: &[u8],
        (story, checked_out): (&Story, bool),
    ) {
        let objects: BTreeSet<_> = story.versions.iter().map(ToString::to_string).collect();
        let last = story.brought().last();
        for brought in story.brought() {
            let (place, id) = brought;
            let checked_out = checked_out && Some(brought) == last;
            let removed = self.lineage.removal(*place, story);
            let node = self.node(*place);
            let reach = node.map_or(Reach::Nothing, |node| node.reach);
            let versions = objects.len() as u64;
            let history = History {
                removed: removed.filter(|_| !checked_out).and_then(|place| self.commit(place)),
                reach,
                versions,
                checked_out,
            };
            self.traces.push(Trace {
                token,
                object: id.to_string(),
                objects: objects.clone(),
                place: Whereabouts::Path(String::from_utf8_lossy(path).into_owned()),
                introduced: self.commit(*place),
                history,
            });
        }
    }

    /// Commits and tags that hold something themselves.
    fn in_headers(&mut self, sought: &Sought, kept: &BTreeMap<ObjectId, Reach>) {
        for (id, tokens) in &sought.objects {
            let (place, introduced, reach) = if let Some(number) = self.commits.find(id) {
                let node = &self.commits.nodes[number];
                (Whereabouts::Commit, self.read_commit(&node.id), node.reach)
            } else if let Some((_, name)) = self.commits.tags.get(id) {
                let reach = kept.get(id).copied().unwrap_or(Reach::Nothing);
                (Whereabouts::Tag(name.clone()), self.read_tag(id), reach)
            } else {
                continue;
            };
            for &token in tokens {
                self.traces.push(Trace {
                    token: Some(token),
                    object: id.to_string(),
                    objects: BTreeSet::from([id.to_string()]),
                    place: place.clone(),
                    introduced: introduced.clone(),
                    history: History { removed: None, reach, versions: 1, checked_out: false },
                });
            }
        }
    }

    /// What no commit has: blobs that are named themselves, and those in trees that are.
    fn beside_commits(&mut self, sought: &Sought, kept: &BTreeMap<ObjectId, Reach>) {
        let traced = self.traced();
        let is_new = |id: &ObjectId| !traced.contains(&id.to_string());
        for (&named, &reach) in kept {
            if self.commits.find(&named).is_some() || self.commits.tags.contains_key(&named) {
                continue;
            }
            for &token in
                sought.objects.get(&named).filter(|_| is_new(&named)).into_iter().flatten()
            {
                self.add((token, named), Whereabouts::Object, reach);
            }
            let mut found = BTreeMap::new();
            let on_change = &mut |folder: &[u8], change: &Change<'_>, _: bool| {
                let id = change.new.and_then(|entry| ObjectId::new(entry.id)).filter(is_new);
                let id = id.filter(|id| sought.objects.contains_key(id) && !found.contains_key(id));
                found.extend(id.map(|id| (id, [folder, change.name].concat())));
                id.is_some()
            };
            diff(&mut self.trees, (Side::Nothing, Side::Tree(named)), on_change);
            for (id, path) in found {
                for &token in sought.objects.get(&id).into_iter().flatten() {
                    let path = String::from_utf8_lossy(&path).into_owned();
                    self.add((token, id), Whereabouts::Path(path), reach);
                }
            }
        }
    }

    /// What is in an index and in no commit.
    fn staged(&mut self, sought: &Sought, layout: &Layout) {
        let traced = self.traced();
        for folder in layout.working_copies() {
            let index = opening::whole(&folder.join("index"), LARGEST as u64).unwrap_or_default();
            for staged in staging::entries(&index, self.store.hash.len()) {
                let is_new = !traced.contains(&staged.id.to_string());
                let tokens = sought.objects.get(&staged.id).filter(|_| is_new);
                let path = String::from_utf8_lossy(&staged.path);
                for &token in tokens.into_iter().flatten() {
                    let place = Whereabouts::Path(path.clone().into_owned());
                    self.add((token, staged.id), place, Reach::Index);
                }
            }
        }
    }

    /// The objects of which some place is known.
    fn traced(&self) -> BTreeSet<String> {
        self.traces.iter().flat_map(|trace| trace.objects.clone()).collect()
    }

    /// Adds an object that no commit brought.
    fn add(&mut self, (token, id): (usize, ObjectId), place: Whereabouts, reach: Reach) {
        self.traces.push(Trace {
            token: Some(token),
            object: id.to_string(),
            objects: BTreeSet::from([id.to_string()]),
            place,
            introduced: None,
            history: History { removed: None, reach, versions: 1, checked_out: false },
        });
    }

    fn node(&self, place: usize) -> Option<&commits::Node> {
        self.commits.nodes.get(*self.commits.order.get(place)?)
    }

    fn commit(&self, place: usize) -> Option<Commit> {
        self.read_commit(&self.node(place)?.id)
    }

    fn read_commit(&self, id: &ObjectId) -> Option<Commit> {
        let (kind, bytes) = self.store.read(id)?;
        let header = commit::parse(&bytes).filter(|_| kind == Kind::Commit)?;
        Some(in_words(id, &header.author))
    }

    /// A tag, as if it were a commit: who made it, and when.
    fn read_tag(&self, id: &ObjectId) -> Option<Commit> {
        let (_, bytes) = self.store.read(id)?;
        let mut lines = bytes.split(|&b| b == b'\n').take_while(|line| !line.is_empty());
        let tagger = lines.find_map(|line| line.strip_prefix(b"tagger ")).unwrap_or_default();
        Some(in_words(id, &commit::signature(tagger)))
    }

    /// The object at a path of a tree.
    fn at_path(&mut self, root: ObjectId, path: &[u8]) -> Option<ObjectId> {
        let mut id = root;
        for name in path.split(|&b| b == b'/') {
            let folder = self.trees.read(&id)?;
            let entry = tree::entries(&folder, self.store.hash.len()).find(|e| e.name == name)?;
            id = ObjectId::new(entry.id)?;
        }
        Some(id)
    }
}

fn in_words(id: &ObjectId, by: &Signature<'_>) -> Commit {
    let offset = Offset::from_seconds(by.offset).unwrap_or(Offset::UTC);
    let date = Timestamp::from_second(by.when)
        .map_or_else(|_| String::new(), |time| time.display_with_offset(offset).to_string());
    Commit { id: id.to_string(), author: String::from_utf8_lossy(by.who).into_owned(), date }
}
