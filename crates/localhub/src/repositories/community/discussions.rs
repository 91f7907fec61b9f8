//! Lists of discussions, and new ones.

use axum::body::Body;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{
        call::{Answer, Call, answer, json},
        events,
    },
    Discussion, Pull, Status, author_json,
};
use crate::{Access, Denial, clock};

/// How many discussions a page has.
const PAGE: usize = 10;
/// What pull requests are for, unless they say otherwise.
const MAIN: &str = "refs/heads/main";

/// `GET /api/{T}/{id}/discussions`: newest first.
pub(crate) fn list(call: &Call) -> Answer {
    let request = &call.request;
    let is_wanted = |discussion: &&Discussion| {
        let kind = match request.param("type") {
            Some("discussion") => discussion.pull.is_none(),
            Some("pull_request") => discussion.pull.is_some(),
            _ => true,
        };
        let is_open = matches!(discussion.status, Status::Open | Status::Draft);
        let status = match request.param("status") {
            Some("open") => is_open,
            Some("closed") => !is_open,
            _ => true,
        };
        kind && status && request.param("author").is_none_or(|author| author == discussion.author)
    };
    let discussions = call.world.repositories.with(&call.repo, |record| {
        record.discussions.iter().rev().filter(is_wanted).cloned().collect::<Vec<_>>()
    })?;
    let closed = discussions.iter().filter(|d| d.status == Status::Closed).count();
    let start = request.number("p", 0).saturating_mul(PAGE);
    let page = discussions.iter().skip(start).take(PAGE);
    let items: Vec<Value> = page.map(|discussion| item(call, discussion)).collect();
    answer(json!({
        "discussions": items,
        "count": discussions.len(),
        "start": start,
        "numClosedDiscussions": closed,
    }))
}

fn item(call: &Call, discussion: &Discussion) -> Value {
    json!({
        "num": discussion.number,
        "author": author_json(&call.world, &discussion.author),
        "repo": { "name": call.repo.id(), "type": call.repo.kind.singular() },
        "title": discussion.title,
        "createdAt": clock::iso(discussion.created_at),
        "topReactions": [],
        "status": discussion.status.name(),
        "isPullRequest": discussion.pull.is_some(),
        "numComments": discussion.comments(),
        "numReactionUsers": 0,
        "pinned": false,
    })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Opening {
    title: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    pull_request: bool,
}

/// `POST /api/{T}/{id}/discussions`. A pull request starts as a draft without changes.
pub(crate) async fn open(call: &Call, body: Body) -> Answer {
    call.demand(Access::Discuss)?;
    let opening: Opening = json(body).await?;
    if opening.title.trim().chars().count() < 3 {
        return Err(Denial::bad_request("Title must be at least 3 characters"));
    }
    let tip = if opening.pull_request { Some(call.commit("HEAD").await?) } else { None };
    let number = start(call, &opening.title, &opening.description, opening.pull_request)?;
    if let Some(tip) = tip {
        call.git.point(&format!("refs/pr/{number}"), &tip, None).await?;
    }
    answer(json!({
        "url": format!("{}/discussions/{number}", call.web_url()),
        "num": number,
        "pullRequest": opening.pull_request,
    }))
}

/// Opens a discussion or a pull request, and gives its number.
pub(crate) fn start(
    call: &Call,
    title: &str,
    description: &str,
    is_pull: bool,
) -> Result<usize, Denial> {
    let (author, now) = (call.account()?, call.world.clock.now());
    let number = call.world.repositories.with(&call.repo, |record| {
        if record.has_no_discussions {
            return Err(Denial::forbidden());
        }
        let number = record.discussions.len() + 1;
        let mut discussion = Discussion::new(number, &author, title, description, now);
        if is_pull {
            discussion.pull = Some(Pull { base: MAIN.to_owned(), merged: None });
            discussion.status = Status::Draft;
        }
        record.discussions.push(discussion);
        Ok(number)
    })??;
    events::tell_of_discussion(call, ("create", "discussion"), number);
    Ok(number)
}
