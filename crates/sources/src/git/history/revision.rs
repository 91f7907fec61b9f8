//! Names of commits, as people write them.

use crate::git::{attribution::commits::Commits, refs::Refs};

/// The commit that a revision stands for: the name of a ref or the start of an id, and any number of
/// `^` and `~n` (gitrevisions).
pub(super) fn resolve(revision: &str, commits: &Commits, refs: &Refs) -> Option<usize> {
    let end = revision.find(['^', '~']).unwrap_or(revision.len());
    let (name, mut steps) = revision.split_at(end);
    let mut number = match refs.find(name) {
        Some(id) => commits.peel(&id)?,
        None => by_start(name, commits)?,
    };
    while let Some(step) = steps.chars().next() {
        steps = &steps[step.len_utf8()..];
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
