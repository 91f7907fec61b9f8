//! The leases that a broker honours.
//!
//! All of them are behind one lock, and a request is decided and entered as a transfer while it is held. A
//! revocation takes the same lock, so every request either was entered before, and is cut, or comes after,
//! and is refused.

mod entry;
mod narrowing;
mod transfer;

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bearhug_core::{
    lease::{Lease, LeaseId, LeaseValue, Revoked},
    lending::{Attempt, Denial, Operation, Spent, decide},
};
use jiff::{SignedDuration, Timestamp};

use self::entry::Entry;
pub(crate) use self::transfer::Transfer;
pub use self::{
    entry::{Outliving, Standing},
    narrowing::Wanted,
};
use crate::Clock;

/// For how long an ended lease is remembered, so that its holder hears why it is refused.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(1);
/// How many leases may descend from one, so that a holder cannot fill the memory.
const LARGEST_FAMILY: usize = 1_000;

/// How deep a lease may descend, and how many accesses, models and networks one that a holder makes may have:
/// each of its requests looks at all of them.
const DEEPEST: usize = 8;
const LARGEST: usize = 64;

/// The leases that a broker honours.
#[derive(Debug)]
pub struct Book {
    clock: Arc<Clock>,
    entries: Mutex<Entries>,
}

type Entries = BTreeMap<LeaseId, Entry>;

/// What happens to the transfers of a lease that is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// They are cut at once.
    Cut,
    /// They go on until they are done or the lease would have expired.
    Drain,
}

/// Why something cannot be done to a lease.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BookError {
    /// There is none of this name.
    #[error("no such lease is known here")]
    Unknown,
    /// There is one of this name already.
    #[error("there is a lease of this name already")]
    Known,
    /// It was revoked, or its time is over.
    #[error("the lease has ended")]
    Ended,
    /// It would allow more than the lease that it is made from.
    #[error("it would allow more than the lease that it is made from: {0}")]
    Wider(&'static str),
    /// It would have too many parts, or too many ancestors.
    #[error(
        "a lease has at most {LARGEST} scopes, models and networks each, and {DEEPEST} ancestors"
    )]
    Large,
    /// What it says of itself is no short text.
    #[error(
        "a workload has at most 100 and a reason 500 characters that can be printed, and no token"
    )]
    Text,
    /// Too many leases were made from one.
    #[error("no more than {LARGEST_FAMILY} leases can be made from one")]
    Family,
}

/// Why a request was not entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Barred {
    /// The lease is not known here.
    Unknown,
    /// The lease, or one that it was made from, does not allow it.
    Denied(Denial, Arc<Lease>),
}

impl Book {
    /// An empty one.
    pub fn new(clock: Arc<Clock>) -> Self {
        Self { clock, entries: Mutex::default() }
    }

    /// The clock that its leases end by.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// A lock that a panic left behind guards counters and flags that are whole at every step.
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Honours a lease from now on.
    ///
    /// # Errors
    ///
    /// It is known already, or the one that it was made from is not, or allows less.
    pub fn insert(&self, lease: Lease) -> Result<(), BookError> {
        let mut entries = self.entries();
        let now = self.clock.now();
        forget(&mut entries, now);
        if entries.contains_key(&lease.id) {
            return Err(BookError::Known);
        }
        enter(&mut entries, lease)
    }

    /// Makes a weaker lease of one that somebody holds. What is left open is as it was.
    ///
    /// # Errors
    ///
    /// The lease has ended, or more is wanted than it allows.
    pub fn narrow(
        &self,
        parent: LeaseId,
        wanted: Wanted,
    ) -> Result<(LeaseValue, Lease), BookError> {
        let mut entries = self.entries();
        let now = self.clock.now();
        forget(&mut entries, now);
        alive(&entries, parent, now).map_err(|barred| match barred {
            Barred::Unknown => BookError::Unknown,
            Barred::Denied(..) => BookError::Ended,
        })?;
        let root = chain(&entries, parent).last().map_or(parent, |entry| entry.lease.id);
        if family(&entries, root).len() >= LARGEST_FAMILY {
            return Err(BookError::Family);
        }
        if !wanted.is_small(LARGEST) || chain(&entries, parent).count() > DEEPEST {
            return Err(BookError::Large);
        }
        if !wanted.is_plain() {
            return Err(BookError::Text);
        }
        let held = &entries.get(&parent).ok_or(BookError::Unknown)?.lease;
        let value = LeaseValue::generate(rand::random::<u64>);
        let lease = wanted.lease(value.id(), held, now);
        enter(&mut entries, lease.clone())?;
        Ok((value, lease))
    }

