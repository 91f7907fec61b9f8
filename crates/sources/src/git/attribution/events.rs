//! One walk over a history for everything that is asked of it: where what is sought comes and goes.

use std::{
    collections::{BTreeMap, BTreeSet},
    panic::resume_unwind,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use super::{
    commits::Commits,
    diff::{Change, Side, diff},
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
    /// A commit has it, and what a parent had is not known.
    first_seen: Vec<(usize, ObjectId)>,
    /// A commit has it no longer, and all parents had it.
    pub(crate) removed: Vec<usize>,
    /// A merge left it out, and not all parents had it.
    pub(crate) left_out: Vec<usize>,
    /// Every object that held it there.
    pub(crate) versions: BTreeSet<ObjectId>,
}

impl Story {
    /// The commits that brought it, each with the object: those that are known to have or, if there are
    /// none, those that may have.
    pub(crate) fn brought(&self) -> &[(usize, ObjectId)] {
        if self.introduced.is_empty() { &self.first_seen } else { &self.introduced }
    }

    fn join(&mut self, other: Self) {
        self.introduced.extend(other.introduced);
        self.first_seen.extend(other.first_seen);
        self.removed.extend(other.removed);
        self.left_out.extend(other.left_out);
        self.versions.extend(other.versions);
    }
}

/// How many bytes of spots a thread remembers, and about how much one takes beside its path.
const ROOM: usize = 32 << 20;
const BESIDE_PATH: usize = 256;

/// The stories of spots: of all, as long as there is room. Beyond that an object is known at one.
#[derive(Debug, Default)]
pub(crate) struct Stories {
    pub(crate) of: BTreeMap<Spot, Story>,
    /// The things that have a spot, each with the object that holds it.
    placed: BTreeSet<(usize, ObjectId)>,
    size: usize,
    /// How often there was no room for a spot.
    pub(crate) dropped: u64,
}

impl Stories {
    /// The story of a spot at which an object is, unless there is no room for it.
    fn at(&mut self, spot: &Spot, id: ObjectId) -> Option<&mut Story> {
        let is_new = self.placed.insert((spot.0, id));
        if !self.of.contains_key(spot) {
            if !is_new && self.size >= ROOM {
                self.dropped += 1;
                return None;
            }
            self.size += spot.1.len() + BESIDE_PATH;
        }
        Some(self.of.entry(spot.clone()).or_default())
    }

    fn join(&mut self, other: Self) {
        for (spot, story) in other.of {
            self.of.entry(spot).or_default().join(story);
        }
        self.dropped += other.dropped;
    }
}

/// Follows what is sought through all commits.
pub(crate) fn follow(store: &Store, commits: &Commits, sought: &Sought, threads: usize) -> Stories {
    let next = AtomicUsize::new(0);
    let work = || {
        let stories = Stories::default();
        let mut follower = Follower { trees: Trees::new(store), sought, stories };
        loop {
            let first = next.fetch_add(BATCH, Ordering::Relaxed);
            let Some(rest) = commits.order.get(first..).filter(|rest| !rest.is_empty()) else {
                return follower.stories;
            };
            for (place, &number) in (first..).zip(rest.iter().take(BATCH)) {
                follower.commit(place, number, commits);
            }
        }
    };
    let mut stories = Stories::default();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            stories.join(thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
    });
    for story in stories.of.values_mut() {
        story.introduced.sort_unstable();
        story.first_seen.sort_unstable();
        story.removed.sort_unstable();
        story.left_out.sort_unstable();
    }
    stories
}

/// A thread that follows.
struct Follower<'a> {
    trees: Trees<'a>,
    sought: &'a Sought,
    stories: Stories,
}

/// What one commit changed against one parent.
#[derive(Default)]
struct Step {
    /// What came, in which object, and whether it is known not to have been there.
    came: BTreeMap<Spot, (ObjectId, bool)>,
    went: BTreeSet<Spot>,
}

impl Follower<'_> {
    fn commit(&mut self, place: usize, number: usize, commits: &Commits) {
        let commit = &commits.nodes[number];
        let parents = commit.parents.iter().map(|&parent| Side::Tree(commits.nodes[parent].tree));
        let absent = commits.absent.get(&number).map(|_| Side::Unknown);
        let mut sides: Vec<_> = parents.chain(absent).collect();
        if sides.is_empty() {
            sides.push(Side::Nothing);
        }
        let steps: Vec<_> = sides.into_iter().map(|old| self.step(old, commit.tree)).collect();
        let Some((first, others)) = steps.split_first() else { return };
        for (spot, (id, is_sure)) in &first.came {
            let others = others.iter().map(|step| step.came.get(spot).map(|(_, sure)| *sure));
            let Some(others) = others.collect::<Option<Vec<_>>>() else { continue };
            let Some(story) = self.stories.at(spot, *id) else { continue };
            let is_sure = *is_sure && others.into_iter().all(|sure| sure);
            let list = if is_sure { &mut story.introduced } else { &mut story.first_seen };
            list.push((place, *id));
        }
        let mut went = BTreeMap::new();
        for spot in steps.iter().flat_map(|step| &step.went) {
            *went.entry(spot).or_insert(0) += 1;
        }
        for (spot, parents) in went {
            let Some(story) = self.stories.of.get_mut(spot) else { continue };
            let list =
                if parents == steps.len() { &mut story.removed } else { &mut story.left_out };
            list.push(place);
        }
    }

    fn step(&mut self, old: Side, new: ObjectId) -> Step {
        let mut step = Step::default();
        let Self { trees, sought, stories } = self;
        let on_change = &mut |folder: &[u8], change: &Change<'_>, is_sure: bool| {
            let (before, after) = (sought.in_entry(change.old), sought.in_entry(change.new));
            if before.is_empty() && after.is_empty() {
                return false;
            }
            let path = [folder, change.name].concat();
            let id = |entry: Option<Entry<'_>>| entry.and_then(|entry| ObjectId::new(entry.id));
            let mut is_followed = false;
            for (&thing, id) in after.iter().filter_map(|thing| Some((thing, id(change.new)?))) {
                let spot = (thing, path.clone());
                let Some(story) = stories.at(&spot, id) else { continue };
                is_followed = true;
                story.versions.insert(id);
                if !before.contains(&thing) {
                    step.came.insert(spot, (id, is_sure));
                }
            }
            for (&thing, id) in before.iter().filter_map(|thing| Some((thing, id(change.old)?))) {
                let spot = (thing, path.clone());
                if !after.contains(&thing) && stories.at(&spot, id).is_some() {
                    is_followed = true;
                    step.went.insert(spot);
                }
            }
            is_followed
        };
        if !diff(trees, (old, Side::Tree(new)), on_change) {
            self.stories.dropped += 1;
        }
        step
    }
}
