//! What is said and done in a discussion.

use axum::{Json, body::Body, http::StatusCode, response::IntoResponse};
use serde::Deserialize;
use serde_json::json;

use super::{
    super::{
        call::{Answer, Call, answer, json},
        events,
    },
    Discussion, Event, Status, What, find,
};
use crate::{Access, Denial};

#[derive(Debug, Deserialize)]
struct Comment {
    comment: String,
}

/// `POST …/discussions/{num}/comment`.
pub(crate) async fn comment(call: &Call, number: &str, body: Body) -> Answer {
    call.demand(Access::Discuss)?;
    let Comment { comment } = json(body).await?;
    let event = change(call, number, |_| Ok(What::Comment(comment)))?;
    let body = json!({ "newMessage": event.json(&call.world) });
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

#[derive(Debug, Deserialize)]
struct NewStatus {
    status: String,
    comment: Option<String>,
}

/// `POST …/discussions/{num}/status`: its author and those who write to the repository may.
pub(crate) async fn status(call: &Call, number: &str, body: Body) -> Answer {
    let new: NewStatus = json(body).await?;
    let status = match new.status.as_str() {
        "open" => Status::Open,
        "closed" => Status::Closed,
        _ => return Err(Denial::bad_request("status is open or closed")),
    };
    may_manage(call, number)?;
    if let Some(comment) = new.comment.filter(|comment| !comment.is_empty()) {
        change(call, number, |_| Ok(What::Comment(comment)))?;
    }
    let event = change(call, number, |discussion| {
        if discussion.status == Status::Merged {
            return Err(Denial::bad_request("A merged pull request stays merged"));
        }
        discussion.status = status;
        Ok(What::Status(status))
    })?;
    answer(json!({ "newStatus": event.json(&call.world) }))
}

#[derive(Debug, Deserialize)]
struct NewTitle {
    title: String,
}

/// `POST …/discussions/{num}/title`.
pub(crate) async fn title(call: &Call, number: &str, body: Body) -> Answer {
    let NewTitle { title } = json(body).await?;
    may_manage(call, number)?;
    let event = change(call, number, |discussion| {
        let from = std::mem::replace(&mut discussion.title, title.clone());
        Ok(What::Title { from, to: title })
    })?;
    answer(json!({ "newTitle": event.json(&call.world) }))
}

fn may_manage(call: &Call, number: &str) -> Result<(), Denial> {
    call.demand(Access::Discuss)?;
    let author = call.world.repositories.with(&call.repo, |record| {
        find(&mut record.discussions, number).map(|discussion| discussion.author.clone())
    })??;
    if author == call.account()? { Ok(()) } else { call.demand(Access::Write) }
}

/// Changes a discussion and records what happened, in the name of the account that acts.
pub(crate) fn change(
    call: &Call,
    number: &str,
    change: impl FnOnce(&mut Discussion) -> Result<What, Denial>,
) -> Result<Event, Denial> {
    let (author, now) = (call.account()?, call.world.clock.now());
    let (number, event) = call.world.repositories.with(&call.repo, |record| {
        let discussion = find(&mut record.discussions, number)?;
        let what = change(discussion)?;
        Ok::<_, Denial>((discussion.number, discussion.record(&author, now, what)))
    })??;
    let scope = match event.what {
        What::Comment(_) => ("create", "discussion.comment"),
        _ => ("update", "discussion"),
    };
    events::tell_of_discussion(call, scope, number);
    Ok(event)
}
