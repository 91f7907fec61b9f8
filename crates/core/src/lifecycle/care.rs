//! What people do with an identity that leaves its state alone: find it, assign it, describe it, name
//! it, confirm it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Author, Details};
use crate::{
    Kind,
    event::{EventKind, Happening},
    identity::{
        Assessment, Attested, Exposure, Identity, IdentityId, Ownership, Purpose, Standing, State,
        Version,
    },
};

/// A credential that the ledger does not have yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovery {
    /// The name that follows from what it is known by.
    pub id: IdentityId,
    /// What people call it.
    pub name: String,
    /// What sort of credential it is.
    pub kind: Kind,
    /// Its token.
    pub version: Version,
}

/// Who shall answer for an identity. It replaces both as they were.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assignment {
    /// The owner.
    pub owner: Option<String>,
    /// Who answers for it when the owner cannot.
    pub backup: Option<String>,
    /// The reason. It may be empty.
    pub why: String,
}

impl Identity {
    /// An identity that was just seen for the first time.
    pub fn discover(found: Discovery, author: &Author, now: Timestamp) -> (Self, Happening) {
        let mut told = Details::default();
        told.add("name", &found.name);
        told.add("kind", found.kind.name());
        told.add("token", &found.version.label());
        let mut identity = Self {
            id: found.id,
            revision: 0,
            name: found.name,
            kind: found.kind,
            state: State::Discovered,
            conditions: BTreeSet::new(),
            ownership: Ownership::default(),
            purpose: Purpose::default(),
            versions: vec![found.version],
            standing: Standing::default(),
            exposure: Exposure::default(),
            assessment: Assessment::default(),
            created_at: now,
            updated_at: now,
        };
        let happening = identity.happened(EventKind::Discovered, author, now, told);
        (identity, happening)
    }

    /// Says who answers for it. None if that is as it was.
    pub fn assign(&mut self, to: Assignment, author: &Author, now: Timestamp) -> Option<Happening> {
        let mut told = Details::default();
        told.add_change("owner", self.ownership.owner.as_deref(), to.owner.as_deref());
        told.add_change("backup", self.ownership.backup.as_deref(), to.backup.as_deref());
        if told.is_empty() {
            return None;
        }
        told.add("why", &to.why);
        self.ownership.owner = to.owner;
        self.ownership.backup = to.backup;
        Some(self.happened(EventKind::Assigned, author, now, told))
    }

    /// Says what it is for. None if that is as it was.
    pub fn describe(
        &mut self,
        purpose: Purpose,
        author: &Author,
        now: Timestamp,
    ) -> Option<Happening> {
        let told = Details::of_purposes(&self.purpose, &purpose);
        if told.is_empty() {
            return None;
        }
        self.purpose = purpose;
        Some(self.happened(EventKind::Described, author, now, told))
    }

    /// Gives it another name. None if that is its name.
    pub fn rename(&mut self, name: String, author: &Author, now: Timestamp) -> Option<Happening> {
        let mut told = Details::default();
        told.add_change("name", Some(&self.name), Some(&name));
        if told.is_empty() {
            return None;
        }
        self.name = name;
        Some(self.happened(EventKind::Described, author, now, told))
    }

    /// Records that something was released with it at a moment. None if that release or a later one is
    /// on record.
    pub fn release(
        &mut self,
        at: Timestamp,
        why: &str,
        author: &Author,
        now: Timestamp,
    ) -> Option<Happening> {
        if self.purpose.released_at.is_some_and(|known| known >= at) {
            return None;
        }
        self.purpose.released_at = Some(at);
        let mut told = Details::default();
        told.add("released", &at.to_string());
        told.add("why", why);
        Some(self.happened(EventKind::Released, author, now, told))
    }

    /// Confirms that it is still needed and rightly described. None if the author did so at the same
    /// moment already.
    pub fn attest(&mut self, author: &Author, now: Timestamp) -> Option<Happening> {
        let attested = Some(Attested { at: now, by: author.name.clone() });
        if self.ownership.attested == attested {
            return None;
        }
        self.ownership.attested = attested;
        Some(self.happened(EventKind::Attested, author, now, Details::default()))
    }
}

impl Details {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells what something was and is, if that differs.
    fn add_change(&mut self, key: &str, from: Option<&str>, to: Option<&str>) {
        if from != to {
            let word = |value: Option<&str>| value.unwrap_or("nothing").to_owned();
            self.add(key, &format!("{} → {}", word(from), word(to)));
        }
    }

    fn of_purposes(from: &Purpose, to: &Purpose) -> Self {
        let joined = |words: &BTreeSet<String>| {
            let words: Vec<_> = words.iter().map(String::as_str).collect();
            (!words.is_empty()).then(|| words.join(", "))
        };
        let mut told = Self::default();
        told.add_change("purpose", from.description.as_deref(), to.description.as_deref());
        told.add_change("environment", from.environment.as_deref(), to.environment.as_deref());
        let levels = (from.criticality.name(), to.criticality.name());
        told.add_change("criticality", Some(levels.0), Some(levels.1));
        let resources = (joined(&from.resources), joined(&to.resources));
        told.add_change("resources", resources.0.as_deref(), resources.1.as_deref());
        let tags = (joined(&from.tags), joined(&to.tags));
        told.add_change("tags", tags.0.as_deref(), tags.1.as_deref());
        let released = (from.released_at, to.released_at);
        let released = (released.0.map(|at| at.to_string()), released.1.map(|at| at.to_string()));
        told.add_change("released", released.0.as_deref(), released.1.as_deref());
        // Notes may be long, and an event is for good: that they changed is enough.
        if from.notes != to.notes {
            told.add("notes", "changed");
        }
        told
    }
}
