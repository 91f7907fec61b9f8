//! The body of a commit: objects of JSON, one on a line, the first of which is its header.

use std::io;

use axum::body::Body;
use futures_util::TryStreamExt;
use serde::Deserialize;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};
use tokio_util::io::StreamReader;

use crate::Denial;

/// The longest line, in bytes: a file that is kept in git, in base64, and room for its path.
const LONGEST: u64 = 64 << 20;

/// One line of a commit's body.
#[derive(Debug, Deserialize)]
#[serde(tag = "key", content = "value", rename_all = "camelCase")]
pub(super) enum Line {
    Header(Header),
    File(File),
    LfsFile(LargeFile),
    DeletedFile(Path),
    DeletedFolder(Path),
    CopyFile(Copy),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Header {
    pub(super) summary: String,
    #[serde(default)]
    pub(super) description: String,
    /// The commit that the client believes to be the last one.
    pub(super) parent_commit: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct File {
    pub(super) path: String,
    content: String,
    #[serde(default)]
    encoding: Encoding,
}

#[derive(Debug, Default, Clone, std::marker::Copy, PartialEq, Eq, Deserialize)]
enum Encoding {
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "base64")]
    Base64,
}

#[derive(Debug, Deserialize)]
pub(super) struct LargeFile {
    pub(super) path: String,
    /// SHA-256 of the content.
    pub(super) oid: String,
    /// Clients that copy within a repository leave it out.
    pub(super) size: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Path {
    pub(super) path: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Copy {
    pub(super) path: String,
    pub(super) src_path: String,
    pub(super) src_revision: Option<String>,
}

impl File {
    /// What the file shall hold.
    pub(super) fn content(self) -> Result<Vec<u8>, Denial> {
        match self.encoding {
            Encoding::Utf8 => Ok(self.content.into_bytes()),
            Encoding::Base64 => data_encoding::BASE64
                .decode(self.content.as_bytes())
                .map_err(|error| Denial::bad_request(error.to_string())),
        }
    }
}

/// The lines of a body, of which one is held at a time.
pub(super) struct Lines<R> {
    reader: R,
    line: Vec<u8>,
}

/// Reads a body line by line.
pub(super) fn lines(body: Body) -> Lines<impl AsyncBufRead + Unpin> {
    let stream = body.into_data_stream().map_err(io::Error::other);
    Lines { reader: StreamReader::new(stream), line: Vec::new() }
}

impl<R: AsyncBufRead + Unpin> Lines<R> {
    /// The next line, or nothing at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Line>, Denial> {
        loop {
            self.line.clear();
            let mut bounded = (&mut self.reader).take(LONGEST);
            let read = bounded.read_until(b'\n', &mut self.line).await;
            let length = read.map_err(|_| Denial::bad_request("The body ended early"))?;
            if length == 0 {
                return Ok(None);
            }
            if self.line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let line = serde_json::from_slice(&self.line);
            return line.map(Some).map_err(|error| Denial::bad_request(error.to_string()));
        }
    }

    /// The header, which is the first line.
    pub(super) async fn header(&mut self) -> Result<Header, Denial> {
        match self.next().await? {
            Some(Line::Header(header)) if !header.summary.trim().is_empty() => Ok(header),
            _ => Err(Denial::bad_request("The first line has to be a header with a summary")),
        }
    }
}