    /// Lets a lease live until another time.
    ///
    /// # Errors
    ///
    /// It has ended, or the one that it was made from ends before.
    pub fn renew(&self, id: LeaseId, until: Timestamp) -> Result<Lease, BookError> {
        let mut entries = self.entries();
        alive(&entries, id, self.clock.now()).map_err(|_| BookError::Ended)?;
        let outlives = |entry: &&Entry| entry.lease.expires_at < until;
        if chain(&entries, id).skip(1).any(|entry| outlives(&entry)) {
            return Err(BookError::Wider("it would end later"));
        }
        let entry = entries.get_mut(&id).ok_or(BookError::Unknown)?;
        let lease = Arc::make_mut(&mut entry.lease);
        lease.expires_at = until;
        Ok(lease.clone())
    }

    /// Ends a lease and all that were made from it, and says what outlives them. No request that starts
    /// after this returned is let through.
    ///
    /// # Errors
    ///
    /// There is no such lease.
    pub fn revoke(
        &self,
        id: LeaseId,
        why: &str,
        ending: Ending,
    ) -> Result<Vec<Outliving>, BookError> {
        let mut entries = self.entries();
        let now = self.clock.now();
        if !entries.contains_key(&id) {
            return Err(BookError::Unknown);
        }
        let mut outliving = Vec::new();
        for member in family(&entries, id) {
            let Some(entry) = entries.get_mut(&member) else { continue };
            if entry.lease.revoked.is_none() {
                let revoked = Revoked { at: now, why: why.to_owned() };
                Arc::make_mut(&mut entry.lease).revoked = Some(revoked);
            }
            if ending == Ending::Cut {
                entry.ended.cancel();
            }
            outliving.extend(entry.outliving.iter().filter(|left| left.until > now).cloned());
        }
        Ok(outliving)
    }

    /// All leases, with what they were used for.
    pub fn list(&self) -> Vec<Standing> {
        self.entries().values().map(Entry::standing).collect()
    }

    /// One lease, with what it was used for.
    pub fn find(&self, id: LeaseId) -> Option<Standing> {
        self.entries().get(&id).map(Entry::standing)
    }

    /// Whether a lease may be used at all, before it is known what for.
    pub(crate) fn look(&self, id: LeaseId) -> Result<Arc<Lease>, Barred> {
        let entries = self.entries();
        alive(&entries, id, self.clock.now())?;
        entries.get(&id).map(|entry| Arc::clone(&entry.lease)).ok_or(Barred::Unknown)
    }

    /// Decides about a request and enters it as a transfer, so that it ends when its lease does.
    pub(crate) fn begin(
        self: &Arc<Self>,
        id: LeaseId,
        operation: &Operation,
        source: IpAddr,
    ) -> Result<Transfer, Barred> {
        let mut entries = self.entries();
        let at = self.clock.now();
        alive(&entries, id, at)?;
        let ids: Vec<_> = chain(&entries, id).map(|entry| entry.lease.id).collect();
        let mut permit = None;
        for entry in chain(&entries, id) {
            let (spent, holder) = (entry.spent(), entry.holder);
            let attempt = Attempt { operation, source, at, spent, holder };
            let allowed = decide(&entry.lease, &attempt)
                .map_err(|denial| Barred::Denied(denial, Arc::clone(&entry.lease)))?;
            // The first of the chain is the lease itself.
            permit.get_or_insert(allowed);
        }
        let mut meters = Vec::with_capacity(ids.len());
        for member in ids {
            let Some(entry) = entries.get_mut(&member) else { continue };
            entry.requests += 1;
            entry.holder.get_or_insert(source);
            meters.push(Arc::clone(&entry.meter));
        }
        let entry = entries.get(&id).ok_or(Barred::Unknown)?;
        Ok(Transfer {
            permit: permit.ok_or(Barred::Unknown)?,
            lease: Arc::clone(&entry.lease),
            book: Arc::clone(self),
            source,
            meters,
            ended: entry.ended.clone(),
        })
    }

