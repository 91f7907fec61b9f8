//! `POST /api/{T}/{id}/commit/{rev}`: a commit, or with `create_pr` a pull request with one.

use axum::body::Body;
use serde_json::json;

use super::{
    super::{
        call::{Answer, Call, answer},
        community::{Status, What, discussions, threads},
        events,
        large::xet,
        store::{self, EntryKind, Import, Pointer, Sha, is_path},
    },
    lines::{Header, Line, lines},
};
use crate::{Access, Denial, ids};

/// Where a commit goes.
struct Goal {
    /// The ref that shall name it, in full.
    name: String,
    /// The commit before it.
    parent: Option<Sha>,
    /// The number of the pull request that it makes.
    pull: Option<usize>,
}

/// Takes a commit, change by change.
pub(crate) async fn commit(call: &Call, revision: &str, body: Body) -> Answer {
    let makes_pull = call.request.flag("create_pr");
    may_commit(call, revision, makes_pull)?;
    let mut lines = lines(body);
    let header = lines.header().await?;
    let mut goal =
        if makes_pull { proposal(call, revision).await? } else { branch(call, revision).await? };
    if let (Some(known), Some(parent)) = (&header.parent_commit, &goal.parent)
        && known != parent.as_str()
    {
        return Err(store::Error::Moved.into());
    }
    let message = format!("{}\n\n{}", header.summary, header.description);
    let signature = call.signature()?;
    let message = message.trim();
    let parent = goal.parent.as_ref();
    let mut import = Import::begin(&call.git, &goal.name, parent, &signature, message).await?;
    while let Some(line) = lines.next().await? {
        apply(call, &mut import, parent, line).await?;
    }
    let commit = import.finish().await?;
    if makes_pull {
        open_pull_request(call, &mut goal, &header, &commit).await?;
    }
    finish(call, &goal, &commit, &header.summary)
}

/// Whoever may discuss may propose a change; the author of a pull request may change it.
fn may_commit(call: &Call, revision: &str, makes_pull: bool) -> Result<(), Denial> {
    if makes_pull {
        call.demand(Access::Download)?;
        return call.demand(Access::Discuss);
    }
    let own_pull = revision.strip_prefix("refs/pr/").is_some_and(|number| {
        let author = call.world.repositories.with(&call.repo, |record| {
            let found = record.discussions.iter().find(|d| d.number.to_string() == number);
            found.map(|discussion| discussion.author.clone())
        });
        author.ok().flatten() == call.account().ok()
    });
    call.demand(if own_pull { Access::Discuss } else { Access::Write })
}

/// The branch, or the pull request, that a revision names.
async fn branch(call: &Call, revision: &str) -> Result<Goal, Denial> {
    let name = match revision {
        "HEAD" => "refs/heads/main".to_owned(),
        name if name.starts_with("refs/") => name.to_owned(),
        name => format!("refs/heads/{name}"),
    };
    let parent = call.git.resolve(&name).await?;
    let is_first = name == "refs/heads/main" && parent.is_none();
    if parent.is_none() && !is_first {
        return Err(Denial::revision_not_found(revision));
    }
    Ok(Goal { name, parent, pull: None })
}

/// A change on top of a revision; clients that name none say `None`. It is kept apart until it is whole,
/// and gets its number then.
async fn proposal(call: &Call, revision: &str) -> Result<Goal, Denial> {
    let base = if revision == "None" { "HEAD" } else { revision };
    let parent = call.commit(base).await?;
    let name = format!("refs/incoming/{}", ids::object_id());
    Ok(Goal { name, parent: Some(parent), pull: None })
}

async fn open_pull_request(
    call: &Call,
    goal: &mut Goal,
    header: &Header,
    commit: &Sha,
) -> Result<(), Denial> {
    let number = discussions::start(call, &header.summary, &header.description, true)?;
    let name = format!("refs/pr/{number}");
    call.git.point(&name, commit, None).await?;
    call.git.forget(&goal.name).await?;
    (goal.name, goal.pull) = (name, Some(number));
    Ok(())
}

async fn apply(
    call: &Call,
    import: &mut Import,
    parent: Option<&Sha>,
    line: Line,
) -> Result<(), Denial> {
    match line {
        Line::Header(_) => return Err(Denial::bad_request("There is a second header")),
        Line::File(file) => {
            let path = valid(&file.path)?.to_owned();
            import.write(&path, &file.content()?).await?;
        }
        Line::LfsFile(file) => {
            let large = call.git.large();
            let pointer = match file.size {
                Some(size) => Pointer::new(&file.oid, size),
                None => large.find(&file.oid).await,
            };
            let pointer = pointer.ok_or_else(|| missing_content(&file.path))?;
            if !xet::arrived(call, &pointer).await? {
                return Err(missing_content(&file.path));
            }
            import.write(valid(&file.path)?, pointer.text().as_bytes()).await?;
        }
        Line::DeletedFile(file) => {
            existing(call, parent, &file.path, EntryKind::File).await?;
            import.delete(&file.path).await?;
        }
        Line::DeletedFolder(folder) => {
            let path = folder.path.trim_end_matches('/');
            existing(call, parent, path, EntryKind::Folder).await?;
            import.delete(path).await?;
        }
        Line::CopyFile(copy) => {
            let other = match &copy.src_revision {
                Some(revision) => Some(call.commit(revision).await?),
                None => parent.cloned(),
            };
            let source = existing(call, other.as_ref(), &copy.src_path, EntryKind::File).await?;
            import.link(valid(&copy.path)?, &source).await?;
        }
    }
    Ok(())
}

fn valid(path: &str) -> Result<&str, Denial> {
    let refusal = || Denial::bad_request(format!("Invalid path in repo: {path}"));
    is_path(path).then_some(path).ok_or_else(refusal)
}

/// The object at a path of the commit before.
async fn existing(
    call: &Call,
    commit: Option<&Sha>,
    path: &str,
    kind: EntryKind,
) -> Result<Sha, Denial> {
    let found = match commit {
        Some(commit) => call.git.at_path(commit, valid(path)?).await?,
        None => None,
    };
    let found = found.filter(|entry| entry.kind == kind);
    found.map(|entry| entry.sha).ok_or_else(Denial::entry_not_found)
}

fn missing_content(path: &str) -> Denial {
    let message = format!("LFS pointer pointed to a file that does not exist: \"{path}\"");
    Denial::bad_request(message)
}

fn finish(call: &Call, goal: &Goal, commit: &Sha, summary: &str) -> Answer {
    let now = call.world.clock.now();
    call.world.repositories.with(&call.repo, |record| record.updated_at = now)?;
    let url = call.web_url();
    let mut body = json!({
        "success": true,
        "commitOid": commit,
        "commitUrl": format!("{url}/commit/{commit}"),
        "hookOutput": "",
    });
    if let Some(number) = goal.pull {
        body["pullRequestUrl"] = json!(format!("{url}/discussions/{number}"));
    }
    if let Some(number) = goal.name.strip_prefix("refs/pr/") {
        let (id, subject) = (commit.clone(), summary.to_owned());
        threads::change(call, number, |discussion| {
            if goal.pull.is_some() {
                discussion.status = Status::Open;
            }
            Ok(What::Commit { id, subject })
        })?;
    }
    let updated = json!([{ "ref": goal.name, "oldSha": goal.parent, "newSha": commit }]);
    events::tell_of_content(call, vec![("updatedRefs", updated)]);
    answer(body)
}
