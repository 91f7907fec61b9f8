//! Bodies that are looked at on their way, because they are large and say what else is done.

use bearhug_core::scope::{Access, Resource};

use super::Refusal;

mod batch;
mod commit;
mod lines;
mod push;

/// What looks at a body on its way. It keeps a few kilobytes of it, however large it is.
///
/// Whatever the Hub could act on adds its needs no later than the byte that completes it. So bytes may
/// be passed on as soon as all needs that were added with them are allowed; when one is not, the
/// request must be cut off, so that the Hub never sees its end.
#[derive(Debug)]
pub struct Inspector(Box<Kind>);

#[derive(Debug)]
enum Kind {
    Commit(commit::Commit),
    Batch(batch::Batch),
    Push(push::Push),
}

impl Inspector {
    pub(super) fn commit(repository: Resource, revision: String) -> Self {
        Self(Box::new(Kind::Commit(commit::Commit::new(repository, revision))))
    }

    pub(super) fn batch(bucket: Resource) -> Self {
        Self(Box::new(Kind::Batch(batch::Batch::new(bucket))))
    }

    pub(super) fn push(repository: Resource) -> Self {
        Self(Box::new(Kind::Push(push::Push::new(repository))))
    }

    /// Looks at the next bytes, and adds what they need to `needs`. Bytes may be passed on when all needs
    /// that were added so far are allowed.
    ///
    /// # Errors
    ///
    /// The body is not what the Hub expects here, or could be read in two ways. It stays so.
    pub fn feed(&mut self, bytes: &[u8], needs: &mut Vec<Access>) -> Result<(), Refusal> {
        match &mut *self.0 {
            Kind::Commit(commit) => commit.feed(bytes, needs),
            Kind::Batch(batch) => batch.feed(bytes, needs),
            Kind::Push(push) => push.feed(bytes, needs),
        }
    }

    /// Looks at the end, before the last bytes are passed on.
    ///
    /// # Errors
    ///
    /// The body ends too early.
    pub fn finish(&mut self, _needs: &mut Vec<Access>) -> Result<(), Refusal> {
        match &*self.0 {
            Kind::Commit(commit) => commit.finish(),
            Kind::Batch(batch) => batch.finish(),
            Kind::Push(push) => push.finish(),
        }
    }
}
