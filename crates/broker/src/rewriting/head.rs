//! The head of an answer.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{
        ALT_SVC, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_LOCATION, LINK, LOCATION,
        STRICT_TRANSPORT_SECURITY,
    },
    response::Parts,
};

use super::{
    Context, Scrubber, Treatment,
    handed_out::{signed_address, xet_token},
    places::Places,
};
use crate::book::Outliving;

/// Where Xet tokens are renewed, and what they are (`huggingface_hub`'s `utils/_xet.py`).
const REFRESH_ROUTE: HeaderName = HeaderName::from_static("x-xet-refresh-route");
pub(super) const TOKEN_EXPIRY: HeaderName = HeaderName::from_static("x-xet-token-expiration");

/// What would have clients speak to the Hub's host about the broker's: another way to it, and what to demand
/// of its encryption.
const ABOUT_THE_HOST: [HeaderName; 2] = [ALT_SVC, STRICT_TRANSPORT_SECURITY];

/// Makes the head of an answer fit, says what is to be done about its body, and adds what it gives away
/// to `handed_out`. Cookies, challenges and what concerns one connection only are gone already; the length
/// of a body that is rewritten is set by whoever calls.
pub fn head(context: &Context, parts: &mut Parts, handed_out: &mut Vec<Outliving>) -> Treatment {
    let headers = &mut parts.headers;
    for name in ABOUT_THE_HOST {
        headers.remove(name);
    }
    if let Some(places) = context.places() {
        for name in [LOCATION, CONTENT_LOCATION, REFRESH_ROUTE] {
            turn(headers, &name, |reference| places.turned(reference));
        }
        turn(headers, &LINK, |links| turned_links(&places, links));
    }
    note(context, headers, handed_out);
    Scrubber::new(&context.token).scrub_headers(headers);
    let treatment = Treatment::of(context, parts.status, headers);
    if treatment == Treatment::Drop {
        headers.remove(CONTENT_ENCODING);
        headers.remove(CONTENT_LENGTH);
    }
    treatment
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

/// Notes what works without the lease: addresses at a store, and tokens for one.
fn note(context: &Context, headers: &HeaderMap, handed_out: &mut Vec<Outliving>) {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let signed = text(&LOCATION).and_then(|address| signed_address(context, address, None));
    let expiry = text(&TOKEN_EXPIRY).and_then(|seconds| seconds.parse().ok());
    handed_out.extend(signed.into_iter().chain(expiry.and_then(|end| xet_token(context, end))));
}
