//! A client that sends exactly what it is given.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// How long the slowest answer of these tests may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection to a broker.
pub(crate) struct Connection {
    pub(crate) stream: TcpStream,
    read: Vec<u8>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    /// Whether the body came to its end.
    pub(crate) is_whole: bool,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Connection {
    pub(crate) async fn open(host: &str) -> Self {
        Self { stream: TcpStream::connect(host).await.expect("a connection"), read: Vec::new() }
    }

    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        // A server that has heard enough may have hung up.
        self.stream.write_all(bytes.as_ref()).await.unwrap_or_default();
    }

    async fn more(&mut self) -> bool {
        let mut buffer = vec![0; 1 << 16];
        let count = timeout(PATIENCE, self.stream.read(&mut buffer)).await.expect("an answer");
        let count = count.unwrap_or(0);
        self.read.extend_from_slice(&buffer[..count]);
        count > 0
    }

    /// Reads the head of an answer: nothing if there is none.
    pub(crate) async fn head(&mut self) -> Option<Answer> {
        loop {
            if let Some(at) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                let rest = self.read.split_off(at + 4);
                let head =
                    String::from_utf8(std::mem::replace(&mut self.read, rest)).expect("text");
                let status =
                    head.split(' ').nth(1).expect("a word").parse().expect("what this test wrote");
                return Some(Answer { status, head, body: Vec::new(), is_whole: false });
            }
            if !self.more().await {
                return None;
            }
        }
    }

    /// Reads an answer.
    pub(crate) async fn answer(&mut self) -> Option<Answer> {
        let mut answer = self.head().await?;
        self.body(&mut answer).await;
        Some(answer)
    }

    /// Reads the body of an answer.
    pub(crate) async fn body(&mut self, answer: &mut Answer) {
        let length = answer
            .header("content-length")
            .map(|text| text.parse::<usize>().expect("what this test wrote"));
        if let Some(length) = length {
            while self.read.len() < length && self.more().await {}
            answer.is_whole = self.read.len() >= length;
            let rest = self.read.split_off(length.min(self.read.len()));
            answer.body = std::mem::replace(&mut self.read, rest);
        } else if answer.header("transfer-encoding").is_some() {
            while !self.read.ends_with(b"0\r\n\r\n") && self.more().await {}
            answer.is_whole = self.read.ends_with(b"0\r\n\r\n");
            answer.body = std::mem::take(&mut self.read);
        } else {
            answer.is_whole = true;
        }
    }

    /// Sends a request and reads its answer.
    pub(crate) async fn ask(&mut self, request: impl AsRef<[u8]>) -> Answer {
        self.send(request).await;
        self.answer().await.expect("an answer")
    }

    /// Whether the other end has hung up.
    pub(crate) async fn is_closed(&mut self) -> bool {
        while self.more().await {}
        true
    }
}
