//! Requests to the servers of other vaults: encrypted unless they stay on this computer, to one address
//! without redirects, and bounded.

use std::{net::IpAddr, time::Duration};

use reqwest::{Client, NoProxy, RequestBuilder, StatusCode, Url, redirect, retry};
use serde_json::Value;
use zeroize::Zeroizing;

use super::{Problem, Surroundings};

/// How long a connection may take, and a whole answer.
const CONNECT: Duration = Duration::from_secs(10);
const WHOLE: Duration = Duration::from_secs(30);

/// The longest answer, in bytes. AWS keeps secrets of 64 KiB, and Vault of 1 MiB by default.
const LONGEST: usize = 2 << 20;

/// The proxy on the way.
#[derive(Debug, Clone)]
pub struct Proxy {
    /// Its address.
    pub address: String,
    /// The hosts that are reached without it, separated by commas.
    pub exceptions: String,
}

/// An answer, erased after use.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) content: Zeroizing<Vec<u8>>,
}

impl Answer {
    /// The content as JSON.
    pub(super) fn json(&self) -> Result<Value, Problem> {
        // What it says may be the secret: its complaints would quote it.
        serde_json::from_slice(&self.content).map_err(|_| Problem::Nonsense("no JSON".to_owned()))
    }
}

/// An address that may be asked.
pub(super) fn address(text: &str) -> Result<Url, Problem> {
    let url = Url::parse(text).map_err(|_| Problem::Nonsense("no address".to_owned()))?;
    let is_bare = url.username().is_empty() && url.password().is_none();
    match url.scheme() {
        _ if !is_bare => Err(Problem::Nonsense("an address with a login in it".to_owned())),
        "https" => Ok(url),
        "http" if url.host_str().is_some_and(is_loopback) => Ok(url),
        _ => Err(Problem::Plain),
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A client for one address.
pub(super) fn client(address: &Url, surroundings: &Surroundings) -> Result<Client, Problem> {
    let mut builder = Client::builder()
        .user_agent(&surroundings.user_agent)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .no_proxy()
        .connect_timeout(CONNECT)
        .timeout(WHOLE);
    if address.scheme() == "https" {
        if let Some(Proxy { address, exceptions }) = &surroundings.proxy {
            let unusable = |_| Problem::Unreachable("the proxy's address is unreadable".to_owned());
            let proxy = reqwest::Proxy::all(address).map_err(unusable)?;
            builder = builder.proxy(proxy.no_proxy(NoProxy::from_string(exceptions)));
        }
    } else {
        // This computer needs no certificates, and there may be none.
        builder = builder.tls_certs_only([]);
    }
    builder.build().map_err(|error| unreachable(&error))
}

/// Sends a request and hears the answer out.
pub(super) async fn send(request: RequestBuilder) -> Result<Answer, Problem> {
    let mut response = request.send().await.map_err(|error| unreachable(&error))?;
    let status = response.status();
    let mut content = Zeroizing::new(Vec::new());
    while let Some(piece) = response.chunk().await.map_err(|error| unreachable(&error))? {
        if content.len() + piece.len() > LONGEST {
            return Err(Problem::Nonsense("it is longer than any secret".to_owned()));
        }
        content.extend_from_slice(&piece);
    }
    Ok(Answer { status, content })
}

/// What went wrong, without the address, which the error around it names.
fn unreachable(error: &reqwest::Error) -> Problem {
    let what = if error.is_timeout() {
        "it takes too long"
    } else if error.is_connect() {
        "no connection can be made"
    } else if error.is_builder() {
        "no request can be made"
    } else {
        "the connection broke"
    };
    Problem::Unreachable(what.to_owned())
}

/// The problem that a status without further meaning comes to.
pub(super) fn problem(status: StatusCode) -> Problem {
    match status {
        StatusCode::NOT_FOUND => Problem::Missing,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Problem::Denied,
        status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            Problem::Server(status.as_u16())
        }
        status => Problem::Nonsense(format!("status {}", status.as_u16())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_travels_encrypted_or_stays_here() {
        for text in
            ["https://vault.example", "http://127.0.0.1:8200", "http://[::1]:1", "http://localhost"]
        {
            assert!(address(text).is_ok(), "{text}");
        }
        for text in ["http://vault.example", "ftp://127.0.0.1", "https://ada:x@vault.example", "x"]
        {
            assert!(address(text).is_err(), "{text}");
        }
    }
}
