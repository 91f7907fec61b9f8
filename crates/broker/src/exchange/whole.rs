//! Bodies that are read whole.

use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};

/// Why a body was not read whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotWhole {
    /// It is too large.
    Oversized,
    /// Nothing came for too long.
    Stalled,
    /// It broke off.
    Broken,
}

/// Reads a body whole, up to so many bytes, as long as it moves. No memory is taken by what it says of its
/// length.
pub(crate) async fn read_whole(
    mut body: Incoming,
    most: usize,
    idle: Duration,
) -> Result<Vec<u8>, NotWhole> {
    if body.size_hint().lower() > most as u64 {
        return Err(NotWhole::Oversized);
    }
    let mut whole = Vec::new();
    loop {
        let frame = tokio::time::timeout(idle, body.frame()).await;
        let Some(frame) = frame.map_err(|_| NotWhole::Stalled)? else { return Ok(whole) };
        let Ok(bytes) = frame.map_err(|_| NotWhole::Broken)?.into_data() else { continue };
        if whole.len() + bytes.len() > most {
            return Err(NotWhole::Oversized);
        }
        whole.extend_from_slice(&bytes);
    }
}
