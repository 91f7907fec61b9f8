//! Who sends a request: what its `Authorization` comes down to.

use bearhug_core::{
    Fingerprint,
    lease::{LEASE_PREFIX, LeaseId, LeaseValue},
    resembles_token,
};
use data_encoding::BASE64;
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};

/// How long a lease is, in bytes.
const LEASE_LEN: usize = LEASE_PREFIX.len() + 40;

/// What a request came with.
#[derive(Debug)]
pub(crate) enum Caller {
    /// No credential.
    Nobody,
    /// What has the form of a lease, and how it was sent.
    Holder(LeaseId, HeaderValue),
    /// A token, which has no business here.
    Token(Fingerprint),
    /// Something else, or more than one thing.
    Stranger,
}

impl Caller {
    /// Who sends a request with these headers.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut sent = headers.get_all(AUTHORIZATION).iter();
        match (sent.next(), sent.next()) {
            (None, _) => Self::Nobody,
            (Some(one), None) => credential(one).map_or(Self::Stranger, |value| holder(value, one)),
            (Some(_), Some(_)) => Self::Stranger,
        }
    }
}

fn holder(value: String, sent: &HeaderValue) -> Caller {
    if value.starts_with(LEASE_PREFIX) && value.len() == LEASE_LEN {
        // A lease that lost a character in copying is no token.
        return match LeaseValue::parse(value) {
            Some(value) => Caller::Holder(value.id(), sent.clone()),
            None => Caller::Stranger,
        };
    }
    if resembles_token(&value) { Caller::Token(Fingerprint::of(&value)) } else { Caller::Stranger }
}

/// The credential of `Bearer LEASE`, `Basic any:LEASE` and `Basic LEASE:`, as git's clients and the Hub's
/// send it (RFC 6750 §2.1, RFC 7617 §2).
fn credential(sent: &HeaderValue) -> Option<String> {
    let (scheme, rest) = sent.to_str().ok()?.split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(BASE64.decode(rest.as_bytes()).ok()?).ok()?;
    let (user, password) = pair.split_once(':')?;
    Some(if password.is_empty() { user.to_owned() } else { password.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(sent: &[String]) -> Caller {
        let headers = sent.iter().map(|sent| (AUTHORIZATION, HeaderValue::try_from(sent).unwrap()));
        Caller::of(&headers.collect())
    }

    #[test]
    fn a_lease_is_taken_in_every_way_that_clients_send_it() {
        let lease = LeaseValue::generate(|| 17);
        #[expect(clippy::disallowed_methods, reason = "a lease of no broker")]
        let value = secrecy::ExposeSecret::expose_secret(&lease).to_owned();
        let basic = |pair: String| format!("Basic {}", BASE64.encode(pair.as_bytes()));
        for sent in [
            format!("Bearer {value}"),
            format!("bearer  {value} "),
            basic(format!("user:{value}")),
            basic(format!("{value}:")),
        ] {
            let found = caller(std::slice::from_ref(&sent));
            assert!(matches!(found, Caller::Holder(id, _) if id == lease.id()), "{sent}");
        }
        let twice = vec![format!("Bearer {value}"); 2];
        assert!(matches!(caller(&twice), Caller::Stranger));
    }

    #[test]
    fn a_token_is_known_and_a_broken_lease_is_none() {
        let token = format!("hf_{}", "aB3dE5gH7j".repeat(4).split_at(34).0);
        for sent in [
            format!("Bearer {token}"),
            format!("Basic {}", BASE64.encode(format!("u:{token}").as_bytes())),
        ] {
            let found = caller(&[sent]);
            assert!(matches!(found, Caller::Token(print) if print == Fingerprint::of(&token)));
        }
        let broken = format!("Bearer {LEASE_PREFIX}{}", "a".repeat(40));
        for sent in [broken, "Bearer x".to_owned(), "Digest x".to_owned(), "Basic %".to_owned()] {
            assert!(matches!(caller(&[sent]), Caller::Stranger));
        }
        assert!(matches!(caller(&[]), Caller::Nobody));
    }
}
