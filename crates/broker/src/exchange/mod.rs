//! A request on its way to the Hub and the answer on its way back.

mod answer;
mod download;
mod outliving;
mod request;
mod upload;
mod upstream;
mod whole;

use std::{error::Error, io, sync::Arc, time::Duration};

use bearhug_core::lending::Denial;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use hyper::body::Incoming;
use tokio::{sync::oneshot, time::Instant};
use tokio_util::sync::CancellationToken;

pub(crate) use self::{
    request::Outgoing,
    upload::{Progress, Upload},
    upstream::Hub,
    whole::{NotWhole, read_whole},
};
use crate::{
    book::Transfer,
    journal::{Account, How},
    refusing::No,
};

/// The body of an answer, or of a request that is forwarded.
pub(crate) type Body = UnsyncBoxBody<Bytes, BodyError>;
/// Why a body is not whole.
pub(crate) type BodyError = Box<dyn Error + Send + Sync>;

/// A body of bytes that are there.
pub(crate) fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

/// Why a body ends before its end.
pub(crate) fn broken(why: &'static str) -> BodyError {
    Box::new(io::Error::new(io::ErrorKind::ConnectionAborted, why))
}

/// What a request is while it is with the Hub.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// Its leave.
    pub(crate) transfer: Arc<Transfer>,
    /// Its account.
    pub(crate) account: Arc<Account>,
    /// Ends the client's connection, whatever it is doing.
    pub(crate) hang_up: CancellationToken,
}

/// How long something may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// For how long a body may stand still.
    pub(crate) idle: Duration,
    /// How long the Hub may think.
    pub(crate) answer: Duration,
}

impl Exchange {
    /// Sends a request and waits for its answer, which starts only when the request is through: a commit or
    /// a push that turns out to be more than its lease allows must not have been answered by then. A refusal
    /// of the Hub's may come before.
    pub(crate) async fn send(
        &self,
        hub: &Hub,
        request: Request<Body>,
        mut progress: Progress,
        patience: Patience,
    ) -> Result<Response<Incoming>, No> {
        let answer = hub.forward(&self.transfer.permit, request);
        tokio::pin!(answer);
        let mut ended = progress.take_end();
        let mut answered = None;
        loop {
            let is_through = ended.is_none();
            let limit = if is_through { patience.answer } else { patience.idle };
            tokio::select! {
                biased;
                barred = self.transfer.ended() => return Err(barred.into()),
                end = async { ended.as_mut()?.await.ok() }, if !is_through => {
                    ended = None;
                    // Without a word the Hub's connection went away, which the answer tells.
                    if let Some(Err(no)) = end {
                        return Err(no);
                    }
                }
                found = &mut answer, if answered.is_none() => match found {
                    Ok(found) if is_through || found.status().as_u16() >= 400 => return Ok(found),
                    Ok(found) => answered = Some(found),
                    Err(_) => return Err(refusal_of(ended).unwrap_or(No::HubFailed)),
                },
                () = stalled(&progress, limit) => {
                    return Err(if is_through { No::HubStalled } else { No::Stalled });
                }
            }
            if ended.is_none()
                && let Some(found) = answered.take()
            {
                return Ok(found);
            }
        }
    }
}

/// How a request ends that was let through and is refused after all.
pub(crate) fn how(no: &No) -> How {
    match no {
        No::HubFailed | No::HubStalled | No::Oversized => How::HubFailed,
        No::Stalled => How::Stalled,
        No::Malformed(_) => How::ClientGone,
        No::Tokenless(_) | No::TokenRefused(_) => How::NoToken,
        No::Stranger | No::Denied(Denial::Revoked(_) | Denial::Expired(_), _) => How::Cut,
        No::Denied(Denial::Bytes(_), _) => How::Budget,
        _ => How::Denied,
    }
}

/// What a request's body was refused for, where it was.
fn refusal_of(ended: Option<oneshot::Receiver<Result<(), No>>>) -> Option<No> {
    ended?.try_recv().ok()?.err()
}

/// Waits until nothing has moved for a while.
async fn stalled(progress: &Progress, limit: Duration) {
    loop {
        let end = progress.moved() + limit;
        if Instant::now() >= end {
            return;
        }
        tokio::time::sleep_until(end).await;
    }
}
