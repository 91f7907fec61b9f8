//! What follows on a commit: how long what it brought was there.

use super::{commits::Commits, events::Story};
use crate::git::refs::Refs;

/// The commits by their places in the order of all.
pub(crate) struct Lineage {
    children: Vec<Vec<usize>>,
    /// Whether a HEAD is there.
    is_head: Vec<bool>,
}

impl Lineage {
    pub(crate) fn new(commits: &Commits, refs: &Refs) -> Self {
        let mut place_of = vec![0; commits.nodes.len()];
        for (place, &number) in commits.order.iter().enumerate() {
            place_of[number] = place;
        }
        let mut children = vec![Vec::new(); place_of.len()];
        for (number, node) in commits.nodes.iter().enumerate() {
            for &parent in &node.parents {
                children[place_of[parent]].push(place_of[number]);
            }
        }
        let mut is_head = vec![false; place_of.len()];
        for number in refs.heads().filter_map(|id| commits.peel(&id)) {
            is_head[place_of[number]] = true;
        }
        Self { children, is_head }
    }

    /// The commit that removed what the one at `place` brought: the first of its descendants that did,
    /// or else a merge that left it out. None if what is checked out has it still. Old branches mostly
    /// have, and would hide every removal.
    pub(crate) fn removal(&self, place: usize, story: &Story) -> Option<usize> {
        if story.removed.is_empty() && story.left_out.is_empty() {
            return None;
        }
        let mut has_it = vec![false; self.children.len()];
        let (mut removed, mut left_out) = (None, None);
        let first = |one: Option<usize>, other| Some(one.map_or(other, |one| one.min(other)));
        let mut waiting = vec![place];
        while let Some(place) = waiting.pop() {
            if std::mem::replace(&mut has_it[place], true) {
                continue;
            }
            if self.is_head[place] {
                return None;
            }
            for &child in &self.children[place] {
                if story.removed.binary_search(&child).is_ok() {
                    removed = first(removed, child);
                } else if story.left_out.binary_search(&child).is_ok() {
                    left_out = first(left_out, child);
                } else {
                    waiting.push(child);
                }
            }
        }
        removed.or(left_out)
    }
}
