//! What people say to each other about a repository: discussions and pull requests.

pub(crate) mod discussions;
pub(crate) mod pull_requests;
pub(crate) mod threads;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::store::Sha;
use crate::{Denial, World, clock, ids};

/// A discussion or a pull request.
#[derive(Debug, Clone)]
pub(crate) struct Discussion {
    pub(crate) number: usize,
    pub(crate) title: String,
    pub(crate) author: String,
    pub(crate) created_at: Timestamp,
    pub(crate) status: Status,
    /// What makes it a pull request.
    pub(crate) pull: Option<Pull>,
    pub(crate) events: Vec<Event>,
}

/// The changes that a pull request proposes; they are in `refs/pr/{number}`.
#[derive(Debug, Clone)]
pub(crate) struct Pull {
    /// The ref that they are for.
    pub(crate) base: String,
    /// The commit that brought them there.
    pub(crate) merged: Option<Sha>,
}

/// Where a discussion stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Draft,
    Open,
    Closed,
    Merged,
}

/// Something that happened in a discussion.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    id: String,
    author: String,
    created_at: Timestamp,
    what: What,
}

/// What happened.
#[derive(Debug, Clone)]
pub(crate) enum What {
    Comment(String),
    Status(Status),
    Title { from: String, to: String },
    Commit { id: Sha, subject: String },
}

impl Status {
    /// The word in bodies.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Merged => "merged",
        }
    }
}

impl Discussion {
    /// A new one, with what its author says first.
    pub(crate) fn new(
        number: usize,
        author: &str,
        title: &str,
        description: &str,
        now: Timestamp,
    ) -> Self {
        let mut new = Self {
            number,
            title: title.to_owned(),
            author: author.to_owned(),
            created_at: now,
            status: Status::Open,
            pull: None,
            events: Vec::new(),
        };
        new.record(author, now, What::Comment(description.to_owned()));
        new
    }

    /// The ref that holds the changes of a pull request.
    pub(crate) fn reference(&self) -> String {
        format!("refs/pr/{}", self.number)
    }

    /// Adds something that happened.
    pub(crate) fn record(&mut self, author: &str, now: Timestamp, what: What) -> Event {
        let event =
            Event { id: ids::object_id(), author: author.to_owned(), created_at: now, what };
        self.events.push(event.clone());
        event
    }

    fn comments(&self) -> usize {
        self.events.iter().filter(|event| matches!(event.what, What::Comment(_))).count()
    }
}

impl Event {
    /// As the API shows it.
    pub(crate) fn json(&self, world: &World) -> Value {
        let (kind, data) = match &self.what {
            What::Comment(text) => ("comment", comment_json(text, self, world)),
            What::Status(status) => ("status-change", json!({ "status": status.name() })),
            What::Title { from, to } => ("title-change", json!({ "from": from, "to": to })),
            What::Commit { id, subject } => ("commit", json!({ "oid": id, "subject": subject })),
        };
        json!({
            "id": self.id,
            "author": author_json(world, &self.author),
            "createdAt": clock::iso(self.created_at),
            "type": kind,
            "data": data,
        })
    }
}

fn comment_json(text: &str, event: &Event, world: &World) -> Value {
    let html = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    json!({
        "edited": false,
        "hidden": false,
        "latest": {
            "raw": text,
            "html": format!("<p>{html}</p>"),
            "updatedAt": clock::iso(event.created_at),
            "author": author_json(world, &event.author),
        },
        "numEdits": 0,
        "editors": [event.author],
        "editorAvatarUrls": [],
        "reactions": [],
        "isReport": false,
    })
}

/// An account as discussions show it.
pub(crate) fn author_json(world: &World, name: &str) -> Value {
    let state = world.state();
    let user = state.users.get(name);
    json!({
        "_id": user.map_or_else(|| "0".repeat(24), |user| user.id.clone()),
        "avatarUrl": "/avatars/none.svg",
        "fullname": user.map_or(name, |user| &user.fullname),
        "name": name,
        "type": "user",
        "isPro": user.is_some_and(|user| user.pro),
        "isHf": false,
        "isHfAdmin": false,
        "isMod": false,
    })
}

/// The discussion of a number.
fn find<'a>(discussions: &'a mut [Discussion], number: &str) -> Result<&'a mut Discussion, Denial> {
    let number = number.parse::<usize>().ok();
    let found = number.and_then(|number| discussions.iter_mut().find(|d| d.number == number));
    found.ok_or_else(|| Denial::not_found("Discussion not found"))
}
