//! From objects to commits: who brought what was found, where to, and who removed it.
//!
//! All commits of a store are read, whatever leads to them, and each is compared with its parents
//! once, whatever the number of things that are sought.

pub(crate) mod commits;
mod diff;
mod events;
mod trees;

use std::collections::{BTreeMap, BTreeSet};

use bearhug_core::{Commit, History, Reach, Trace, Whereabouts};
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
pub(crate) use diff::diff;
use events::{Sought, Story};
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
) -> Vec<Trace> {
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
    let mut tracer =
        Tracer { store, commits: &commits, trees: Trees::new(store), traces: Vec::new() };
    let heads: Vec<_> =
        refs.heads().filter_map(|id| commits.peel(&id)).map(|n| commits.nodes[n].tree).collect();
    for ((thing, path), story) in events::follow(store, &commits, &sought, threads) {
        let token = (thing < question.tokens.len()).then_some(thing);
        let checked_out = heads.iter().any(|head| {
            let id = tracer.at_path(*head, &path);
            id.is_some_and(|id| token.is_none() || story.versions.contains(&id))
        });
        tracer.in_files(token, &path, (&story, checked_out));
    }
    tracer.in_headers(&sought, &refs);
    tracer.staged(&sought, layout);
    tracer.traces
}

/// Makes traces.
struct Tracer<'a> {
    store: &'a Store,
    commits: &'a Commits,
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
        let last = story.introduced.last();
        for introduced in &story.introduced {
            let (place, id) = introduced;
            let checked_out = checked_out && Some(introduced) == last;
            let next = |list: &[usize]| list.iter().find(|removal| *removal > place).copied();
            let removed = next(&story.removed).or_else(|| next(&story.left_out));
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
    fn in_headers(&mut self, sought: &Sought, refs: &Refs) {
        let held: BTreeMap<_, _> = refs.held().collect();
        for (id, tokens) in &sought.objects {
            let (place, introduced, reach) = if let Some(number) = self.commits.find(id) {
                let node = &self.commits.nodes[number];
                (Whereabouts::Commit, self.read_commit(&node.id), node.reach)
            } else if let Some((_, name)) = self.commits.tags.get(id) {
                let reach = held.get(id).copied().unwrap_or(Reach::Nothing);
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

    /// What is in an index and in no commit.
    fn staged(&mut self, sought: &Sought, layout: &Layout) {
        let traced: BTreeSet<_> = self.traces.iter().flat_map(|t| t.objects.clone()).collect();
        for folder in layout.working_copies() {
            let index = opening::whole(&folder.join("index"), LARGEST as u64).unwrap_or_default();
            for staged in staging::entries(&index, self.store.hash.len()) {
                let id = staged.id.to_string();
                let tokens = sought.objects.get(&staged.id).filter(|_| !traced.contains(&id));
                for &token in tokens.into_iter().flatten() {
                    let reach = Reach::Index;
                    self.traces.push(Trace {
                        token: Some(token),
                        object: id.clone(),
                        objects: BTreeSet::from([id.clone()]),
                        place: Whereabouts::Path(String::from_utf8_lossy(&staged.path).into()),
                        introduced: None,
                        history: History { removed: None, reach, versions: 1, checked_out: false },
                    });
                }
            }
        }
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
