//! `POST /api/repos/move`, and where requests for the former name go.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{
        call::{Answer, answer, json, web_url},
        events,
    },
    kind, named,
};
use crate::{Access, Caller, Denial, RepoName, World};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wish {
    from_repo: String,
    to_repo: String,
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// Gives a repository another name, or another owner.
pub(crate) async fn move_repo(world: &Arc<World>, caller: &Caller, body: Body) -> Answer {
    let wish: Wish = json(body).await?;
    let kind = kind(wish.kind.as_deref())?;
    let (from, to) =
        (named(caller, kind, None, &wish.from_repo)?, named(caller, kind, None, &wish.to_repo)?);
    caller.may(Access::Settings, &from)?;
    caller.may(Access::Create, &to)?;
    let (old, new) = (world.repositories.git(&from), world.repositories.git(&to));
    if world.repositories.facts(&to).is_some() {
        let message = format!("A {} repository called {} already exists", kind.singular(), to.id());
        return Err(Denial::conflict(message).with("url", web_url(world, &to)));
    }
    let failed = |error: std::io::Error| Denial::internal(&error);
    if let Some(folder) = new.folder().parent() {
        tokio::fs::create_dir_all(folder).await.map_err(failed)?;
    }
    tokio::fs::rename(old.folder(), new.folder()).await.map_err(failed)?;
    rename(world, &from, &to);
    events::tell(world, &to, ("move", "repo"), vec![("movedTo", moved_to(world, &to))]);
    events::log(caller, &from, "repo.move", "Moved");
    answer(json!({ "url": web_url(world, &to) }))
}

/// Where a repository went, as webhooks tell it.
fn moved_to(world: &World, to: &RepoName) -> Value {
    let owner = world.state().account_id(&to.namespace);
    json!({ "name": to.id(), "owner": { "id": owner } })
}

fn rename(world: &World, from: &RepoName, to: &RepoName) {
    let mut known = world.repositories.known();
    if let Some(record) = known.records.remove(from) {
        known.records.insert(to.clone(), record);
    }
    for target in known.moved.values_mut().filter(|target| *target == from) {
        *target = to.clone();
    }
    known.moved.remove(&(to.kind, to.id()));
    known.moved.insert((from.kind, from.id()), to.clone());
}

/// 307: the same under the repository's present name. The place is relative, as the Hub's is.
pub(crate) fn redirect(uri: &Uri, former: &str, repo: &RepoName) -> Response {
    let path = uri.path().replacen(former, &repo.id(), 1);
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let place = [(header::LOCATION, format!("{path}{query}"))];
    (StatusCode::TEMPORARY_REDIRECT, place).into_response()
}
