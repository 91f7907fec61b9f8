//! The head of a request, as far as it must mean one thing only.

use bearhug_core::token_at_start;
use http::{
    HeaderMap, HeaderName, Method, Version, header,
    request::Parts,
    uri::{Authority, PathAndQuery},
};

/// What a request asks for, with nothing decoded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'a> {
    /// The path and the query.
    pub(crate) whole: &'a str,
    /// The path.
    pub(crate) path: &'a str,
    /// What follows the question mark.
    pub(crate) query: Option<&'a str>,
}

/// What a request asks for. Forms other than a path are for proxies of another sort (RFC 9112 §3.2).
///
/// # Errors
///
/// How it is malformed, to follow "The request is malformed:".
pub(crate) fn target(parts: &Parts) -> Result<Target<'_>, &'static str> {
    if parts.version != Version::HTTP_11 {
        return Err("this broker speaks HTTP/1.1");
    }
    if parts.uri.authority().is_some() {
        return Err("its target is an address and no path");
    }
    let sent = parts.uri.path_and_query().map(PathAndQuery::as_str);
    let whole = sent.filter(|sent| sent.starts_with('/')).ok_or("its target is no path")?;
    let query = parts.uri.query();
    let values = query.into_iter().flat_map(|query| query.split('&'));
    let is_token =
        |pair: &str| pair.split_once('=').is_some_and(|(_, value)| token_at_start(value).is_some());
    if values.into_iter().any(is_token) {
        return Err("a credential is no part of an address, where it would be written down");
    }
    Ok(Target { whole, path: parts.uri.path(), query })
}

/// Where the client found the broker: a host and a port.
///
/// # Errors
///
/// How it is malformed, to follow "The request is malformed:".
pub(crate) fn host(headers: &HeaderMap) -> Result<&str, &'static str> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err("it has no `Host`, or more than one");
    };
    let host = host.to_str().map_err(|_| "its `Host` is none")?;
    let authority: Authority = host.parse().map_err(|_| "its `Host` is none")?;
    let is_bare = !host.contains('@') && !authority.host().is_empty();
    if is_bare { Ok(host) } else { Err("its `Host` is none") }
}

/// The text of a header.
pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// How many bytes a request says that it has.
pub(crate) fn length(headers: &HeaderMap) -> u64 {
    let said = text(headers, &header::CONTENT_LENGTH).and_then(|said| said.parse().ok());
    said.unwrap_or_default()
}

/// The method, as it may be written down: methods can be any word of any length.
pub(crate) fn method(method: &Method) -> String {
    method.as_str().chars().take(20).collect()
}
