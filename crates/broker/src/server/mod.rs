//! Connections of clients.

mod patient;

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use self::patient::Patient;
use crate::broker::{Broker, Peer};

/// How many headers a request may have. Clients of the Hub send about twenty.
const HEADERS: usize = 64;
/// How large the head of a request may be, in bytes. The addresses of uploads carry signatures of a few
/// thousand.
const HEAD: usize = 64 << 10;
/// How long the broker pauses when the computer has no more connections to give.
const EXHAUSTED: Duration = Duration::from_millis(100);
/// How long requests under way may still take when the broker is to stop.
const DRAINED: Duration = Duration::from_secs(30);

impl Broker {
    /// Serves clients until it is told to stop, and then whatever is under way for half a minute at most.
    pub async fn serve(self: Arc<Self>, listener: TcpListener, stop: CancellationToken) {
        let room = Arc::new(Semaphore::new(self.settings.connections));
        let mut connections = JoinSet::new();
        loop {
            let place = tokio::select! {
                () = stop.cancelled() => break,
                place = Arc::clone(&room).acquire_owned() => place,
            };
            let accepted = tokio::select! {
                () = stop.cancelled() => break,
                accepted = listener.accept() => accepted,
            };
            // Those that are over are forgotten.
            while connections.try_join_next().is_some() {}
            let Ok((stream, peer)) = accepted else {
                sleep(EXHAUSTED).await;
                continue;
            };
            let (broker, stop) = (Arc::clone(&self), stop.clone());
            connections.spawn(async move {
                broker.connection(stream, peer, stop).await;
                drop(place);
            });
        }
        drop(listener);
        let drained = async { while connections.join_next().await.is_some() {} };
        // What is not done by then is dropped with the set.
        tokio::time::timeout(DRAINED, drained).await.unwrap_or_default();
    }

    async fn connection(&self, stream: TcpStream, peer: SocketAddr, stop: CancellationToken) {
        // Without it small answers wait for acknowledgements; they are right all the same.
        stream.set_nodelay(true).unwrap_or_default();
        let hang_up = CancellationToken::new();
        let peer = Peer { source: peer.ip().to_canonical(), hang_up: hang_up.clone() };
        let service =
            service_fn(async |request| Ok::<_, Infallible>(self.answer(request, &peer).await));
        let io = TokioIo::new(Patient::new(stream, self.settings.idle));
        let served = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.settings.head)
            .max_headers(HEADERS)
            .max_buf_size(HEAD)
            .serve_connection(io, service);
        tokio::pin!(served);
        let mut is_stopping = false;
        loop {
            tokio::select! {
                // How a connection ends that a client broke off is of no interest.
                _ = served.as_mut() => return,
                () = hang_up.cancelled() => return,
                () = stop.cancelled(), if !is_stopping => {
                    is_stopping = true;
                    served.as_mut().graceful_shutdown();
                }
            }
        }
    }
}
