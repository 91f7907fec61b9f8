//! The body of a request on its way to the Hub.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use tokio::{sync::oneshot, time::Instant};

use super::{Exchange, broken};
use crate::{refusing::No, routes::Inspector};

/// What a body says when it is through, or why it is not.
type End = Result<(), No>;

/// How far a body has come.
#[derive(Debug)]
pub(crate) struct Progress {
    moved: Arc<Mutex<Instant>>,
    end: Option<oneshot::Receiver<End>>,
}

impl Progress {
    /// That of a body that is with the Hub at once.
    pub(crate) fn done() -> Self {
        Self { moved: Arc::new(Mutex::new(Instant::now())), end: None }
    }

    /// What will say how it ends, if it has not.
    pub(super) fn take_end(&mut self) -> Option<oneshot::Receiver<End>> {
        self.end.take()
    }

    /// When something moved last.
    pub(super) fn moved(&self) -> Instant {
        *self.moved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The body of a request on its way to the Hub. It breaks off when its lease ends, when its lease's bytes are
/// used up, and when it asks for more than its lease allows.
#[derive(Debug)]
pub(crate) struct Upload {
    body: Incoming,
    exchange: Arc<Exchange>,
    inspector: Option<(&'static str, Inspector)>,
    /// What was looked at and waits for what follows it. The last bytes of a body are what makes it whole,
    /// so they must not go before its end was looked at.
    held: Option<Bytes>,
    moved: Arc<Mutex<Instant>>,
    end: Option<oneshot::Sender<End>>,
    is_over: bool,
}

impl Upload {
    /// Starts to pass a body on. An inspector comes with the name of what it looks for.
    pub(crate) fn start(
        body: Incoming,
        exchange: Arc<Exchange>,
        inspector: Option<(&'static str, Inspector)>,
    ) -> (Self, Progress) {
        let moved = Arc::new(Mutex::new(Instant::now()));
        let (end, ended) = oneshot::channel();
        let progress = Progress { moved: Arc::clone(&moved), end: Some(ended) };
        let end = Some(end);
        (Self { body, exchange, inspector, held: None, moved, end, is_over: false }, progress)
    }

    fn finish(&mut self, end: End) {
        self.is_over = true;
        if let Some(sender) = self.end.take() {
            // Whoever waited for the answer may have gone.
            sender.send(end).unwrap_or_default();
        }
    }

    fn fail(&mut self, no: No) -> Poll<Option<Result<Frame<Bytes>, super::BodyError>>> {
        self.finish(Err(no));
        Poll::Ready(Some(Err(broken("the request was not let through"))))
    }

    /// Looks at the next bytes, or at the end, and decides about what they need.
    fn look(&mut self, bytes: Option<&Bytes>) -> Result<(), No> {
        let Some((name, inspector)) = &mut self.inspector else { return Ok(()) };
        let mut needs = Vec::new();
        let looked = match bytes {
            Some(bytes) => inspector.feed(bytes, &mut needs),
            None => inspector.finish(&mut needs),
        };
        looked.map_err(No::Refused)?;
        if needs.is_empty() {
            return Ok(());
        }
        self.exchange.transfer.also(name, needs).map_err(No::from)
    }

    /// Takes the next bytes of the client's, and says which may go on.
    fn take(&mut self, bytes: Bytes) -> Result<Option<Bytes>, No> {
        self.exchange.transfer.spend(bytes.len())?;
        *self.moved.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        self.look(Some(&bytes))?;
        if self.inspector.is_none() {
            return Ok(Some(bytes));
        }
        Ok(self.held.replace(bytes))
    }

    fn pass(&self, bytes: Bytes) -> Poll<Option<Result<Frame<Bytes>, super::BodyError>>> {
        self.exchange.account.sent(bytes.len());
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }
}

impl http_body::Body for Upload {
    type Data = Bytes;
    type Error = super::BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        loop {
            if self.is_over {
                return Poll::Ready(None);
            }
            if self.exchange.transfer.is_cut() {
                // Whoever waits for the answer sees this by itself, and why.
                self.is_over = true;
                return Poll::Ready(Some(Err(broken("the lease has ended"))));
            }
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                // Trailers mean nothing to the Hub, and are not passed on.
                Some(Ok(frame)) => match frame.into_data().map(|bytes| self.take(bytes)) {
                    Ok(Ok(Some(bytes))) => return self.pass(bytes),
                    Ok(Err(no)) => return self.fail(no),
                    Ok(Ok(None)) | Err(_) => {}
                },
                Some(Err(_)) => return self.fail(No::Malformed("its body broke off")),
                None => {
                    if let Err(no) = self.look(None) {
                        return self.fail(no);
                    }
                    self.finish(Ok(()));
                    if let Some(bytes) = self.held.take() {
                        return self.pass(bytes);
                    }
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.is_over && self.held.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = self.body.size_hint();
        if let (Some(exact), Some(held)) = (hint.exact(), &self.held) {
            hint.set_exact(exact + held.len() as u64);
        }
        hint
    }
}
