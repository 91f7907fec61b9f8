//! Rate limits: fixed windows, a bucket each for the API, for files and for pages.
//!
//! Quotas and headers are those of <https://huggingface.co/docs/hub/rate-limits> and of
//! draft-ietf-httpapi-ratelimit-headers-09. The stricter limit of whoami-v2 is not documented: the number
//! is a guess.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;

use crate::{Denial, Owner, Plan, World, caller::shown_credential};

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// How many requests a window allows.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The length of a window, in seconds.
    pub window_seconds: u32,
    /// How often whoami-v2 may be asked from one address in a window.
    pub whoami: u32,
    /// By how much the documented quotas are multiplied. The API's of an anonymous caller is 500.
    pub factor: u32,
}

impl Default for Limits {
    /// The Hub's, as far as they are documented.
    fn default() -> Self {
        Self { window_seconds: 300, whoami: 250, factor: 1 }
    }
}

impl Limits {
    /// So much that no test meets the limit.
    pub fn generous() -> Self {
        Self { window_seconds: 300, whoami: 1_000_000, factor: 1_000 }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bucket {
    Api,
    Resolvers,
    Pages,
    Whoami,
}

impl Bucket {
    fn of(path: &str) -> Self {
        if path.contains("/resolve/") || path.starts_with("/api/resolve-cache/") {
            Self::Resolvers
        } else if path == "/api/whoami-v2" {
            Self::Whoami
        } else if path.starts_with("/api/") || path.starts_with("/oauth/") || is_git(path) {
            Self::Api
        } else {
            Self::Pages
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Api | Self::Whoami => "api",
            Self::Resolvers => "resolvers",
            Self::Pages => "pages",
        }
    }
}

/// Whether git or git-lfs asks. Which bucket they count against is not documented; pages they are not.
fn is_git(path: &str) -> bool {
    ["/info/refs", "/info/lfs/", "/git-upload-pack", "/git-receive-pack"]
        .iter()
        .any(|part| path.contains(part))
}

/// What somebody may ask for in a window: of the API, of files, of pages.
type Quotas = [u32; 3];

const ANONYMOUS: Quotas = [500, 3_000, 100];
const FREE: Quotas = [1_000, 5_000, 200];
const PRO: Quotas = [2_500, 12_000, 400];

fn quotas_of(plan: Plan) -> Quotas {
    match plan {
        Plan::Team | Plan::Academia => [3_000, 20_000, 400],
        Plan::Enterprise => [6_000, 50_000, 600],
        Plan::Plus => [10_000, 100_000, 1_000],
    }
}

/// Counts requests.
#[derive(Debug)]
pub(crate) struct Meters {
    limits: Limits,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    window: i64,
    used: BTreeMap<(String, Bucket), u32>,
}

/// Where a requester stands after a request.
struct Standing {
    remaining: u32,
    seconds: i64,
    is_over: bool,
}

impl Meters {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, counts: Mutex::default() }
    }

    fn count(&self, who: String, bucket: Bucket, quota: u32, now: Timestamp) -> Standing {
        let length = i64::from(self.limits.window_seconds.max(1));
        let window = now.as_second().div_euclid(length);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.window != window {
            *counts = Counts { window, used: BTreeMap::new() };
        }
        let used = counts.used.entry((who, bucket)).or_default();
        let is_over = *used >= quota;
        if !is_over {
            *used += 1;
        }
        let seconds = length - now.as_second().rem_euclid(length);
        Standing { remaining: quota - *used, seconds, is_over }
    }
}

/// Refuses what is over the limit, and tells everybody where they stand.
pub(crate) async fn limit(
    State(world): State<Arc<World>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    if path.starts_with("/_localhub/") {
        return next.run(request).await;
    }
    let bucket = Bucket::of(path);
    let (who, quotas) = world.requester(&request);
    let limits = world.meters.limits;
    let (who, quota) = match bucket {
        Bucket::Whoami => (address(&request), limits.whoami),
        Bucket::Api => (who, quotas[0].saturating_mul(limits.factor)),
        Bucket::Resolvers => (who, quotas[1].saturating_mul(limits.factor)),
        Bucket::Pages => (who, quotas[2].saturating_mul(limits.factor)),
    };
    let standing = world.meters.count(who, bucket, quota, world.clock.now());
    let mut response = if standing.is_over {
        Denial::rate_limited(standing.seconds.unsigned_abs()).into_response()
    } else {
        next.run(request).await
    };
    let name = bucket.name();
    let window = limits.window_seconds;
    let state = format!("\"{name}\";r={};t={}", standing.remaining, standing.seconds);
    let policy = format!("\"fixed window\";\"{name}\";q={quota};w={window}");
    for (header, value) in [(RATE_LIMIT, state), (RATE_LIMIT_POLICY, policy)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(header, value);
        }
    }
    response
}

fn address(request: &Request) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.map(|peer| peer.0.ip().to_string()).unwrap_or_default()
}

impl World {
    /// Whose quota a request counts against, and how large it is: that of the credential's holder, by the
    /// best plan among the holder's, or else that of the address.
    fn requester(&self, request: &Request) -> (String, Quotas) {
        let value = shown_credential(request.headers()).ok().flatten();
        let mut state = self.state();
        let owner = value.and_then(|value| state.credential(&value).map(|c| c.owner.clone()));
        let Some(owner) = owner else { return (address(request), ANONYMOUS) };
        let plan = state
            .orgs
            .values()
            .filter(|org| state.role_in(&org.name, &owner).is_some())
            .filter_map(|org| org.plan)
            .max();
        let (name, is_pro) = match &owner {
            Owner::User(name) => (name, state.users.get(name).is_some_and(|user| user.pro)),
            Owner::Service { user, .. } => (user, false),
            Owner::App { name } => (name, false),
        };
        let personal = if is_pro { PRO } else { FREE };
        let quotas = plan.map_or(personal, |plan| {
            let of_plan = quotas_of(plan);
            if of_plan[0] > personal[0] { of_plan } else { personal }
        });
        (format!("account {name}"), quotas)
    }
}
