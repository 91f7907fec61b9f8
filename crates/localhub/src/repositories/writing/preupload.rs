//! `POST /api/{T}/{id}/preupload/{rev}`: which files a client shall send in which way.

use axum::body::Body;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{
    call::{Answer, Call, answer, json},
    store::{Sha, is_path, large_paths},
};
use crate::{Access, Denial};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Plan {
    files: Vec<File>,
    /// The attributes that the commit will bring along.
    git_attributes: Option<String>,
    git_ignore: Option<String>,
}

#[derive(Debug, Deserialize)]
struct File {
    path: String,
    size: u64,
    /// The first bytes of the file, in base64.
    sample: String,
}

/// Answers for each file.
pub(crate) async fn preupload(call: &Call, revision: &str, body: Body) -> Answer {
    let makes_pull = call.request.flag("create_pr") || revision.starts_with("refs/pr/");
    call.demand(if makes_pull { Access::Discuss } else { Access::Write })?;
    let plan: Plan = json(body).await?;
    if let Some(file) = plan.files.iter().find(|file| !is_path(&file.path)) {
        return Err(Denial::bad_request(format!("Invalid path in repo: {}", file.path)));
    }
    let revision = if revision == "None" { "HEAD" } else { revision };
    let commit = match call.git.resolve(revision).await? {
        Some(commit) => Some(commit),
        None if matches!(revision, "main" | "HEAD") => None,
        None => return Err(Denial::revision_not_found(revision)),
    };
    let answers = decide(call, commit.as_ref(), &plan).await?;
    answer(json!({ "files": answers, "commitOid": commit }))
}

async fn decide(call: &Call, commit: Option<&Sha>, plan: &Plan) -> Result<Vec<Value>, Denial> {
    let paths: Vec<&str> = plan.files.iter().map(|file| file.path.as_str()).collect();
    let attributes = text(call, commit, ".gitattributes", plan.git_attributes.as_ref()).await?;
    let large = large_paths(&call.git, attributes.as_bytes(), &paths).await?;
    let ignored = text(call, commit, ".gitignore", plan.git_ignore.as_ref()).await?;
    let ignored = rules(&ignored);
    let existing = match commit {
        Some(commit) => call.git.at_paths(commit, &paths).await?,
        None => Vec::new(),
    };
    let longest = call.world.repositories.sizes().regular;
    let decide_one = |file: &File| {
        let is_large = large.contains(&file.path) || file.size > longest || is_binary(&file.sample);
        let mut decision = json!({
            "path": file.path,
            "uploadMode": if is_large { "lfs" } else { "regular" },
            "shouldIgnore": ignored.matched_path_or_any_parents(&file.path, false).is_ignore(),
        });
        if let Some(entry) = existing.iter().find(|entry| entry.path == file.path) {
            let pointed = entry.large.as_ref().map(|pointer| pointer.id.as_str());
            decision["oid"] = json!(pointed.unwrap_or(entry.sha.as_str()));
        }
        decision
    };
    Ok(plan.files.iter().map(decide_one).collect())
}

/// A file of the repository, unless the client brings along another.
async fn text(
    call: &Call,
    commit: Option<&Sha>,
    path: &str,
    brought: Option<&String>,
) -> Result<String, Denial> {
    if let Some(brought) = brought {
        return Ok(brought.clone());
    }
    let Some(commit) = commit else { return Ok(String::new()) };
    match call.git.at_path(commit, path).await? {
        Some(entry) => Ok(String::from_utf8_lossy(&call.git.blob(&entry.sha).await?).into_owned()),
        None => Ok(String::new()),
    }
}

fn rules(text: &str) -> Gitignore {
    let mut builder = GitignoreBuilder::new("");
    for line in text.lines() {
        // A line that is no rule excludes nothing, as in git.
        drop(builder.add_line(None, line));
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// Whether the start of a file has a zero byte in it, by which git calls it binary.
fn is_binary(sample: &str) -> bool {
    data_encoding::BASE64.decode(sample.as_bytes()).is_ok_and(|bytes| bytes.contains(&0))
}
