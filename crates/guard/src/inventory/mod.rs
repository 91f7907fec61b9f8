//! What a scan adds to the inventory: identities, the places of their tokens, and what happened.
//!
//! Nothing here knows a database. [`look`] says what a scan saw, in the ledger's words; [`take`] holds
//! that against what is known and says what is to be written.
//!
//! Left out is what nobody could log in with: placeholders, what is probably no token, the public half of
//! a key pair, and kinds that the Hub no longer honours. So are leases, which whoever lends them records.

mod location;
mod suggestions;
mod taking;

use std::collections::{BTreeMap, BTreeSet};

use bearhug_core::{
    Confidence, Finding, Fingerprint, Gap, GapReason, Kind, Verdict,
    identity::{Identity, IdentityId, Suggestion},
    owner::Owner,
    place::{Presence, Sighting},
};
use jiff::Timestamp;

pub use location::{Spot, Surroundings};
pub use suggestions::{named, suggest};
pub use taking::{Stock, take};

use crate::hunt::Report;
use location::{Location, locate, presence};

/// What a scan saw, in the words of the ledger.
#[derive(Debug)]
pub struct Look<'a> {
    /// The findings that count.
    findings: Vec<&'a Finding>,
    /// Where each token was seen. Whose it is depends on what is known.
    places: BTreeMap<(Fingerprint, String, String), Sighting>,
    /// The repositories of the working copies, where their histories were not read.
    unread_repositories: BTreeMap<String, String>,
    /// What speaks for whom.
    suggestions: BTreeMap<Fingerprint, Vec<Suggestion>>,
    /// What was not read, where it could hold a token.
    unread: Vec<Location>,
    /// The tokens that the user did not want to see in some place.
    hidden: &'a BTreeSet<Fingerprint>,
    /// How many findings do not count.
    left_out: usize,
    /// When it began.
    at: Timestamp,
}

/// What the ledger knows of what a scan saw.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Whose the tokens are.
    pub holders: BTreeMap<Fingerprint, Identity>,
    /// Every place of the sources.
    pub places: Vec<Sighting>,
}

/// Says what a scan saw that began at a moment.
pub fn look<'a>(
    report: &'a Report,
    around: &dyn Surroundings,
    owners: &[Owner],
    at: Timestamp,
) -> Look<'a> {
    let (findings, others): (Vec<_>, Vec<_>) = report.findings.iter().partition(|f| counts(f));
    let (mut places, mut suggestions) = (BTreeMap::new(), BTreeMap::new());
    let mut unread_repositories = BTreeMap::new();
    for finding in &findings {
        let located: Vec<_> = finding
            .sightings
            .iter()
            .map(|seen| (seen, locate(&seen.origin, seen.history.is_some(), around)))
            .collect();
        let speaks = suggestions::of_finding(finding, &located, owners, around);
        suggestions.insert(finding.fingerprint, speaks);
        for (seen, location) in located {
            let place = place(finding.fingerprint, seen, location, around, at);
            let repository = around.unread_repository(&place.source);
            unread_repositories.extend(repository.map(|name| (place.source.clone(), name)));
            let key = (place.fingerprint, place.source.clone(), place.origin.clone());
            match places.get_mut(&key) {
                None => drop(places.insert(key, place)),
                Some(known) => merge(known, place),
            }
        }
    }
    let unread = report.gaps.iter().filter(|gap| may_hold_tokens(gap));
    Look {
        unread: unread.flat_map(|gap| both(gap, around)).collect(),
        findings,
        places,
        unread_repositories,
        suggestions,
        hidden: &report.hidden_tokens,
        left_out: others.len(),
        at,
    }
}

impl Look<'_> {
    /// The tokens that were seen.
    pub fn fingerprints(&self) -> Vec<Fingerprint> {
        self.findings.iter().map(|finding| finding.fingerprint).collect()
    }

    /// What they were seen in.
    pub fn sources(&self) -> BTreeSet<String> {
        let seen = self.places.keys().map(|(_, source, _)| source);
        seen.chain(self.unread_repositories.values()).cloned().collect()
    }
}

/// Whether somebody may be able to log in with it.
fn counts(finding: &Finding) -> bool {
    let is_usable = !matches!(finding.kind, Kind::S3AccessKeyId | Kind::OrgToken | Kind::Lease);
    let is_sure = finding.assessment.confidence >= Confidence::Medium
        || matches!(finding.verdict, Verdict::Active | Verdict::BlockedByOrg);
    is_usable && is_sure && !finding.assessment.placeholder
}

/// Whether a gap may be where a token stands that was seen there before.
fn may_hold_tokens(gap: &Gap) -> bool {
    // What is no file never held one.
    !matches!(gap.reason, GapReason::SpecialFile)
}

/// Where a gap is in the repository and in the working copy.
fn both(gap: &Gap, around: &dyn Surroundings) -> [Location; 2] {
    [true, false].map(|is_committed| locate(&gap.origin, is_committed, around))
}

fn place(
    fingerprint: Fingerprint,
    seen: &bearhug_core::Sighting,
    location: Location,
    around: &dyn Surroundings,
    at: Timestamp,
) -> Sighting {
    Sighting {
        fingerprint,
        identity: IdentityId::of_token(fingerprint),
        environment: around.environment(&location.source),
        source: location.source,
        origin: location.origin,
        path: location.path,
        line: seen.line,
        commit: seen.commit.as_ref().map(|commit| commit.id.clone()),
        author: seen.commit.as_ref().map(|commit| commit.author.clone()),
        keeping: location.keeping,
        presence: presence(seen),
        first_seen: at,
        last_seen: at,
    }
}

/// Two versions of one place: what stands there now says more than what stood there.
fn merge(known: &mut Sighting, other: Sighting) {
    let rank = |place: &Sighting| (place.presence != Presence::Present, place.line);
    if rank(&other) < rank(known) {
        *known = other;
    }
}

#[cfg(test)]
mod tests;
