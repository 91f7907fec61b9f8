//! `POST /api/{T}/{id}/duplicate`.

use std::{fs, io, path::Path};

use axum::body::Body;
use serde::Deserialize;
use serde_json::json;

use super::{
    super::{
        call::{Answer, Call, answer, json, web_url},
        events,
        record::Record,
    },
    create::claim,
    is_private, named,
};
use crate::{Access, Denial};

#[derive(Debug, Deserialize)]
struct Wish {
    repository: String,
    private: Option<bool>,
    visibility: Option<String>,
}

/// Copies content and public settings; secrets, discussions and requests for access stay behind.
pub(crate) async fn duplicate(call: &Call, body: Body) -> Answer {
    call.demand(Access::Download)?;
    let wish: Wish = json(body).await?;
    let target = named(&call.caller, call.repo.kind, None, &wish.repository)?;
    call.caller.may(Access::Create, &target)?;
    let (creator, now) = (call.account()?, call.world.clock.now());
    let record = call.world.repositories.with(&call.repo, |original| {
        let private = is_private(wish.private, wish.visibility.as_deref());
        let mut record = Record::new(&creator, private.unwrap_or(original.is_private), now);
        record.sdk.clone_from(&original.sdk);
        record.variables.clone_from(&original.variables);
        record
    })?;
    claim(&call.world, &target, record)?;
    let from = call.git.folder().to_owned();
    let to = call.world.repositories.git(&target).folder().to_owned();
    let copied = tokio::task::spawn_blocking(move || copy(&from, &to)).await;
    copied.map_err(io::Error::other).flatten().map_err(|error| Denial::internal(&error))?;
    events::tell(&call.world, &target, ("create", "repo"), vec![]);
    events::log(&call.caller, &target, "repo.duplication", "Duplicated into");
    answer(json!({ "url": web_url(&call.world, &target) }))
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
