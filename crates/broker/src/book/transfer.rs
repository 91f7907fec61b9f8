//! A request that was let through, while it lasts.

use std::{net::IpAddr, sync::Arc, time::Duration};

use bearhug_core::{
    lease::Lease,
    lending::{Denial, Operation, Permit},
    scope::Access,
};
use tokio_util::sync::CancellationToken;

use super::{Barred, Book, Outliving, entry::Meter};

/// How often a lease's end is looked up at least, since wall clocks are set and computers sleep.
const GLANCE: Duration = Duration::from_secs(1);

/// A request that was let through, while it lasts.
#[derive(Debug)]
pub(crate) struct Transfer {
    /// What opens the vault and lets it be forwarded.
    pub(crate) permit: Permit,
    /// The lease, as it was when it began.
    pub(crate) lease: Arc<Lease>,
    pub(super) book: Arc<Book>,
    pub(super) source: IpAddr,
    /// What its bytes count for: its lease and those that it was made from.
    pub(super) meters: Vec<Arc<Meter>>,
    pub(super) ended: CancellationToken,
}

impl Transfer {
    /// Waits until it has to stop, and says why.
    pub(crate) async fn ended(&self) -> Barred {
        loop {
            let (barred, end) = self.book.ending(self.lease.id);
            let drains = matches!(barred, Some(Barred::Denied(Denial::Revoked(_), _)))
                && !self.ended.is_cancelled()
                && self.book.clock().now() < end;
            if let Some(barred) = barred.filter(|_| !drains) {
                return barred;
            }
            let wait = self.book.clock().until(end).min(GLANCE);
            tokio::select! {
                () = self.ended.cancelled() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Whether it was cut.
    pub(crate) fn is_cut(&self) -> bool {
        self.ended.is_cancelled()
    }

    /// Counts bytes that are about to be moved.
    pub(crate) fn spend(&self, bytes: usize) -> Result<(), Barred> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let taken: Vec<_> = self.meters.iter().map(|meter| meter.take(bytes)).collect();
        let most = taken.into_iter().find_map(Result::err);
        let over = |most| Barred::Denied(Denial::Bytes(most), Arc::clone(&self.lease));
        most.map_or(Ok(()), |most| Err(over(most)))
    }

    /// Whether so many bytes may still be moved.
    pub(crate) fn has_room_for(&self, bytes: u64) -> bool {
        self.meters.iter().all(|meter| meter.left().is_none_or(|left| bytes <= left))
    }

    /// Why it may not move more bytes than its lease has left.
    pub(crate) fn full(&self) -> Barred {
        let most = self.lease.terms.bytes.unwrap_or_default();
        Barred::Denied(Denial::Bytes(most), Arc::clone(&self.lease))
    }

    /// Notes something that it hands out and that ending the lease cannot take back.
    pub(crate) fn note(&self, left: Outliving) {
        self.book.note(self.lease.id, left);
    }

    /// Whether it may do what it turns out to need besides.
    pub(crate) fn also(&self, name: &'static str, needs: Vec<Access>) -> Result<(), Barred> {
        let operation = Operation { name, needs, partly: Vec::new(), model: None };
        self.book.also(self.lease.id, &operation, self.source)
    }
}
