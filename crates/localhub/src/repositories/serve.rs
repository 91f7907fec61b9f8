//! From a request to the handler of its operation: the one table of what there is.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    access,
    address::{Address, Within},
    call::{Answer, Call, Line},
    community::{discussions, pull_requests, threads},
    large::{batch, completion, files, xet},
    lifecycle::{self, create, duplicate, moving, removal, settings},
    reading::{history, info, list, resolve, tree},
    smart_http, space, token,
    writing::{commit, preupload, references},
};
use crate::{Access, Caller, Denial, World};

/// Answers a request for a repository, or for a list of them.
pub(crate) async fn serve(
    State(world): State<Arc<World>>,
    caller: Result<Caller, Denial>,
    request: Request,
) -> Response {
    let address = Address::parse(request.uri().path());
    let dialect = Dialect::of(address.as_ref());
    let answer = match (address, caller) {
        (None, _) => Err(nothing_here()),
        // The URL itself is the credential.
        (Some(Address::CompleteMultipart), _) => completion::complete(&world, request).await,
        (Some(_), Err(denial)) => Err(denial),
        (Some(address), Ok(caller)) => route(&world, caller, address, request).await,
    };
    answer.unwrap_or_else(|denial| dialect.refuse(denial))
}

async fn route(world: &Arc<World>, caller: Caller, address: Address, request: Request) -> Answer {
    let (head, body) = request.into_parts();
    let query = head.uri.query().unwrap_or_default().as_bytes();
    let query = form_urlencoded::parse(query).into_owned().collect();
    let line = Line { method: head.method, uri: head.uri, headers: head.headers, query };
    match address {
        Address::List(kind) => Ok(list::list(world, &caller, kind, &line)),
        Address::Action(action) => match (line.method.as_str(), action.as_str()) {
            ("POST", "create") => create::create(world, &caller, body).await,
            ("DELETE", "delete") => removal::remove(world, &caller, body).await,
            ("POST", "move") => moving::move_repo(world, &caller, body).await,
            _ => Err(nothing_here()),
        },
        Address::ValidateYaml => lifecycle::card::validate(body).await,
        Address::CompleteMultipart => Err(nothing_here()),
        Address::Api(within) => match open(world, caller, &within, line)? {
            Opened::Here(call) => api(&call, &parts(&within), body).await,
            Opened::Moved(answer) => Ok(answer),
        },
        Address::Cache(within) => match open(world, caller, &within, line)? {
            Opened::Here(call) => match parts(&within).as_slice() {
                [commit, path @ ..] if is_reading(&call) => {
                    resolve::cached(&call, commit, path).await
                }
                _ => Err(nothing_here()),
            },
            Opened::Moved(answer) => Ok(answer),
        },
        Address::Web(within) => match open(world, caller, &within, line)? {
            Opened::Here(call) => web(&call, &parts(&within), body).await,
            Opened::Moved(answer) => Ok(answer),
        },
    }
}

enum Opened {
    Here(Box<Call>),
    /// The repository has another name now: the answer says which.
    Moved(Response),
}

/// Finds the repository that a path names, if the caller may know of it.
fn open(
    world: &Arc<World>,
    caller: Caller,
    within: &Within,
    request: Line,
) -> Result<Opened, Denial> {
    let found = world.repositories.find(within.kind, &within.id);
    let repo = found.ok_or_else(|| Denial::repo_not_found(caller.is_anonymous()))?;
    caller.may(Access::Read, &repo)?;
    if repo.id() != within.id {
        return Ok(Opened::Moved(moving::redirect(&request.uri, &within.id, &repo)));
    }
    let git = world.repositories.git(&repo);
    Ok(Opened::Here(Box::new(Call { world: Arc::clone(world), caller, repo, git, request })))
}

fn parts(within: &Within) -> Vec<&str> {
    within.rest.iter().map(String::as_str).collect()
}

fn is_reading(call: &Call) -> bool {
    matches!(call.request.method, Method::GET | Method::HEAD)
}

