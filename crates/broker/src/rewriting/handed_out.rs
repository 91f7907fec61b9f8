//! What a client was given that works without its lease, and until when.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::Context;
use crate::book::Outliving;

/// A token for Xet's store, with its expiry in seconds since 1970.
pub(super) fn xet_token(context: &Context, expiry: i64) -> Option<Outliving> {
    let until = Timestamp::from_second(expiry).ok()?;
    Some(outliving(context, "a Xet token", until))
}

/// An address elsewhere that is signed for some time. `otherwise` is its end if it says none itself.
pub(super) fn signed_address(
    context: &Context,
    address: &str,
    otherwise: Option<Timestamp>,
) -> Option<Outliving> {
    let address = Url::parse(address).ok()?;
    address.query()?;
    Some(outliving(context, "a signed address", expiry(&address).or(otherwise)?))
}

fn outliving(context: &Context, what: &'static str, until: Timestamp) -> Outliving {
    Outliving { until, what, operation: context.operation.name.to_owned() }
}

/// When an address stops to work: `X-Amz-Date` and `X-Amz-Expires` (AWS Signature Version 4, "query
/// parameters"), the same of Google's, `se` (Azure's shared access signatures), or `Expires` in seconds since
/// 1970 (CloudFront, S3's older signatures).
fn expiry(address: &Url) -> Option<Timestamp> {
    let value = |name: &str| {
        let mut pairs = address.query_pairs();
        pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    };
    let signed = |date: &str, lifetime: &str| {
        let start: Timestamp = value(date)?.parse().ok()?;
        let lifetime = SignedDuration::from_secs(value(lifetime)?.parse().ok()?);
        start.checked_add(lifetime).ok()
    };
    signed("X-Amz-Date", "X-Amz-Expires")
        .or_else(|| signed("X-Goog-Date", "X-Goog-Expires"))
        .or_else(|| Timestamp::from_second(value("Expires")?.parse().ok()?).ok())
        .or_else(|| value("se")?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_when_it_stops_to_work() {
        for (query, expected) in [
            (
                "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261124T120000Z&X-Amz-Expires=3600",
                Some("2026-11-24T13:00:00Z"),
            ),
            (
                "X-Goog-Date=20261124T120000Z&X-Goog-Expires=60&X-Goog-Signature=a",
                Some("2026-11-24T12:01:00Z"),
            ),
            ("Policy=abc_&Expires=1795521600&Key-Pair-Id=K", Some("2026-11-24T12:00:00Z")),
            ("x-id=GetObject&expires=1795521600&signature=a", Some("2026-11-24T12:00:00Z")),
            ("sv=2024&se=2026-11-24T12%3A00%3A00Z&sig=a", Some("2026-11-24T12:00:00Z")),
            ("X-Amz-Date=20261399T990000Z&X-Amz-Expires=3600", None),
            ("X-Amz-Date=20261124T120000Z&X-Amz-Expires=9223372036854775807", None),
            ("Expires=soon", None),
            ("a=b", None),
        ] {
            let address = Url::parse(&format!("https://cdn.example:8443/a/b?{query}")).unwrap();
            let expected = expected.map(|time| time.parse().expect("a time"));
            assert_eq!(expiry(&address), expected, "{query}");
        }
    }
}
