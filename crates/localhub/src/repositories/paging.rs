//! Lists that come in pages, each naming the next in a `Link` header (RFC 8288).

use axum::http::{HeaderMap, HeaderValue, header};

/// A page of a list and where the next one starts.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// The index of the first item that is not on it, if there is one.
    pub(crate) next: Option<usize>,
}

/// Cuts a page out of a list.
pub(crate) fn page<T>(items: Vec<T>, start: usize, limit: usize) -> Page<T> {
    let end = start.saturating_add(limit);
    let next = (items.len() > end).then_some(end);
    Page { items: items.into_iter().skip(start).take(limit).collect(), next }
}

/// The header that leads to the next page: the request's own URL with another value of one parameter.
pub(crate) fn link(
    endpoint: &str,
    path: &str,
    query: &[(String, String)],
    next: Option<(&str, &str)>,
) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let Some((name, value)) = next else { return headers };
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    pairs.extend_pairs(query.iter().filter(|(key, _)| key != name));
    pairs.append_pair(name, value);
    let link = format!("<{endpoint}{path}?{}>; rel=\"next\"", pairs.finish());
    if let Ok(link) = HeaderValue::try_from(link) {
        headers.insert(header::LINK, link);
    }
    headers
}
