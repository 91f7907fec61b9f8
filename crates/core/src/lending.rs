//! Whether a request is allowed by the lease that it came with.
//!
//! [`decide`] is the one place where that is answered. What it returns is a [`Permit`], without which no
//! vault opens and no broker forwards.

use std::{net::IpAddr, sync::Arc};

use jiff::Timestamp;

use crate::{
    Token,
    lease::{Lease, LeaseId, Revoked},
    scope::Access,
};

/// What a request would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Its name in records, such as `repo.commit`.
    pub name: &'static str,
    /// Everything that must be allowed for it.
    pub needs: Vec<Access>,
    /// What must be allowed at least in part, such as writing to one of a repository's branches, where
    /// the rest follows from other requests or from the body.
    pub partly: Vec<Access>,
    /// The model that is called, where one is.
    pub model: Option<String>,
}

/// A request, as far as a decision depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt<'a> {
    /// What it would do.
    pub operation: &'a Operation,
    /// Where it comes from.
    pub source: IpAddr,
    /// When.
    pub at: Timestamp,
    /// What the lease was used for so far.
    pub spent: Spent,
    /// The address that used the lease first.
    pub holder: Option<IpAddr>,
}

/// What a lease was used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spent {
    /// Requests that were let through.
    pub requests: u64,
    /// Bytes of bodies, both ways.
    pub bytes: u64,
}

/// That something is allowed. Only this module makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    entry: String,
    purpose: Purpose,
}

/// What a permit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A request with a lease.
    Lease(LeaseId),
    /// What the keeper of the vault asks of bearhug: to look at a token, to move or to replace it.
    Keeping(&'static str),
}

impl Permit {
    /// The name of the vault's entry that may be opened for it.
    pub fn entry(&self) -> &str {
        &self.entry
    }

    /// What it is for.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }
}

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denial {
    /// The lease was ended.
    Revoked(Revoked),
    /// Its time is over.
    Expired(Timestamp),
    /// It may not be used from here.
    Source(IpAddr),
    /// Somebody else uses it.
    Holder(IpAddr),
    /// It allows so many requests, and they were made.
    Requests(u64),
    /// It allows so many bytes, and they were moved.
    Bytes(u64),
    /// It does not allow this.
    Scope(Box<Access>),
    /// It does not allow to call this model.
    Model(String),
}

/// Decides about a request. Whether an ancestor of the lease has ended is for whoever keeps them to see.
///
/// # Errors
///
/// The first reason not to allow it. What is wrong with the lease itself comes before what it lacks.
pub fn decide(lease: &Lease, attempt: &Attempt<'_>) -> Result<Permit, Denial> {
    let terms = &lease.terms;
    if let Some(revoked) = &lease.revoked {
        return Err(Denial::Revoked(revoked.clone()));
    }
    if attempt.at >= lease.expires_at {
        return Err(Denial::Expired(lease.expires_at));
    }
    if !terms.admits(attempt.source) {
        return Err(Denial::Source(attempt.source));
    }
    let is_held = attempt.holder.is_some_and(|holder| holder != attempt.source);
    if terms.is_single_holder && is_held {
        return Err(Denial::Holder(attempt.source));
    }
    if let Some(allowed) = terms.requests.filter(|allowed| attempt.spent.requests >= *allowed) {
        return Err(Denial::Requests(allowed));
    }
    if let Some(allowed) = terms.bytes.filter(|allowed| attempt.spent.bytes >= *allowed) {
        return Err(Denial::Bytes(allowed));
    }
    if let Some(missing) = attempt.operation.needs.iter().find(|need| !terms.allows(need)) {
        return Err(Denial::Scope(Box::new(missing.clone())));
    }
    if let Some(missing) = attempt.operation.partly.iter().find(|need| !terms.touches(need)) {
        return Err(Denial::Scope(Box::new(missing.clone())));
    }
    if let Some(model) = attempt.operation.model.as_ref().filter(|model| !terms.calls(model)) {
        return Err(Denial::Model(model.clone()));
    }
    Ok(Permit { entry: lease.entry.clone(), purpose: Purpose::Lease(lease.id) })
}

/// Allows the keeper of a vault, who has unlocked it, what bearhug does at his word.
pub fn keep(entry: String, purpose: &'static str) -> Permit {
    Permit { entry, purpose: Purpose::Keeping(purpose) }
}

/// What opens a vault's entries for requests. It answers from memory: whatever takes long was done when
/// the vault was unlocked, or is done beside.
pub trait Keeper: Send + Sync {
    /// The token of an entry.
    ///
    /// # Errors
    ///
    /// A sentence without a full stop that says why there is none.
    fn open(&self, permit: &Permit) -> Result<Arc<Token>, String>;
}
