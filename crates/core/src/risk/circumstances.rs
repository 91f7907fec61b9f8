//! The risk of what a credential does not tell of itself: where it is kept and lies around, who answers
//! for it, and what depends on it.

use std::collections::BTreeSet;

use super::{Keeping, Severity};
use crate::identity::{Condition, Criticality, Exposure, Identity, Ownership, Purpose};

pub(super) fn storage(kept: impl Iterator<Item = Keeping>) -> Severity {
    let (severity, reason) = match kept.max().unwrap_or(Keeping::Untold) {
        Keeping::Sealed => (0, "it is kept in a vault or a keyring"),
        Keeping::Environment => {
            (400, "it stands in an environment, which every child process inherits")
        }
        Keeping::PrivateFile => (500, "it stands in clear in a file"),
        Keeping::Untold => (500, "where it is kept was not told"),
        Keeping::SharedFile => (800, "it stands in clear in a file that others can read"),
        Keeping::Copied => (Severity::WORST, "it stands where copies are made"),
    };
    Severity::new(severity, reason)
}

/// The worst of what counts: places, and how different they are.
pub(super) fn exposure(identity: &Identity) -> Severity {
    let Exposure { places, present, environments, sources, .. } = &identity.exposure;
    if identity.conditions.contains(&Condition::Compromised) {
        return Severity::new(Severity::WORST, "somebody else has it, or must be taken to");
    }
    let spread = [
        of_count(*present, [1, 2, 4, 10]),
        of_count(environments.len() as u64, [1, 2, 2, 3]),
        of_count(sources.len() as u64, [1, 2, 4, 10]),
    ];
    let severity = spread.into_iter().max().unwrap_or(0);
    let reason = match (*places, *present) {
        (0, 0) => "it was seen nowhere yet".to_owned(),
        (_, 0) => {
            "it was seen in places that are clear now, and copies may have been made".to_owned()
        }
        (_, present) => format!(
            "it is in {}, of {} and {}",
            counted(present, "place"),
            counted(sources.len() as u64, "source"),
            counted(environments.len() as u64, "known environment"),
        ),
    };
    let past = if *places > 0 { 200 } else { 0 };
    Severity::new(severity.max(past), reason)
}

/// How bad a number is, by where the four steps from mild to worst begin.
fn of_count(count: u64, steps: [u64; 4]) -> u16 {
    let reached = steps.iter().filter(|step| count >= **step).count();
    [0, 400, 600, 800, Severity::WORST].get(reached).copied().unwrap_or(Severity::WORST)
}

fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// Who left answers for nothing any more.
pub(super) fn ownership(ownership: &Ownership, leavers: &BTreeSet<String>) -> Severity {
    let absent = match ownership.absent(leavers).as_slice() {
        [] => String::new(),
        names => format!(": {} left", names.join(" and ")),
    };
    match (ownership.present_owner(leavers), ownership.present_backup(leavers)) {
        (Some(owner), Some(backup)) => {
            Severity::new(0, format!("{owner} answers for it, or else {backup}"))
        }
        (Some(only), None) | (None, Some(only)) => {
            Severity::new(400, format!("{only} alone answers for it{absent}"))
        }
        (None, None) => Severity::new(Severity::WORST, format!("nobody answers for it{absent}")),
    }
}

pub(super) fn criticality(purpose: &Purpose) -> Severity {
    let (severity, reason) = match purpose.criticality {
        Criticality::Low => (0, "nothing would be missed for long"),
        Criticality::Unknown => (400, "nobody said what depends on it"),
        Criticality::Normal => (500, "work would stop without it"),
        Criticality::High => (Severity::WORST, "what is in production depends on it"),
    };
    match purpose.resources.len() as u64 {
        0 => Severity::new(severity, reason),
        count => {
            let what = counted(count, "model or dataset");
            Severity::new(severity.max(800), format!("{what} in production need it"))
        }
    }
}
