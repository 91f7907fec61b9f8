//! git's own protocol over HTTP, spoken by `git http-backend` (git-http-backend; RFC 3875 for what it
//! is told and how it answers).

use std::{io, process::Stdio};

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Request, Response, StatusCode, header},
};
use futures_util::TryStreamExt;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::ChildStdin,
};
use tokio_util::io::ReaderStream;

use super::git::{Error, Repository};

/// The most bytes that the backend may say before its body.
const LONGEST_HEAD: usize = 16 << 10;

/// Answers a request for `service` (`info/refs`, `git-upload-pack` or `git-receive-pack`) on behalf of
/// an account. Bodies are streamed both ways.
pub(crate) async fn serve(
    repository: &Repository,
    service: &str,
    account: &str,
    request: Request<Body>,
) -> Result<Response<Body>, Error> {
    let mut command = repository.command(&["-c", "http.receivepack=true", "http-backend"]);
    let (head, body) = request.into_parts();
    let header = |name: HeaderName| {
        head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    command
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("GIT_PROJECT_ROOT", repository.folder())
        .env("GIT_PROTOCOL", header(HeaderName::from_static("git-protocol")))
        .env("PATH_INFO", format!("/{service}"))
        .env("REQUEST_METHOD", head.method.as_str())
        .env("QUERY_STRING", head.uri.query().unwrap_or_default())
        .env("CONTENT_TYPE", header(header::CONTENT_TYPE))
        .env("HTTP_CONTENT_ENCODING", header(header::CONTENT_ENCODING))
        .env("REMOTE_USER", account)
        .env_remove("GIT_DIR")
        .stderr(Stdio::null());
    let mut child = command.spawn()?;
    let gone = || io::Error::other("git http-backend has no standard streams");
    let stdin = child.stdin.take().ok_or_else(gone)?;
    let stdout = child.stdout.take().ok_or_else(gone)?;
    let feeder = tokio::spawn(feed(stdin, body));
    let mut output = BufReader::new(stdout);
    let response = read_head(&mut output).await?;
    // The child lives as long as its output is read, and dies with a client that leaves.
    let rest = ReaderStream::new(output).inspect_ok(move |_| {
        let _ = (&child, &feeder);
    });
    response.body(Body::from_stream(rest)).map_err(|e| io::Error::other(e).into())
}

/// Passes a request's body on, up to its end or to where git stops reading.
async fn feed(mut stdin: ChildStdin, body: Body) -> io::Result<()> {
    let mut chunks = body.into_data_stream().map_err(io::Error::other);
    while let Some(chunk) = chunks.try_next().await? {
        stdin.write_all(&chunk).await?;
    }
    stdin.shutdown().await
}

/// Reads the lines that the backend says before its body.
async fn read_head(
    output: &mut (impl AsyncBufReadExt + Unpin),
) -> Result<axum::http::response::Builder, Error> {
    let mut response = Response::builder();
    let mut length = 0;
    loop {
        let mut line = String::new();
        length += output.read_line(&mut line).await?;
        let line = line.trim_end();
        if line.is_empty() || length > LONGEST_HEAD {
            return Ok(response);
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        if name.eq_ignore_ascii_case("status") {
            let code = value.split(' ').next().and_then(|code| code.parse().ok());
            response = response.status(code.unwrap_or(StatusCode::BAD_GATEWAY.as_u16()));
        } else if let Ok(value) = HeaderValue::from_str(value) {
            response = response.header(name, value);
        }
    }
}
