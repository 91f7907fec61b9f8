//! Requests and leases, as text.

use std::{fmt::Write, net::IpAddr};

use bearhug_broker::routes::{Head, Route, classify};
use bearhug_core::{
    lease::{Lease, LeaseId, Terms},
    lending::{Attempt, Operation, Spent, decide},
    scope::{Access, Action, Scope},
};
use http::Method;
use jiff::{Timestamp, ToSpan};

/// A request with its body.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(line: &str, content_type: Option<&str>, body: &[u8]) -> Self {
        let content_type = content_type.map(str::to_owned);
        Self { line: line.to_owned(), content_type, body: body.to_owned() }
    }

    /// What to do with it.
    pub(crate) fn route(&self, is_encoded: bool) -> Route {
        let (method, target) = self.line.split_once(' ').expect("a method and a target");
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        let method: Method = method.parse().expect("a method");
        let content_type = self.content_type.as_deref();
        classify(&Head { method: &method, path, query, content_type, is_encoded })
    }

    /// Everything it would do, with a body that comes in pieces of this size.
    pub(crate) fn operations(&self, piece: usize) -> Result<Vec<Operation>, String> {
        match self.route(false) {
            Route::Known(operation) => Ok(vec![operation]),
            Route::Whole(whole) => match whole.operation(&self.body) {
                Ok(operation) => Ok(vec![operation]),
                Err(refusal) => Err(format!("{refusal:?}")),
            },
            Route::Passing(head, mut inspector) => {
                let mut needs = Vec::new();
                for bytes in self.body.chunks(piece) {
                    inspector.feed(bytes, &mut needs).map_err(|r| format!("{r:?}"))?;
                }
                inspector.finish(&mut needs).map_err(|r| format!("{r:?}"))?;
                let body = Operation { needs, partly: Vec::new(), ..head.clone() };
                Ok(vec![head, body])
            }
            other => Err(format!("{other:?}")),
        }
    }

    /// Whether a lease lets it through, or why not.
    pub(crate) fn decide(&self, lease: &Lease) -> Result<(), String> {
        for operation in self.operations(7)? {
            let attempt = Attempt {
                operation: &operation,
                source: IpAddr::from([127, 0, 0, 1]),
                at: lease.created_at,
                spent: Spent::default(),
                holder: None,
            };
            decide(lease, &attempt).map_err(|denial| format!("{denial:?}"))?;
        }
        Ok(())
    }
}

/// A lease for this scope.
pub(crate) fn lease(scope: &str) -> Lease {
    let all = Action::ALL.map(Action::name).join(" ");
    let texts = if scope == "everything" { &all } else { scope };
    let scope: Scope = texts
        .split(' ')
        .map(|t| t.parse::<Access>().unwrap_or_else(|e| panic!("{t}: {e}")))
        .collect();
    Lease {
        id: LeaseId::of("a lease"),
        workload: "a test".into(),
        account: None,
        entry: "acme".into(),
        parent: None,
        terms: Terms { scope, ..Terms::default() },
        reason: None,
        created_at: Timestamp::UNIX_EPOCH,
        expires_at: Timestamp::UNIX_EPOCH + 1.hour(),
        revoked: None,
    }
}

/// The packets of a push.
pub(crate) fn push(commands: &[(&str, &str)]) -> Vec<u8> {
    let (none, some) = ("0".repeat(40), "a1".repeat(20));
    let mut body = String::new();
    for (i, (what, name)) in commands.iter().enumerate() {
        let (old, new) = match *what {
            "make" => (&none, &some),
            "move" => (&some, &some),
            "drop" => (&some, &none),
            other => panic!("{other}"),
        };
        let capabilities =
            if i == 0 { "\0 report-status side-band-64k agent=git/2.47" } else { "" };
        let line = format!("{old} {new} {name}{capabilities}");
        write!(body, "{:04x}{line}", line.len() + 4).expect("texts take all");
    }
    body += "0000PACK";
    body.into_bytes()
}
