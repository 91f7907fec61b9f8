//! The account of one request: what it moved and how it ended, written down when it is over.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU16, AtomicU64, Ordering},
    },
    time::Instant,
};

use super::{Completion, How, Journal, Record};
use crate::Book;

/// The account of one request. Whoever moves its bytes holds it, and when the last of them lets go it is
/// written down.
#[derive(Debug)]
pub(crate) struct Account {
    journal: Journal,
    book: Arc<Book>,
    request: String,
    begun: Instant,
    status: AtomicU16,
    sent: AtomicU64,
    received: AtomicU64,
    how: Mutex<Option<How>>,
}

impl Account {
    /// Opens the account of a request whose decision is written.
    pub(crate) fn open(journal: Journal, book: Arc<Book>, request: String) -> Arc<Self> {
        Arc::new(Self {
            journal,
            book,
            request,
            begun: Instant::now(),
            status: AtomicU16::new(0),
            sent: AtomicU64::new(0),
            received: AtomicU64::new(0),
            how: Mutex::default(),
        })
    }

    /// Bytes of the request's body were passed on.
    pub(crate) fn sent(&self, bytes: usize) {
        self.sent.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Bytes of the answer's body were passed on.
    pub(crate) fn received(&self, bytes: usize) {
        self.received.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// The client gets an answer of this status.
    pub(crate) fn answered(&self, status: http::StatusCode) {
        self.status.store(status.as_u16(), Ordering::Relaxed);
    }

    /// It is known how it ended. What is known first counts.
    pub(crate) fn end(&self, how: How) {
        self.how.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(how);
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        let how = *self.how.get_mut().unwrap_or_else(PoisonError::into_inner);
        let status = *self.status.get_mut();
        self.journal.note(&Record::Completion(Completion {
            request: std::mem::take(&mut self.request),
            at: self.book.clock().now(),
            status: (status != 0).then_some(status),
            sent: *self.sent.get_mut(),
            received: *self.received.get_mut(),
            millis: u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            // Nobody else drops a request in its midst.
            how: how.unwrap_or(How::ClientGone),
        }));
    }
}
