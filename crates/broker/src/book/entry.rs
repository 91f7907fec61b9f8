//! What the book knows of one lease.

use std::{
    collections::BTreeSet,
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use bearhug_core::{
    lease::{Lease, LeaseId},
    lending::Spent,
};
use jiff::Timestamp;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

/// How many things that outlive a lease are remembered of it: the last ones, by when they end.
const MOST_OUTLIVING: usize = 100;

/// A lease as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The lease.
    pub lease: Arc<Lease>,
    /// What it, and those that were made from it, were used for.
    pub spent: Spent,
    /// The address that used it first.
    pub holder: Option<IpAddr>,
}

/// Something that was handed out under a lease and stays good after it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Outliving {
    /// Until when.
    pub until: Timestamp,
    /// What it is, such as a Xet token or an address that is signed.
    pub what: &'static str,
    /// What it is good for, as the operation that it was handed out by names it.
    pub operation: String,
}

/// The bytes that were moved under a lease.
#[derive(Debug)]
pub(super) struct Meter {
    moved: AtomicU64,
    most: Option<u64>,
}

impl Meter {
    /// Counts bytes that are about to be moved. Those that are too many stay counted.
    pub(super) fn take(&self, bytes: u64) -> Result<(), u64> {
        let before = self.moved.fetch_add(bytes, Ordering::Relaxed);
        match self.most {
            Some(most) if before.saturating_add(bytes) > most => Err(most),
            _ => Ok(()),
        }
    }

    /// How many may still be moved.
    pub(super) fn left(&self) -> Option<u64> {
        self.most.map(|most| most.saturating_sub(self.moved.load(Ordering::Relaxed)))
    }
}

/// What the book knows of one lease.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) lease: Arc<Lease>,
    pub(super) meter: Arc<Meter>,
    pub(super) requests: u64,
    pub(super) holder: Option<IpAddr>,
    pub(super) children: BTreeSet<LeaseId>,
    /// Cancelled when its transfers are to be cut, and with it those of its children.
    pub(super) ended: CancellationToken,
    pub(super) outliving: BTreeSet<Outliving>,
}

impl Entry {
    pub(super) fn new(lease: Lease) -> Self {
        let meter = Meter { moved: AtomicU64::new(0), most: lease.terms.bytes };
        Self {
            lease: Arc::new(lease),
            meter: Arc::new(meter),
            requests: 0,
            holder: None,
            children: BTreeSet::new(),
            ended: CancellationToken::new(),
            outliving: BTreeSet::new(),
        }
    }

    pub(super) fn spent(&self) -> Spent {
        Spent { requests: self.requests, bytes: self.meter.moved.load(Ordering::Relaxed) }
    }

    pub(super) fn standing(&self) -> Standing {
        Standing { lease: Arc::clone(&self.lease), spent: self.spent(), holder: self.holder }
    }

    pub(super) fn note(&mut self, left: Outliving, now: Timestamp) {
        self.outliving.retain(|known| known.until > now);
        self.outliving.insert(left);
        if self.outliving.len() > MOST_OUTLIVING {
            self.outliving.pop_first();
        }
    }
}
