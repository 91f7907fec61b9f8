//! A server that says what it is told to say and remembers what it was asked. It is written by hand, over
//! TCP, since no library would misbehave as much.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bearhug_core::{Kind, Token};
use bearhug_hub::{Client, Endpoint, Plaintext, Settings, Times};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// A request that arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: String,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn header(&self, wanted: &str) -> Option<&str> {
        let mut pairs = self.headers.lines().filter_map(|line| line.split_once(": "));
        pairs.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    }
}

/// What the server does next with a connection, before it closes it.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Bytes(Vec<u8>),
    Wait(Duration),
    /// As long as somebody reads.
    Forever(Vec<u8>),
}

pub(crate) struct Server {
    pub(crate) address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    written: Arc<AtomicU64>,
}

impl Server {
    pub(crate) async fn start(
        answer: impl Fn(usize, &Seen) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let written = Arc::new(AtomicU64::new(0));
        let (all, count) = (Arc::clone(&seen), Arc::clone(&written));
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (all, count, answer) =
                    (Arc::clone(&all), Arc::clone(&count), Arc::clone(&answer));
                tokio::spawn(async move {
                    let mut stream = stream;
                    let Some(request) = read(&mut stream).await else { return };
                    let turn = {
                        let mut all = all.lock().expect("the list");
                        all.push(request.clone());
                        all.len() - 1
                    };
                    for step in answer(turn, &request) {
                        perform(&mut stream, step, &count).await;
                    }
                    drop(stream.shutdown().await);
                });
            }
        });
        Self { address, seen, written }
    }

    /// A server that always gives the same answer.
    pub(crate) async fn saying(answer: Vec<u8>) -> Self {
        Self::start(move |_, _| vec![Step::Bytes(answer.clone())]).await
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("the list").clone()
    }

    pub(crate) fn written(&self) -> u64 {
        self.written.load(Ordering::SeqCst)
    }

    pub(crate) fn settings(&self) -> Settings {
        let endpoint = Endpoint::parse(&self.address, Plaintext::LoopbackOnly).expect("loopback");
        let mut settings = Settings::new(endpoint, "bearhug-test/1".to_owned());
        settings.times = Times {
            connect: Duration::from_secs(2),
            idle: Duration::from_millis(300),
            whole: Duration::from_millis(1500),
            backoff: Duration::from_millis(5),
        };
        settings.longest_answer = 1 << 20;
        settings
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.settings()).expect("a client")
    }
}

async fn perform(stream: &mut TcpStream, step: Step, count: &AtomicU64) {
    match step {
        Step::Wait(time) => tokio::time::sleep(time).await,
        Step::Bytes(bytes) => {
            drop(stream.write_all(&bytes).await);
        }
        Step::Forever(bytes) => {
            while stream.write_all(&bytes).await.is_ok() {
                count.fetch_add(bytes.len() as u64, Ordering::SeqCst);
            }
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        stream.read_buf(&mut bytes).await.ok().filter(|n| *n > 0)?;
    };
    let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let (line, headers) = text.split_once("\r\n").unwrap_or((&text, ""));
    let mut words = line.split(' ');
    let mut seen = Seen {
        method: words.next()?.to_owned(),
        target: words.next()?.to_owned(),
        headers: headers.to_owned(),
        body: bytes[head + 4..].to_vec(),
    };
    let length: usize = seen.header("content-length").map_or(0, |n| n.parse().expect("a number"));
    while seen.body.len() < length {
        stream.read_buf(&mut seen.body).await.ok().filter(|n| *n > 0)?;
    }
    Some(seen)
}

/// A response, as it is sent.
pub(crate) fn response(status: u16, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let start = format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n");
    let mut bytes = start.into_bytes();
    for line in headers.iter().copied().chain([""]) {
        bytes.extend(line.as_bytes());
        bytes.extend(b"\r\n");
    }
    bytes.extend(body);
    bytes
}

pub(crate) fn json(status: u16, body: &str) -> Vec<u8> {
    response(status, &["Content-Type: application/json"], body.as_bytes())
}

/// A token that no scanner would take for one in this file.
pub(crate) fn token() -> Token {
    Token::new(Kind::UserToken, value())
}

pub(crate) fn value() -> String {
    format!("hf_{}", "QwErTyUiOpAsDfGhJkLzXcVbNmqWeRtYuIo".split_at(34).0)
}

/// The least that whoami answers with.
pub(crate) const ALICE: &str = r#"{"type":"user","id":"0123456789abcdef01234567","name":"alice"}"#;
