//! A Hub that answers what it is told to, and remembers what it was asked.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;
use http::{Request, Response, request::Parts};
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

pub(crate) type Body = UnsyncBoxBody<Bytes, std::io::Error>;

/// What a Hub answers to the head of a request.
pub(crate) type Script = Arc<dyn Fn(&Parts) -> Response<Body> + Send + Sync>;

/// A Hub that answers what it is told to.
pub(crate) struct Upstream {
    pub(crate) address: String,
    pub(crate) seen: Arc<Mutex<Vec<Parts>>>,
    /// Requests whose bodies came to their end.
    pub(crate) whole: Arc<AtomicU64>,
}

impl Upstream {
    /// Starts one that reads each body and then answers.
    pub(crate) async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let upstream = Self { address, seen: Arc::default(), whole: Arc::default() };
        let (seen, whole) = (Arc::clone(&upstream.seen), Arc::clone(&upstream.whole));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (seen, whole) = (Arc::clone(&seen), Arc::clone(&whole));
                let script = Arc::clone(&script);
                let service = service_fn(move |request: Request<Incoming>| {
                    let (seen, whole) = (Arc::clone(&seen), Arc::clone(&whole));
                    let script = Arc::clone(&script);
                    async move {
                        let (parts, mut body) = request.into_parts();
                        seen.lock().expect("the lock").push(parts.clone());
                        while let Some(frame) = body.frame().await {
                            frame?;
                        }
                        whole.fetch_add(1, Ordering::SeqCst);
                        Ok::<_, hyper::Error>(script(&parts))
                    }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        upstream
    }

    /// Starts one that says the same to everybody.
    pub(crate) async fn saying(text: &'static str) -> Self {
        Self::start(Arc::new(move |_| Response::new(text_body(text)))).await
    }

    /// The address of one that sends bytes as soon as it has read something, over and over if it is to.
    pub(crate) async fn raw(bytes: &'static [u8], times: usize) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut buffer = [0; 4096];
                    stream.read(&mut buffer).await.unwrap_or_default();
                    for _ in 0..times {
                        if stream.write_all(bytes).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        address
    }

    pub(crate) fn asked(&self) -> Vec<Parts> {
        self.seen.lock().expect("the lock").clone()
    }
}

pub(crate) fn text_body(text: &'static str) -> Body {
    Full::new(Bytes::from_static(text.as_bytes())).map_err(|never| match never {}).boxed_unsync()
}
