//! The body of an answer on its way to the client.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep, sleep};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{BodyError, Exchange, broken, how};
use crate::{
    journal::{Account, How},
    rewriting::Scrubbing,
};

/// The body of an answer on its way to the client. It breaks off when its lease ends, and when its lease's
/// bytes are used up.
#[derive(Debug)]
pub(super) struct Download {
    body: Incoming,
    /// What the body passes through, until its last bytes did.
    scrubbing: Option<Scrubbing>,
    exchange: Arc<Exchange>,
    idle: Duration,
    standing: Pin<Box<Sleep>>,
    is_over: bool,
    /// Lets go of what watches the lease.
    _watch: DropGuard,
}

impl Download {
    /// Starts to pass a body on.
    pub(super) fn start(
        body: Incoming,
        scrubbing: Option<Scrubbing>,
        exchange: Arc<Exchange>,
        idle: Duration,
    ) -> Self {
        let over = CancellationToken::new();
        if !body.is_end_stream() {
            tokio::spawn(watch(Arc::clone(&exchange), over.clone()));
        }
        let standing = Box::pin(sleep(idle));
        Self {
            body,
            scrubbing,
            exchange,
            idle,
            standing,
            is_over: false,
            _watch: over.drop_guard(),
        }
    }

    /// What of the next bytes may be passed on.
    fn scrub(&mut self, bytes: Bytes) -> Bytes {
        let is_last = self.body.is_end_stream();
        let Some(scrubbing) = &mut self.scrubbing else { return bytes };
        let mut scrubbed = scrubbing.feed(&bytes);
        if is_last {
            scrubbed.extend(self.rest());
        }
        scrubbed.into()
    }

    /// What was held back until the end.
    fn rest(&mut self) -> Vec<u8> {
        self.scrubbing.take().map(Scrubbing::finish).unwrap_or_default()
    }

    fn finish(&mut self, how: How) {
        self.is_over = true;
        self.exchange.account.end(how);
    }

    fn fail(
        &mut self,
        how: How,
        why: &'static str,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        self.finish(how);
        Poll::Ready(Some(Err(broken(why))))
    }
}

/// Hangs up when the lease ends: a client that does not read would never ask for the next bytes, and so never
/// hear of it.
async fn watch(exchange: Arc<Exchange>, over: CancellationToken) {
    let account: Arc<Account> = Arc::clone(&exchange.account);
    let transfer = Arc::clone(&exchange.transfer);
    let hang_up = exchange.hang_up.clone();
    // The account is written down when nobody holds it, and this may be the last to let go.
    drop(exchange);
    tokio::select! {
        barred = transfer.ended() => {
            account.end(how(&barred.into()));
            hang_up.cancel();
        }
        () = over.cancelled() => {}
    }
}

impl http_body::Body for Download {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        loop {
            if self.is_over {
                return Poll::Ready(None);
            }
            if self.exchange.transfer.is_cut() {
                return self.fail(How::Cut, "the lease has ended");
            }
            let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) else {
                ready!(self.standing.as_mut().poll(context));
                return self.fail(How::HubFailed, "the Hub sends nothing more");
            };
            let next = Instant::now() + self.idle;
            self.standing.as_mut().reset(next);
            match frame {
                Some(Ok(frame)) => {
                    let Ok(bytes) = frame.into_data() else { continue };
                    if self.exchange.transfer.spend(bytes.len()).is_err() {
                        return self.fail(How::Budget, "the lease allows no more bytes");
                    }
                    self.exchange.account.received(bytes.len());
                    if self.body.is_end_stream() {
                        self.exchange.account.end(How::Complete);
                    }
                    let bytes = self.scrub(bytes);
                    if bytes.is_empty() {
                        continue;
                    }
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                Some(Err(_)) => return self.fail(How::HubFailed, "the Hub broke off"),
                None => {
                    self.finish(How::Complete);
                    let rest = self.rest();
                    if !rest.is_empty() {
                        return Poll::Ready(Some(Ok(Frame::data(rest.into()))));
                    }
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.is_over || self.scrubbing.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
