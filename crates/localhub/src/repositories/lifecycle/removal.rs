//! `DELETE /api/repos/delete`.

use std::sync::Arc;

use axum::body::Body;
use serde::Deserialize;
use serde_json::json;

use super::{
    super::{
        call::{Answer, answer, json},
        events,
    },
    kind, named,
};
use crate::{Access, Caller, Denial, World};

#[derive(Debug, Deserialize)]
struct Wish {
    name: String,
    organization: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// Deletes a repository and everything that is known of it.
pub(crate) async fn remove(world: &Arc<World>, caller: &Caller, body: Body) -> Answer {
    let wish: Wish = json(body).await?;
    let repo =
        named(caller, kind(wish.kind.as_deref())?, wish.organization.as_deref(), &wish.name)?;
    caller.may(Access::Settings, &repo)?;
    events::tell(world, &repo, ("delete", "repo"), vec![]);
    {
        let mut known = world.repositories.known();
        known.records.remove(&repo);
        known.moved.retain(|_, target| target != &repo);
    }
    let folder = world.repositories.git(&repo).folder().to_owned();
    tokio::fs::remove_dir_all(folder).await.map_err(|error| Denial::internal(&error))?;
    events::log(caller, &repo, "repo.delete", "Deleted");
    answer(json!({}))
}