/// What is below `/api/{models|datasets|spaces}/{id}`.
async fn api(call: &Call, path: &[&str], body: Body) -> Answer {
    match (call.request.method.as_str(), path) {
        ("GET" | "HEAD", _) => read(call, path).await,
        ("POST", ["paths-info", revision]) => tree::paths_info(call, revision, body).await,
        ("POST", ["preupload", revision]) => preupload::preupload(call, revision, body).await,
        ("POST", ["commit", revision]) => commit::commit(call, revision, body).await,
        ("POST", ["branch", name]) => references::create_branch(call, name, body).await,
        ("DELETE", ["branch", name]) => references::delete_branch(call, name).await,
        ("POST", ["tag", revision]) => references::create_tag(call, revision, body).await,
        ("DELETE", ["tag", name]) => references::delete_tag(call, name).await,
        ("POST", ["super-squash", branch]) => references::squash(call, branch, body).await,
        ("PUT", ["settings"]) => settings::change(call, body).await,
        ("POST", ["duplicate"]) => duplicate::duplicate(call, body).await,
        ("POST", ["lfs-files", "batch"]) => files::delete_batch(call, body).await,
        ("DELETE", ["lfs-files", id]) => files::delete(call, id).await,
        ("POST", ["discussions"]) => discussions::open(call, body).await,
        ("POST", ["discussions", number, "merge"]) => {
            pull_requests::merge(call, number, body).await
        }
        ("POST", ["discussions", number, "comment"]) => threads::comment(call, number, body).await,
        ("POST", ["discussions", number, "status"]) => threads::status(call, number, body).await,
        ("POST", ["discussions", number, "title"]) => threads::title(call, number, body).await,
        ("POST", ["user-access-request", action]) => access::act(call, action, body).await,
        (_, ["secrets" | "variables"]) => space::change(call, path, body).await,
        _ => Err(nothing_here()),
    }
}

/// The part of it that changes nothing.
async fn read(call: &Call, path: &[&str]) -> Answer {
    match path {
        [] => info::info(call, None).await,
        ["revision", revision] => info::info(call, Some(revision)).await,
        ["tree", revision, path @ ..] => tree::tree(call, revision, path).await,
        ["treesize", revision, path @ ..] => tree::size(call, revision, path).await,
        ["refs"] => history::refs(call).await,
        ["commits", revision] => history::commits(call, revision).await,
        ["compare", revisions] => history::compare(call, revisions).await,
        ["auth-check", rest @ ..] => access::check(call, rest),
        ["user-access-request", status] => access::list(call, status),
        ["jwt"] => token::issue(call),
        ["xet-read-token", revision] => xet::token(call, revision, false),
        ["xet-write-token", revision] => xet::token(call, revision, true),
        ["lfs-files"] => files::list(call).await,
        ["discussions"] => discussions::list(call),
        ["discussions", number] => pull_requests::show(call, number).await,
        ["secrets"] => space::secrets(call),
        ["variables"] => space::variables(call),
        _ => Err(nothing_here()),
    }
}

/// What is below `/[datasets/|spaces/]{id}[.git]`.
async fn web(call: &Call, path: &[&str], body: Body) -> Answer {
    match (call.request.method.as_str(), path) {
        ("GET" | "HEAD", ["resolve", revision, path @ ..]) => {
            resolve::resolve(call, revision, path).await
        }
        ("GET" | "HEAD", ["raw", revision, path @ ..]) => tree::raw(call, revision, path).await,
        ("POST", ["ask-access"]) => access::ask(call, body).await,
        ("POST", ["info", "lfs", "objects", "batch"]) => batch::batch(call, body).await,
        ("POST", ["info", "lfs", "objects", "verify"]) => batch::verify(call, body).await,
        ("GET", ["info", "refs"]) => smart_http::advertise(call, body).await,
        ("POST", [service @ ("git-upload-pack" | "git-receive-pack")]) => {
            smart_http::exchange(call, service, body).await
        }
        _ => Err(nothing_here()),
    }
}

/// The refusal of what is not in the table.
pub(super) fn nothing_here() -> Denial {
    Denial::not_found("Sorry, we can't find the page you are looking for.")
}

/// The form in which a kind of client reads a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    Api,
    /// git shows what is plain text, and sends a credential only when it is challenged.
    Git,
    /// git-lfs reads `message`, in a media type of its own.
    Lfs,
}

impl Dialect {
    fn of(address: Option<&Address>) -> Self {
        let Some(Address::Web(within)) = address else { return Self::Api };
        match parts(within).as_slice() {
            ["info", "lfs", ..] => Self::Lfs,
            ["info" | "git-upload-pack" | "git-receive-pack", ..] => Self::Git,
            _ => Self::Api,
        }
    }

    fn refuse(self, denial: Denial) -> Response {
        if self == Self::Api {
            return denial.into_response();
        }
        let (is_unauthorized, message) =
            (denial.status() == StatusCode::UNAUTHORIZED, denial.message().to_owned());
        let denial = if is_unauthorized { denial.with_challenge() } else { denial };
        let mut response = denial.with("message", message.as_str()).into_response();
        let kind = match self {
            Self::Git => "text/plain; charset=utf-8",
            _ => "application/vnd.git-lfs+json",
        };
        if self == Self::Git {
            response.headers_mut().remove(header::CONTENT_LENGTH);
            *response.body_mut() = Body::from(message);
        }
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        response
    }
}