    /// Decides about what a request turns out to need besides.
    pub(crate) fn also(
        &self,
        id: LeaseId,
        operation: &Operation,
        source: IpAddr,
    ) -> Result<(), Barred> {
        let entries = self.entries();
        let at = self.clock.now();
        alive(&entries, id, at)?;
        for entry in chain(&entries, id) {
            // The request was counted when it began, and its bytes are counted as they come.
            let spent = Spent::default();
            let attempt = Attempt { operation, source, at, spent, holder: entry.holder };
            decide(&entry.lease, &attempt)
                .map_err(|denial| Barred::Denied(denial, Arc::clone(&entry.lease)))?;
        }
        Ok(())
    }

    /// Notes something that was handed out under a lease and that ending it cannot take back.
    pub(crate) fn note(&self, id: LeaseId, left: Outliving) {
        let now = self.clock.now();
        if let Some(entry) = self.entries().get_mut(&id) {
            entry.note(left, now);
        }
    }

    /// Why a lease is to be refused, where it is, and when that has to be asked again.
    fn ending(&self, id: LeaseId) -> (Option<Barred>, Timestamp) {
        let entries = self.entries();
        let end = chain(&entries, id).map(|entry| entry.lease.expires_at).min();
        let barred = alive(&entries, id, self.clock.now()).err();
        (barred, end.unwrap_or(Timestamp::MIN))
    }
}

/// Enters a lease below the one that it was made from.
fn enter(entries: &mut Entries, lease: Lease) -> Result<(), BookError> {
    let mut entry = Entry::new(lease);
    if let Some(id) = entry.lease.parent {
        let parent = entries.get_mut(&id).ok_or(BookError::Unknown)?;
        narrowing::check(&parent.lease, &entry.lease)?;
        entry.ended = parent.ended.child_token();
        parent.children.insert(entry.lease.id);
    }
    entries.insert(entry.lease.id, entry);
    Ok(())
}

/// A lease and those that it was made from, each after the one that it is the parent of.
fn chain(entries: &Entries, id: LeaseId) -> impl Iterator<Item = &Entry> {
    std::iter::successors(entries.get(&id), |entry| entries.get(&entry.lease.parent?))
}

/// A lease and all that were made from it.
fn family(entries: &Entries, id: LeaseId) -> Vec<LeaseId> {
    let (mut found, mut next) = (vec![id], 0);
    while let Some(member) = found.get(next) {
        let children = entries.get(member).map(|entry| entry.children.clone());
        found.extend(children.unwrap_or_default());
        next += 1;
    }
    found
}

/// Whether neither a lease nor one that it was made from has ended.
fn alive(entries: &Entries, id: LeaseId, now: Timestamp) -> Result<(), Barred> {
    let mut known = false;
    for entry in chain(entries, id) {
        known = true;
        let lease = &entry.lease;
        let denial = match &lease.revoked {
            Some(revoked) => Some(Denial::Revoked(revoked.clone())),
            None if now >= lease.expires_at => Some(Denial::Expired(lease.expires_at)),
            None => None,
        };
        if let Some(denial) = denial {
            return Err(Barred::Denied(denial, Arc::clone(lease)));
        }
    }
    if known { Ok(()) } else { Err(Barred::Unknown) }
}

/// Drops what ended long ago. A child never outlives its parent, so no chain is broken.
fn forget(entries: &mut Entries, now: Timestamp) {
    entries.retain(|_, entry| {
        entry.lease.expires_at.checked_add(REMEMBERED).is_ok_and(|then| then > now)
    });
}
