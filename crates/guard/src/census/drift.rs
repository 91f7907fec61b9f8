//! What is different from what was recorded, in words.

use std::collections::BTreeMap;

use bearhug_core::{
    grant::{Grant, Restriction},
    identity::{Identity, Standing, Teller},
    rights::Right,
};
use jiff::Timestamp;

/// How many rights are named before the rest is counted.
const NAMED: usize = 12;

/// What changed from one state of knowledge to the next: each key with what was, an arrow and what is,
/// or with what was added. Nothing is in it that stayed as it was.
pub(super) fn between(before: &Identity, after: &Identity) -> BTreeMap<String, String> {
    let (old, new) = (&before.standing, &after.standing);
    let mut told = Told::default();
    told.change("name", Some(&before.name), Some(&after.name));
    told.change("verdict", Some(old.verdict.name()), Some(new.verdict.name()));
    told.change("missing_from", old.missing_from.as_deref(), new.missing_from.as_deref());
    told.change("account", old.account.as_deref(), new.account.as_deref());
    told.change("organisation", old.organisation.as_deref(), new.organisation.as_deref());
    told.change("role", old.role.as_deref(), new.role.as_deref());
    told.moment("issued", old.issued_at, new.issued_at);
    told.moment("expires", old.expires_at, new.expires_at);
    told.moment("last_used", old.last_used_at, new.last_used_at);
    told.change("hub_id", hub_id(before), hub_id(after));
    let known: Vec<_> = before.ownership.suggestions.iter().map(|one| &one.owner).collect();
    let suggested = after.ownership.suggestions.iter().map(|one| &one.owner);
    told.list("suggested_owners", suggested.filter(|one| !known.contains(one)).cloned().collect());
    told.grants(old, new);
    told.0
}

fn hub_id(identity: &Identity) -> Option<&str> {
    identity.versions.last()?.hub_id.as_deref()
}

#[derive(Default)]
struct Told(BTreeMap<String, String>);

impl Told {
    fn add(&mut self, key: &str, value: String) {
        self.0.insert(key.to_owned(), value);
    }

    fn change(&mut self, key: &str, from: Option<&str>, to: Option<&str>) {
        if from != to {
            let word = |value: Option<&str>| value.unwrap_or("nothing").to_owned();
            self.add(key, format!("{} → {}", word(from), word(to)));
        }
    }

    fn moment(&mut self, key: &str, from: Option<Timestamp>, to: Option<Timestamp>) {
        let [from, to] = [from, to].map(|at| at.map(|at| at.to_string()));
        self.change(key, from.as_deref(), to.as_deref());
    }

    fn list(&mut self, key: &str, mut items: Vec<String>) {
        let more = items.len().saturating_sub(NAMED);
        items.truncate(NAMED);
        if more > 0 {
            items.push(format!("and {more} more"));
        }
        if !items.is_empty() {
            self.add(key, items.join(", "));
        }
    }

    /// What it may do more or less than before. Where a list had told a part and whoami tells all, that
    /// is knowledge and no drift.
    fn grants(&mut self, old: &Standing, new: &Standing) {
        if old.told_by != new.told_by && new.grant.is_some() {
            let teller = |standing: &Standing| standing.told_by.map(Teller::name);
            self.change("told_by", teller(old), teller(new));
        }
        let (Some(was), Some(is)) = (&old.grant, &new.grant) else { return };
        if old.told_by == Some(Teller::Organisation) && new.told_by != old.told_by {
            return;
        }
        let (before, after) = (was.rights(), is.rights());
        self.list("gained", beyond(&after, &before));
        self.list("lost", beyond(&before, &after));
        self.list("kept_out_by", kept_out(is, was));
        self.list("let_in_again_by", kept_out(was, is));
        self.list("left", orgs_beyond(was, is));
        self.list("joined", orgs_beyond(is, was));
        if self.0.is_empty() && was != is {
            self.add("grant", "told in other words".to_owned());
        }
    }
}

/// The rights that none of the others covers.
fn beyond(rights: &[Right], others: &[Right]) -> Vec<String> {
    let covers = |other: &Right, right: &Right| {
        other.access.implies(&right.access) && (other.part.is_none() || other.part == right.part)
    };
    let uncovered = rights.iter().filter(|right| !others.iter().any(|other| covers(other, right)));
    let mut words: Vec<_> = uncovered.map(words).collect();
    words.dedup();
    words
}

fn words(right: &Right) -> String {
    match &right.part {
        Some(part) => format!("{} ({part})", right.access),
        None => right.access.to_string(),
    }
}

/// What keeps the one grant out and not the other.
fn kept_out(grant: &Grant, other: &Grant) -> Vec<String> {
    let is_other = |name: &str, restriction: &Restriction| {
        let org = other.orgs.iter().find(|org| org.name == name);
        org.is_some_and(|org| org.restrictions.contains(restriction))
    };
    let all = grant.orgs.iter().flat_map(|org| org.restrictions.iter().map(move |r| (org, r)));
    all.filter(|(org, restriction)| !is_other(&org.name, restriction))
        .map(|(org, restriction)| format!("{} ({})", org.name, restriction.name()))
        .collect()
}

fn orgs_beyond(grant: &Grant, other: &Grant) -> Vec<String> {
    let is_in = |name: &str| other.orgs.iter().any(|org| org.name.eq_ignore_ascii_case(name));
    let orgs = grant.orgs.iter().filter(|org| !is_in(&org.name));
    orgs.map(|org| org.name.clone()).collect()
}
