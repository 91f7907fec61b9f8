//! Holding what a scan saw against what is known.

use std::collections::{BTreeMap, BTreeSet};

use bearhug_core::{
    Finding, Fingerprint, Verdict,
    event::{EventKind, Happening},
    identity::{Identity, IdentityId, Version},
    lifecycle::{Author, Discovery},
    place::{Presence, Sighting},
};
use jiff::Timestamp;

use super::{Known, Look, location::may_hide, suggest};
use crate::census::{Said, Shown, Testimony, examine};

/// How many places an event names. The ledger has them all.
const NAMED: usize = 3;

/// What a scan adds to the inventory.
#[derive(Debug, Clone, Default)]
pub struct Stock {
    /// Identities that are new or changed.
    pub identities: Vec<Identity>,
    /// How many of them are new.
    pub discovered: usize,
    /// Every place that was seen.
    pub places: Vec<Sighting>,
    /// How many of them are new.
    pub new_places: usize,
    /// The sources in which what was not seen is gone.
    pub cleared: BTreeSet<String>,
    /// How many places are gone.
    pub gone: usize,
    /// How many places are gone from the files and still in a history.
    pub left: usize,
    /// How many places were not seen again and may be there all the same.
    pub unseen: usize,
    /// The sources in which something may be overlooked, and what.
    pub unsure: BTreeMap<String, String>,
    /// What happened.
    pub events: Vec<Happening>,
    /// How many findings were left out.
    pub left_out: usize,
    /// All whose places changed.
    pub touched: BTreeSet<IdentityId>,
}

/// Says what is to be written. `whole` are the sources that the scan went through from end to end, as far
/// as what was asked for goes.
pub fn take(look: &Look<'_>, known: Known, whole: &BTreeSet<String>, author: &Author) -> Stock {
    let mut stock = Stock { left_out: look.left_out, ..Stock::default() };
    let holder: BTreeMap<Fingerprint, IdentityId> =
        known.holders.iter().map(|(token, identity)| (*token, identity.id)).collect();
    let before: BTreeMap<IdentityId, Identity> =
        known.holders.into_values().map(|identity| (identity.id, identity)).collect();
    let mut identities = before.clone();
    for finding in &look.findings {
        let id = holder.get(&finding.fingerprint).copied();
        let id = id.unwrap_or_else(|| IdentityId::of_token(finding.fingerprint));
        let identity = identities.entry(id).or_insert_with(|| {
            let (identity, happening) = discover(finding, author, look.at);
            stock.discovered += 1;
            stock.events.push(happening);
            identity
        });
        let more = look.suggestions.get(&finding.fingerprint).cloned().unwrap_or_default();
        suggest(&mut identity.ownership.suggestions, more);
        stock.events.extend(hear(identity, finding, author, look.at));
    }
    let is_changed = |identity: &Identity| before.get(&identity.id) != Some(identity);
    stock.identities = identities.into_values().filter(is_changed).collect();
    stock.places = look.places.values().cloned().collect();
    for place in &mut stock.places {
        place.identity = holder.get(&place.fingerprint).copied().unwrap_or(place.identity);
    }
    settle(&mut stock.places, look, &known.places);
    stock.compare(look, &known.places, whole, author);
    stock.scanned(look, whole, author);
    stock
}

impl Stock {
    /// Tells what is new and what is gone.
    fn compare(
        &mut self,
        look: &Look<'_>,
        known: &[Sighting],
        whole: &BTreeSet<String>,
        author: &Author,
    ) {
        let before: BTreeMap<_, _> = known.iter().map(|place| (key(place), place)).collect();
        let (mut new, mut left) = (Vec::new(), Vec::new());
        for place in &self.places {
            self.touched.insert(place.identity);
            match before.get(&key(place)).map(|place| place.presence) {
                None | Some(Presence::Gone { .. }) => new.push(place.clone()),
                Some(Presence::Present) if place.presence == Presence::InHistory => {
                    left.push(place.clone());
                }
                Some(_) => {}
            }
        }
        let seen: BTreeSet<_> = self.places.iter().map(key).collect();
        let missing = known.iter().filter(|p| p.presence.is_there() && !seen.contains(&key(p)));
        let missing: Vec<_> = missing.cloned().collect();
        self.unsure = overlooked(look, &missing);
        let of_all = missing.len();
        self.cleared = whole.iter().filter(|s| !self.unsure.contains_key(*s)).cloned().collect();
        let gone: Vec<_> =
            missing.into_iter().filter(|place| self.cleared.contains(&place.source)).collect();
        self.touched.extend(gone.iter().map(|place| place.identity));
        self.new_places = new.len();
        (self.gone, self.left, self.unseen) = (gone.len(), left.len(), of_all - gone.len());
        let at = look.at;
        self.events.extend(told(&EventKind::Sighted, &new, None, (author, at)));
        let still = "its git history still has it";
        self.events.extend(told(&EventKind::Cleared, &left, Some(still), (author, at)));
        self.events.extend(told(&EventKind::Cleared, &gone, None, (author, at)));
    }

