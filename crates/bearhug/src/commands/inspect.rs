//! `bearhug inspect`.

use bearhug_core::{
    Token, grant::Grant, impact::BlastRadius, need::Need, risk::Risk, scope::Scope,
};
use bearhug_hub::{
    Whoami,
    repositories::{RepoKind, RepoName},
};
use bearhug_view::inspection::{Inspected, Inspection, Live, Private, Status, Wanted};
use jiff::Timestamp;

use super::showing;
use crate::{
    Exit,
    cli::{Global, Inspect},
    error::CommandError,
    hub::{Hub, Standing},
    interrupt::{self, Interrupted},
    progress,
    tokens::{self, Held},
};

/// How many repositories of one kind are listed for one owner.
const MOST: usize = 1000;

/// How often in a row the Hub may not answer before no more is asked. Each time takes seconds.
const FAILURES: usize = 3;

pub(crate) fn run(arguments: &Inspect, global: &Global) -> Result<Exit, CommandError> {
    let held = held(arguments)?;
    let stop = interrupt::flag()?;
    let hub = Hub::of_environment(&stop, global)?;
    let now = Timestamp::now();
    let bar = progress::count(!global.quiet, held.len());
    let mut tokens: Vec<Inspected> = Vec::new();
    for held in &held {
        let status = match tokens.iter().rev().take_while(|t| is_unanswered(&t.status)).count() {
            ..FAILURES => status(&hub, held, arguments, now)?,
            _ => Status::Unanswered(
                "the Hub did not answer for others, so it was not asked again".to_owned(),
            ),
        };
        tokens.push(inspected(held, status));
        bar.inc(1);
    }
    bar.finish_and_clear();
    let inspection = Inspection { endpoint: hub.address(), now, tokens };
    let wording = arguments.format.into();
    showing::show(arguments.output.as_deref(), global, &mut |options, out| {
        inspection.render(wording, options, out)
    })?;
    Ok(exit(&inspection))
}

/// The tokens that the user means.
fn held(arguments: &Inspect) -> Result<Vec<Held>, CommandError> {
    let found = match (&arguments.which.env, &arguments.which.file) {
        (Some(name), _) => tokens::variable(name)?,
        (_, Some(path)) => tokens::file(path)?,
        _ if arguments.dash.is_some() => tokens::standard_input()?,
        _ if arguments.cache => tokens::cached()?,
        _ => vec![tokens::required()?],
    };
    Ok(tokens::merged(found))
}

fn status(
    hub: &Hub,
    held: &Held,
    arguments: &Inspect,
    now: Timestamp,
) -> Result<Status, Interrupted> {
    if let Some(why) = held.token.kind().unknown_to_whoami() {
        return Ok(Status::Unasked(format!("{why}.")));
    }
    Ok(match hub.standing(&held.token)? {
        Standing::Live(whoami) => Status::Live(Box::new(live(&whoami, held, arguments, hub, now)?)),
        Standing::Dead(refused) => {
            Status::Dead { reason: refused.words, request_id: refused.request_id }
        }
        Standing::Unanswered(reason) => Status::Unanswered(reason),
    })
}

fn is_unanswered(status: &Status) -> bool {
    matches!(status, Status::Unanswered(_))
}

fn inspected(held: &Held, status: Status) -> Inspected {
    let token = &held.token;
    Inspected {
        fingerprint: token.fingerprint(),
        kind: token.kind(),
        redacted: token.redacted(),
        places: held.places.iter().map(|place| place.name.clone()).collect(),
        status,
    }
}

fn live(
    whoami: &Whoami,
    held: &Held,
    arguments: &Inspect,
    hub: &Hub,
    now: Timestamp,
) -> Result<Live, Interrupted> {
    let grant = whoami.grant.clone();
    let kept: Vec<_> = held.places.iter().map(|place| place.keeping).collect();
    let private = arguments.repositories.then(|| private(hub, &held.token, &grant)).transpose()?;
    let wanted = (!arguments.need.is_empty()).then(|| {
        let scope: Scope = arguments.need.iter().cloned().collect();
        let need = Need::of(&scope, &grant);
        Wanted {
            answers: scope.iter().map(|a| (a.clone(), grant.allows_all(a))).collect(),
            link: need.link(&hub.address()),
            scope,
            need,
        }
    });
    Ok(Live {
        radius: BlastRadius::of(&grant),
        risk: Risk::of(&grant, &kept, now),
        grant,
        private,
        wanted,
        request_id: whoami.asked.request_id.clone(),
    })
}

/// The private repositories of the account and its organisations that a token can see.
fn private(hub: &Hub, token: &Token, grant: &Grant) -> Result<Private, Interrupted> {
    let mut private = Private { names: Vec::new(), is_complete: true };
    let orgs = grant.orgs.iter().filter(|org| org.restrictions.is_empty());
    for owner in orgs.map(|org| &org.name).chain([&grant.account.name]) {
        for kind in RepoKind::ALL {
            let listing = hub.wait(hub.client.repositories(kind, owner, MOST, token))?;
            let Ok(listing) = listing else {
                private.is_complete = false;
                continue;
            };
            private.is_complete &= listing.is_complete;
            let names = listing.items.into_iter().filter(|item| item.is_private == Some(true));
            let names = names.filter_map(|item| RepoName::new(kind, &item.id).ok());
            private.names.extend(names.map(|name| name.to_string()));
        }
    }
    private.names.sort();
    Ok(private)
}

fn exit(inspection: &Inspection) -> Exit {
    let has = |is: fn(&Status) -> bool| inspection.tokens.iter().any(|token| is(&token.status));
    let is_answered = |s: &Status| matches!(s, Status::Live(_) | Status::Dead { .. });
    match has(is_unanswered) {
        true if has(is_answered) => Exit::Partial,
        true => Exit::Error,
        false if has(|s| matches!(s, Status::Dead { .. })) => Exit::NotAuthenticated,
        false => Exit::Clean,
    }
}
