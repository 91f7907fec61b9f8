//! What a response tells about the rate at which the Hub may be asked.
//!
//! The Hub sends the fields of draft-ietf-httpapi-ratelimit-headers-09, whose values it writes like
//! `"api";r=0;t=55` and `"fixed window";"api";q=500;w=300`
//! (<https://huggingface.co/docs/hub/rate-limits>).

use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

use crate::fields::split_unquoted;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// A server may ask for any time. Past a day it is a mistake or malice, and arithmetic stays safe.
const LONGEST: Duration = Duration::from_hours(24);

/// What is left of a window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quota {
    /// How many more requests.
    pub(super) remaining: u64,
    /// Until the window ends.
    pub(super) resets_in: Duration,
}

/// What the headers say of the window that has the least left.
pub(super) fn quota(headers: &HeaderMap) -> Option<Quota> {
    let values = headers.get_all(RATE_LIMIT).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| split_unquoted(value, ',')).filter_map(item).min_by_key(|quota| {
        // Of two windows with as much left, the one that lasts longer binds.
        (quota.remaining, LONGEST.saturating_sub(quota.resets_in))
    })
}

/// Reads `"api";r=0;t=55`.
fn item(text: &str) -> Option<Quota> {
    let parameters = split_unquoted(text, ';');
    let number = |wanted: &str| {
        let mut pairs = parameters.iter().filter_map(|parameter| parameter.split_once('='));
        pairs.find(|(name, _)| name.trim() == wanted)?.1.trim().parse::<u64>().ok()
    };
    let resets_in = Duration::from_secs(number("t")?).min(LONGEST);
    Some(Quota { remaining: number("r")?, resets_in })
}

/// How long `Retry-After` asks to wait (RFC 9110, section 10.2.3). A date is measured from the
/// server's own `Date`, so that no clock here matters.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    let then = date(text)?;
    let now = date(headers.get(DATE)?.to_str().ok()?)?;
    Some(Duration::try_from(then.duration_since(now)).unwrap_or_default().min(LONGEST))
}

fn date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reqwest::header::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_str(value).expect("a header"));
        }
        headers
    }

    fn quota_of(text: &str) -> Option<(u64, u64)> {
        quota(&headers(&[("ratelimit", text)])).map(|q| (q.remaining, q.resets_in.as_secs()))
    }

    #[test]
    fn reads_the_hubs_own_notation() {
        assert_eq!(quota_of("\"api\";r=0;t=55"), Some((0, 55)));
        assert_eq!(quota_of(" \"api\" ; t=1 ; r=489 "), Some((489, 1)));
        assert_eq!(quota_of("\"a,;r=9\";r=3;t=5, \"b\";r=3;t=50"), Some((3, 50)));
        for unreadable in ["\"api\";r=0", "\"api\";r=-1;t=5", "limit=5", ""] {
            assert_eq!(quota_of(unreadable), None, "{unreadable}");
        }
        assert_eq!(quota_of("\"api\";r=0;t=18446744073709551615"), Some((0, 86_400)));
    }

    #[test]
    fn reads_seconds_and_dates() {
        let wait = |pairs: &[(&'static str, &str)]| retry_after(&headers(pairs));
        let date = ("date", "Tue, 24 Nov 2026 12:00:00 GMT");
        assert_eq!(wait(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        let then = ("retry-after", "Tue, 24 Nov 2026 12:01:30 GMT");
        assert_eq!(wait(&[date, then]), Some(Duration::from_secs(90)));
        let past = ("retry-after", "Tue, 24 Nov 2026 11:00:00 GMT");
        assert_eq!(wait(&[date, past]), Some(Duration::ZERO));
        assert_eq!(wait(&[then]), None);
        assert_eq!(wait(&[("retry-after", "soon")]), None);
    }

    proptest! {
        #[test]
        fn reads_back_what_is_written(r in any::<u64>(), t in 0u64..86_400, name in "[ -!#-\\[\\]-~]{0,20}") {
            prop_assert_eq!(quota_of(&format!("\"{name}\";r={r};t={t}")), Some((r, t)));
        }

        #[test]
        fn any_text_is_read_without_harm(text in "[ -~]{0,200}") {
            let both = headers(&[("ratelimit", &text), ("retry-after", &text), ("date", &text)]);
            prop_assert!(quota(&both).is_none_or(|quota| quota.resets_in <= LONGEST));
            prop_assert!(retry_after(&both).is_none_or(|wait| wait <= LONGEST));
        }
    }
}
