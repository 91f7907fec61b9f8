//! `bearhug why`.

use std::io::{self, Read as _};

use bearhug_core::{Token, resembles_token, scope::Resource};
use bearhug_view::diagnosis::Diagnosis;

use super::showing;
use crate::{
    Exit,
    cli::{Deed, Global, Shape, Why},
    error::CommandError,
    hub::{Hub, Standing},
    interrupt,
    tokens::{self, Place},
    words,
};

mod clues;
mod missing;
mod reasons;
mod repository;

use clues::Clues;

/// The most that is read of an error.
const LIMIT: u64 = 1 << 20;

/// Something that fails, and the token that it fails with.
struct Case<'a> {
    hub: &'a Hub,
    text: String,
    clues: Clues,
    writes: bool,
    token: Option<(Token, Place)>,
}

pub(crate) fn run(why: &Why, global: &Global) -> Result<Exit, CommandError> {
    let text = text(why)?;
    let stop = interrupt::flag()?;
    let hub = Hub::of_environment(&stop, global)?;
    let address = hub.address();
    let host = address.split_once("://").map_or(address.as_str(), |(_, host)| host);
    let clues = clues::read(&text, &[host, "huggingface.co", "hf.co"]);
    let writes = why.action.map_or(clues.writes, |action| action == Deed::Write);
    let case = Case { hub: &hub, text, clues, writes, token: token(why)? };
    let diagnosis = case.diagnose()?;
    showing::show(None, global, &mut |options, out| match why.format {
        Shape::Json => diagnosis.render_json(&address, out),
        Shape::Human => diagnosis.render(options, out),
    })?;
    Ok(exit(&diagnosis))
}

/// What the question is about, without any token that it quotes.
fn text(why: &Why) -> Result<String, CommandError> {
    if !why.what.is_empty() {
        let text = why.what.join(" ");
        return if holds_token(&text) { Err(token_given()) } else { Ok(text) };
    }
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(LIMIT).read_to_end(&mut bytes);
    read.map_err(|error| CommandError::new("cannot read the standard input").because(error))?;
    let text = String::from_utf8_lossy(&bytes);
    // Alone it is what somebody wants to know about; within an error it tells nothing.
    if text.split_whitespace().nth(1).is_none() && holds_token(&text) {
        return Err(token_given());
    }
    Ok(words::safe(&text))
}

fn holds_token(text: &str) -> bool {
    resembles_token(text) || words::safe(text) != text
}

fn token_given() -> CommandError {
    CommandError::new("this is a token, and not what a client printed, an address or a name")
        .hint(
            "to ask about a token give it to `bearhug inspect -` by the standard input; to ask with it, \
             name where it is by `--env NAME` or `--file PATH`. It is no argument, since everybody on this \
             computer can read those",
        )
        .usage()
}

fn token(why: &Why) -> Result<Option<(Token, Place)>, CommandError> {
    let found = match (&why.which.env, &why.which.file) {
        (Some(name), _) => tokens::variable(name)?,
        (_, Some(path)) => tokens::file(path)?,
        _ => return tokens::in_use(),
    };
    Ok(found.into_iter().next())
}

impl Case<'_> {
    /// Goes from what would explain everything to what explains this one thing.
    fn diagnose(&self) -> Result<Diagnosis, CommandError> {
        let Some((token, place)) = &self.token else { return self.without_a_token() };
        let whoami = match self.hub.standing(token)? {
            Standing::Live(whoami) => whoami,
            Standing::Dead(refused) => return Ok(self.dead(token, place, &refused)?),
            Standing::Unanswered(reason) => return Err(unanswered(&reason)),
        };
        let known = format!(
            "The Hub knows the token {} in {}: it speaks for {}.",
            token.redacted(),
            place.name,
            whoami.grant.account.name
        );
        let found = match &self.clues.repository {
            _ if self.is_limited() => self.limited(),
            Some(resource) => self.about(resource, token, &whoami.grant)?,
            None => self.in_words(&whoami.grant),
        };
        let evidence = [vec![known], found.evidence].concat();
        Ok(Diagnosis { evidence, ..found })
    }

    fn is_limited(&self) -> bool {
        self.clues.status == Some(429) || self.text.contains("Too Many Requests")
    }

    /// The repository, as people write it.
    fn about_name(&self) -> Option<String> {
        self.clues.repository.as_ref().map(Resource::to_string)
    }
}

fn unanswered(reason: &str) -> CommandError {
    CommandError::new(format!("the Hub could not be asked: {reason}"))
        .hint("ask again; until the Hub answers, nothing can be said about the token")
}

fn exit(diagnosis: &Diagnosis) -> Exit {
    match diagnosis.cause {
        "nothing" => Exit::Clean,
        "dead_token" | "expired_token" | "no_token" => Exit::NotAuthenticated,
        _ => Exit::Findings,
    }
}
