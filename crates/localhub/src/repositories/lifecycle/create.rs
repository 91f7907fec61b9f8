//! `POST /api/repos/create`.

use std::sync::Arc;

use axum::body::Body;
use serde::Deserialize;
use serde_json::json;

use super::{
    super::{
        call::{Answer, answer, json, web_url},
        events,
        record::{Record, Variable},
        store::{self, Import, Signature},
    },
    is_private, kind, named,
};
use crate::{Access, Caller, Denial, RepoKind, RepoName, World};

/// What sends files to large storage in a new repository: of the Hub's own list, those that people upload.
const ATTRIBUTES: [&str; 28] = [
    "*.7z",
    "*.arrow",
    "*.bin",
    "*.bz2",
    "*.ckpt",
    "*.ftz",
    "*.gz",
    "*.h5",
    "*.joblib",
    "*.model",
    "*.msgpack",
    "*.npy",
    "*.npz",
    "*.onnx",
    "*.ot",
    "*.parquet",
    "*.pb",
    "*.pickle",
    "*.pkl",
    "*.pt",
    "*.pth",
    "*.rar",
    "*.safetensors",
    "*.tar",
    "*.tflite",
    "*.tgz",
    "*.xz",
    "*.zip",
];

#[derive(Debug, Deserialize)]
struct Wish {
    name: String,
    organization: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    private: Option<bool>,
    visibility: Option<String>,
    sdk: Option<String>,
    #[serde(default)]
    secrets: Vec<Setting>,
    #[serde(default)]
    variables: Vec<Setting>,
}

/// A secret or a variable of a space.
#[derive(Debug, Deserialize)]
pub(super) struct Setting {
    key: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    description: String,
}

/// Makes a repository with a first commit.
pub(crate) async fn create(world: &Arc<World>, caller: &Caller, body: Body) -> Answer {
    let wish: Wish = json(body).await?;
    let kind = kind(wish.kind.as_deref())?;
    let repo = named(caller, kind, wish.organization.as_deref(), &wish.name)?;
    caller.may(Access::Create, &repo)?;
    if kind == RepoKind::Space && wish.sdk.is_none() {
        return Err(Denial::bad_request("\"sdk\" is required for a space"));
    }
    let creator = caller.session()?.user_name().unwrap_or_default().to_owned();
    let is_private = is_private(wish.private, wish.visibility.as_deref()).unwrap_or(false);
    let now = world.clock.now();
    let mut record = Record::new(&creator, is_private, now);
    record.sdk = wish.sdk;
    for setting in wish.secrets {
        let secret =
            Variable { description: setting.description, value: String::new(), updated_at: now };
        record.secrets.insert(setting.key, secret);
    }
    for Setting { key, value, description } in wish.variables {
        record.variables.insert(key, Variable { description, value, updated_at: now });
    }
    let id = record.id.clone();
    add(world, &repo, record).await?;
    events::tell(world, &repo, ("create", "repo"), vec![]);
    events::log(caller, &repo, "repo.create", "Created");
    answer(json!({ "url": web_url(world, &repo), "name": repo.id(), "id": id }))
}

/// Adds a repository with a first commit, if its name is free.
pub(crate) async fn add(world: &World, repo: &RepoName, record: Record) -> Result<(), Denial> {
    let signature =
        Signature { name: record.creator.clone(), seconds: record.created_at.as_second() };
    claim(world, repo, record)?;
    if let Err(error) = begin(world, repo, &signature).await {
        world.repositories.known().records.remove(repo);
        return Err(error.into());
    }
    Ok(())
}

/// Puts a repository on record, if its name is free: a former name of another is.
pub(super) fn claim(world: &World, repo: &RepoName, record: Record) -> Result<(), Denial> {
    let mut known = world.repositories.known();
    if known.records.contains_key(repo) {
        let message = format!("You already created this {} repo", repo.kind.singular());
        return Err(Denial::conflict(message).with("url", web_url(world, repo)));
    }
    known.moved.remove(&(repo.kind, repo.id()));
    known.records.insert(repo.clone(), record);
    Ok(())
}

async fn begin(world: &World, repo: &RepoName, signature: &Signature) -> Result<(), store::Error> {
    let git = world.repositories.git(repo);
    git.init().await?;
    let mut import =
        Import::begin(&git, "refs/heads/main", None, signature, "initial commit").await?;
    let attributes =
        ATTRIBUTES.map(|pattern| format!("{pattern} filter=lfs diff=lfs merge=lfs -text\n"));
    import.write(".gitattributes", attributes.concat().as_bytes()).await?;
    import.finish().await?;
    Ok(())
}
