//! The head of an answer.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{CONTENT_LOCATION, LINK, LOCATION},
    response::Parts,
};

use super::{Context, Scrubber, Treatment, places::Places};

/// Where Xet tokens are renewed (`huggingface_hub`'s `utils/_xet.py`).
const REFRESH_ROUTE: HeaderName = HeaderName::from_static("x-xet-refresh-route");

/// Makes the head of an answer fit, and says what is to be done about its body, if it has one. Cookies,
/// challenges and what concerns one connection only are gone already; what headers say of the length and the
/// coding of a body that is replaced is set by whoever calls.
pub fn head(context: &Context, parts: &mut Parts) -> Treatment {
    let headers = &mut parts.headers;
    if let Some(places) = context.places() {
        for name in [LOCATION, CONTENT_LOCATION, REFRESH_ROUTE] {
            turn(headers, &name, |reference| places.turned(reference));
        }
        turn(headers, &LINK, |links| turned_links(&places, links));
    }
    Scrubber::new(&context.token).scrub_headers(headers);
    Treatment::of(context, parts.status, headers)
}

/// Changes all values of a header. One that is no text leads nowhere that could be told, and goes.
fn turn(headers: &mut HeaderMap, name: &HeaderName, turned: impl Fn(&str) -> Option<String>) {
    let old: Vec<HeaderValue> = headers.get_all(name).iter().cloned().collect();
    headers.remove(name);
    for value in old {
        let Ok(text) = std::str::from_utf8(value.as_bytes()) else { continue };
        let value = match turned(text) {
            None => Some(value),
            Some(turned) => HeaderValue::try_from(turned).ok(),
        };
        if let Some(value) = value {
            headers.append(name, value);
        }
    }
}

/// Several links in one value (RFC 8288 §3), with those turned that lead to the Hub. Clients read them in
/// ways of their own, so whatever stands between angle brackets is taken for a link, wherever it is.
fn turned_links(places: &Places<'_>, links: &str) -> Option<String> {
    let mut turned = String::new();
    let mut rest = links;
    while let Some((before, after)) = rest.split_once('<') {
        // Without an end it is no link, and goes.
        let Some((target, following)) = after.split_once('>') else {
            rest = before;
            break;
        };
        let at_broker = places.turned(target);
        turned.extend([before, "<", at_broker.as_deref().unwrap_or(target), ">"]);
        rest = following;
    }
    turned.push_str(rest);
    (turned != links).then_some(turned)
}
