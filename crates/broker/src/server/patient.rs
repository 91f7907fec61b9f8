//! A connection whose other end must not stop reading.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

/// For how long what the other end still sends is read after the last answer, altogether.
const LINGERING: Duration = Duration::from_secs(30);
/// How long the other end may take for the next of it.
const PAUSE: Duration = Duration::from_secs(5);

/// A connection that fails when the other end takes nothing for a while.
///
/// When it is closed, what the other end is still sending is read and dropped for a while: a client that
/// is refused in the midst of an upload hears of that only if its connection is not reset meanwhile
/// (RFC 9112 §9.6).
#[derive(Debug)]
pub(super) struct Patient<T> {
    io: T,
    limit: Duration,
    standing: Pin<Box<Sleep>>,
    is_standing: bool,
    /// Until when it is read from after it was closed.
    lingering: Option<Instant>,
}

impl<T> Patient<T> {
    pub(super) fn new(io: T, limit: Duration) -> Self {
        Self { io, limit, standing: Box::pin(sleep(limit)), is_standing: false, lingering: None }
    }

    /// What becomes of an attempt to write.
    fn watched<R>(
        &mut self,
        attempt: Poll<io::Result<R>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<R>> {
        if attempt.is_ready() {
            self.is_standing = false;
            return attempt;
        }
        if !self.is_standing {
            self.is_standing = true;
            self.standing.as_mut().reset(Instant::now() + self.limit);
        }
        self.standing.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Patient<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(context, buffer)
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Patient<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let attempt = Pin::new(&mut self.io).poll_write(context, bytes);
        self.watched(attempt, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let attempt = Pin::new(&mut self.io).poll_write_vectored(context, slices);
        self.watched(attempt, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let attempt = Pin::new(&mut self.io).poll_flush(context);
        self.watched(attempt, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let end = if let Some(end) = this.lingering {
            end
        } else {
            ready!(Pin::new(&mut this.io).poll_shutdown(context))?;
            this.standing.as_mut().reset(Instant::now() + PAUSE);
            *this.lingering.insert(Instant::now() + LINGERING)
        };
        let mut dropped = [0; 16 << 10];
        while Instant::now() < end {
            let mut buffer = ReadBuf::new(&mut dropped);
            match Pin::new(&mut this.io).poll_read(context, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                    this.standing.as_mut().reset((Instant::now() + PAUSE).min(end));
                }
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending => return this.standing.as_mut().poll(context).map(Ok),
            }
        }
        Poll::Ready(Ok(()))
    }
}