    fn scanned(&mut self, look: &Look<'_>, whole: &BTreeSet<String>, author: &Author) {
        let mut sources = look.sources();
        sources.extend(whole.iter().cloned());
        let named: Vec<_> = sources.iter().take(NAMED).map(String::as_str).collect();
        let details = [
            ("sources", sources.len().to_string()),
            ("in", named.join(", ")),
            ("tokens", look.findings.len().to_string()),
            ("discovered", self.discovered.to_string()),
            ("new_places", self.new_places.to_string()),
            ("gone", self.gone.to_string()),
        ];
        self.events.push(Happening {
            at: look.at,
            kind: EventKind::Scanned,
            actor: author.name.clone(),
            identity: None,
            details: details.map(|(key, value)| (key.to_owned(), value)).into(),
        });
    }
}

/// What names a place.
fn key(place: &Sighting) -> (Fingerprint, String, String) {
    (place.fingerprint, place.source.clone(), place.origin.clone())
}

/// Gives a repository back what it is known to have, where its history was not read.
fn settle(places: &mut [Sighting], look: &Look<'_>, known: &[Sighting]) {
    let known: BTreeMap<_, _> = known.iter().map(|place| (key(place), place)).collect();
    for place in places {
        let Some(repository) = look.unread_repositories.get(&place.source) else { continue };
        let committed = (place.fingerprint, repository.clone(), place.origin.clone());
        if let Some(before) = known.get(&committed).filter(|place| place.presence.is_there()) {
            place.source.clone_from(repository);
            place.keeping = before.keeping;
        }
    }
}

fn discover(finding: &Finding, author: &Author, at: Timestamp) -> (Identity, Happening) {
    let last4 = finding.redacted.rsplit('…').next().map(str::to_owned);
    let version = Version {
        fingerprint: Some(finding.fingerprint),
        hub_id: None,
        last4,
        since: at,
        until: None,
    };
    let found = Discovery {
        id: IdentityId::of_token(finding.fingerprint),
        name: finding.redacted.clone(),
        kind: finding.kind,
        version,
    };
    Identity::discover(found, author, at)
}

/// Takes down what the Hub said, if the scan asked.
fn hear(
    identity: &mut Identity,
    finding: &Finding,
    author: &Author,
    at: Timestamp,
) -> Vec<Happening> {
    let Some(shown) = shown(finding) else { return Vec::new() };
    let testimony = Testimony { shown: Some(shown), ..Testimony::new(at) };
    examine(identity, &testimony, None, author).unwrap_or_default()
}

fn shown(finding: &Finding) -> Option<Shown> {
    let grant = finding.told.as_ref().and_then(|told| told.grant.clone());
    let said = match (finding.verdict, grant) {
        (Verdict::Unverified, _) => return None,
        (Verdict::Active | Verdict::BlockedByOrg, Some(grant)) => Said::Alive(grant),
        (Verdict::BlockedByOrg, None) => Said::KeptOut,
        (Verdict::Inactive, _) => Said::Unknown,
        (Verdict::Expired, _) => Said::Expired,
        (Verdict::Active, None) | (Verdict::Unavailable, _) => Said::Nothing,
    };
    let last4 = finding.redacted.rsplit('…').next().unwrap_or_default().to_owned();
    let (fingerprint, kind) = (finding.fingerprint, finding.kind);
    Some(Shown { fingerprint, kind, redacted: finding.redacted.clone(), last4, said })
}

/// The sources in which some place that was not seen may be there all the same, and why.
fn overlooked(look: &Look<'_>, missing: &[Sighting]) -> BTreeMap<String, String> {
    let mut unsure = BTreeMap::new();
    for place in missing {
        let at = (place.source.as_str(), place.path.as_deref());
        let why = if look.hidden.contains(&place.fingerprint) {
            "a token was left out of the report".to_owned()
        } else if let Some(gap) = look.unread.iter().find(|gap| may_hide(gap, at)) {
            format!("{} was not read", gap.path.as_deref().unwrap_or("a part of it"))
        } else {
            continue;
        };
        unsure.entry(place.source.clone()).or_insert(why);
    }
    unsure
}

/// An event for each identity with the places that it is about.
fn told(
    kind: &EventKind,
    places: &[Sighting],
    left: Option<&str>,
    (author, at): (&Author, Timestamp),
) -> Vec<Happening> {
    let mut by_identity: BTreeMap<IdentityId, Vec<&Sighting>> = BTreeMap::new();
    for place in places {
        by_identity.entry(place.identity).or_default().push(place);
    }
    let event = |(identity, places): (IdentityId, Vec<&Sighting>)| {
        let named: Vec<_> = places
            .iter()
            .take(NAMED)
            .map(|place| format!("{} › {}", place.source, place.origin))
            .collect();
        let mut details: BTreeMap<_, _> = [
            ("places".to_owned(), places.len().to_string()),
            ("where".to_owned(), named.join(", ")),
        ]
        .into();
        details.extend(left.map(|left| ("left".to_owned(), left.to_owned())));
        Happening {
            at,
            kind: kind.clone(),
            actor: author.name.clone(),
            identity: Some(identity),
            details,
        }
    };
    by_identity.into_iter().map(event).collect()
}
