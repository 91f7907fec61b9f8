//! One walk over a history for everything that is asked of it: where what is sought comes and goes.

use std::{
    collections::{BTreeMap, BTreeSet},
    panic::resume_unwind,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use super::{
    commits::{Commits, Node},
    diff::{Change, diff},
    trees::Trees,
};
use crate::git::{id::ObjectId, store::Store, tree::Entry};

/// How many commits a thread takes at a time. Neighbours have most of their trees in common.
const BATCH: usize = 1024;

/// What is sought: each thing has a number.
#[derive(Debug, Default)]
pub(crate) struct Sought {
    /// The things that each object holds.
    pub(crate) objects: BTreeMap<ObjectId, Vec<usize>>,
    /// The thing that each name is.
    pub(crate) names: BTreeMap<Vec<u8>, usize>,
}

impl Sought {
    fn in_entry(&self, entry: Option<Entry<'_>>) -> Vec<usize> {
        let Some(entry) = entry else { return Vec::new() };
        let held = ObjectId::new(entry.id).and_then(|id| self.objects.get(&id)).into_iter();
        held.flatten().chain(self.names.get(entry.name)).copied().collect()
    }
}

/// A thing, and the path at which it is.
pub(crate) type Spot = (usize, Vec<u8>);

/// What happened at a spot, each with the place of the commit in the order of all.
#[derive(Debug, Default)]
pub(crate) struct Story {
    /// A commit brought the thing, in this object, and no parent had it.
    pub(crate) introduced: Vec<(usize, ObjectId)>,
    /// A commit has it no longer, and all parents had it.
    pub(crate) removed: Vec<usize>,
    /// A merge left it out, and not all parents had it.
    pub(crate) left_out: Vec<usize>,
    /// Every object that held it there.
    pub(crate) versions: BTreeSet<ObjectId>,
}

impl Story {
    fn join(&mut self, other: Self) {
        self.introduced.extend(other.introduced);
        self.removed.extend(other.removed);
        self.left_out.extend(other.left_out);
        self.versions.extend(other.versions);
    }
}

/// Follows what is sought through all commits.
pub(crate) fn follow(
    store: &Store,
    commits: &Commits,
    sought: &Sought,
    threads: usize,
) -> BTreeMap<Spot, Story> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut follower = Follower { trees: Trees::new(store), sought, stories: BTreeMap::new() };
        loop {
            let first = next.fetch_add(BATCH, Ordering::Relaxed);
            let Some(rest) = commits.order.get(first..).filter(|rest| !rest.is_empty()) else {
                return follower.stories;
            };
            for (place, &number) in (first..).zip(rest.iter().take(BATCH)) {
                follower.commit(place, &commits.nodes[number], commits);
            }
        }
    };
    let mut stories: BTreeMap<Spot, Story> = BTreeMap::new();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            for (spot, story) in thread.join().unwrap_or_else(|panic| resume_unwind(panic)) {
                stories.entry(spot).or_default().join(story);
            }
        }
    });
    for story in stories.values_mut() {
        story.introduced.sort_unstable();
        story.removed.sort_unstable();
        story.left_out.sort_unstable();
    }
    stories
}

/// A thread that follows.
struct Follower<'a> {
    trees: Trees<'a>,
    sought: &'a Sought,
    stories: BTreeMap<Spot, Story>,
}

/// What one commit changed against one parent.
#[derive(Default)]
struct Step {
    came: BTreeMap<Spot, ObjectId>,
    went: BTreeSet<Spot>,
}

impl Follower<'_> {
    fn commit(&mut self, place: usize, commit: &Node, commits: &Commits) {
        let mut steps: Vec<Step> = commit
            .parents
            .iter()
            .map(|&parent| self.step(Some(commits.nodes[parent].tree), commit.tree))
            .collect();
        if steps.is_empty() {
            steps.push(self.step(None, commit.tree));
        }
        let Some((first, others)) = steps.split_first() else { return };
        for (spot, id) in &first.came {
            if others.iter().all(|step| step.came.contains_key(spot)) {
                self.stories.entry(spot.clone()).or_default().introduced.push((place, *id));
            }
        }
        let mut went = BTreeMap::new();
        for spot in steps.iter().flat_map(|step| &step.went) {
            *went.entry(spot).or_insert(0) += 1;
        }
        for (spot, parents) in went {
            let story = self.stories.entry(spot.clone()).or_default();
            let list =
                if parents == steps.len() { &mut story.removed } else { &mut story.left_out };
            list.push(place);
        }
    }

    fn step(&mut self, old: Option<ObjectId>, new: ObjectId) -> Step {
        let mut step = Step::default();
        let Self { trees, sought, stories } = self;
        diff(trees, (old, Some(new)), &mut |folder: &[u8], change: &Change<'_>| {
            let (before, after) = (sought.in_entry(change.old), sought.in_entry(change.new));
            if before.is_empty() && after.is_empty() {
                return;
            }
            let path = [folder, change.name].concat();
            let id = change.new.and_then(|entry| ObjectId::new(entry.id));
            for thing in &after {
                let spot = (*thing, path.clone());
                if let Some(id) = id {
                    stories.entry(spot.clone()).or_default().versions.insert(id);
                    if !before.contains(thing) {
                        step.came.insert(spot, id);
                    }
                }
            }
            let gone = before.into_iter().filter(|thing| !after.contains(thing));
            step.went.extend(gone.map(|thing| (thing, path.clone())));
        });
        step
    }
}
