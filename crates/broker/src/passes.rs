//! Addresses that stand in for a credential, for requests that clients make without one.
//!
//! `huggingface_hub` and `@huggingface/hub` complete an upload of many parts by a request that has no
//! `Authorization`, since the Hub's address for it is a capability in itself. A pass is such an address: it
//! names a lease, which is looked up when it is used, so that it ends with the lease.

use std::fmt;

use bearhug_core::{
    lease::LeaseId,
    lending::Operation,
    scope::{Access, Action, Scope},
};
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::rewriting::Context;

/// Where passes are used.
const FOLDER: &str = "/.bearhug/pass/";
/// For how long one is good: as long as the Hub's own addresses for the parts of an upload.
const LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// What makes passes and knows its own again. Its key lives as long as the broker.
pub struct Passes(Hmac<Sha256>);

/// What a pass is good for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pass {
    /// The lease that it was made for.
    pub(crate) lease: LeaseId,
    /// The Hub's path with its query.
    pub(crate) target: String,
    /// What the lease must still allow in part.
    pub(crate) scope: Scope,
    /// Until when it is good.
    pub(crate) until: Timestamp,
}

impl Pass {
    /// What a request with it does.
    pub(crate) fn operation(&self) -> Operation {
        Operation {
            name: "lfs.complete",
            needs: Vec::new(),
            partly: self.scope.iter().cloned().collect(),
            model: None,
        }
    }
}

impl Passes {
    /// One that knows no pass yet, with a key of its own.
    pub fn new() -> Self {
        Self(Hmac::new(&rand::random::<[u8; 64]>().into()))
    }

    /// The path at which one may do, for an hour at most, what the answered request could have done next.
    pub(crate) fn issue(&self, context: &Context, target: &str) -> String {
        let operation = &context.operation;
        let written = operation.needs.iter().chain(&operation.partly);
        let resources = written.map(|access| Access::new(Action::Write, access.resource.clone()));
        let pass = Pass {
            lease: context.lease,
            target: target.to_owned(),
            scope: resources.collect(),
            until: context.at.checked_add(LIFETIME).unwrap_or(context.at),
        };
        let payload = BASE64URL_NOPAD.encode(&serde_json::to_vec(&pass).unwrap_or_default());
        let mac = self.0.clone().chain_update(&payload).finalize().into_bytes();
        format!("{FOLDER}{payload}.{}", BASE64URL_NOPAD.encode(&mac))
    }

    /// What a path is good for, where it is a pass that was made here and whose time is not over.
    pub(crate) fn open(&self, path: &str, at: Timestamp) -> Option<Pass> {
        let (payload, mac) = path.strip_prefix(FOLDER)?.split_once('.')?;
        let mac = BASE64URL_NOPAD.decode(mac.as_bytes()).ok()?;
        self.0.clone().chain_update(payload).verify_slice(&mac).ok()?;
        let pass: Pass =
            serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).ok()?).ok()?;
        (at < pass.until).then_some(pass)
    }
}

impl Default for Passes {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Passes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passes")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bearhug_core::{Kind, Token};
    use http::HeaderValue;

    use super::*;
    use crate::Form;

    fn context(passes: &Arc<Passes>) -> Context {
        let needs = vec!["write:acme/m@main".parse().unwrap()];
        let operation = Operation { name: "lfs.batch", needs, partly: Vec::new(), model: None };
        Context {
            upstream: "https://hub.example".into(),
            broker: "http://127.0.0.1:1".into(),
            authorization: HeaderValue::from_static("Bearer x"),
            token: Arc::new(Token::new(Kind::UserToken, "x".into())),
            form: Form::Lfs,
            operation: Arc::new(operation),
            lease: LeaseId::of("x"),
            at: Timestamp::UNIX_EPOCH,
            passes: Arc::clone(passes),
        }
    }

    #[test]
    fn a_pass_is_good_for_what_it_was_made_for_where_it_was_made() {
        let passes = Arc::new(Passes::new());
        let address = context(&passes).pass("/complete?x=%2F");
        let path = address.strip_prefix("http://127.0.0.1:1").unwrap();
        let open =
            |path: &str, seconds| passes.open(path, Timestamp::from_second(seconds).unwrap());
        let pass = open(path, 3_599).unwrap();
        assert_eq!((pass.target.as_str(), pass.lease), ("/complete?x=%2F", LeaseId::of("x")));
        let partly: Vec<_> = pass.operation().partly.iter().map(ToString::to_string).collect();
        assert_eq!(partly, ["write:acme/m"]);
        assert_eq!(open(path, 3_600), None);
        assert_eq!(Passes::new().open(path, Timestamp::UNIX_EPOCH), None);
        let start = FOLDER.len();
        for at in start..path.len() {
            let mut other = path.to_owned().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(open(&String::from_utf8(other).unwrap(), 0), None, "at {at}");
        }
    }
}
