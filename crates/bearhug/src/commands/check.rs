//! `bearhug check`.

use std::{
    env,
    fs::OpenOptions,
    io::{self, Write as _},
    path::Path,
};

use bearhug_core::{
    Token,
    grant::{Credential, Grant},
};
use bearhug_hub::Reason;
use bearhug_view::gate::{Condition, Format, Gate, Outcome, Subject};
use jiff::Timestamp;

use super::showing;
use crate::{
    Exit,
    cli::{Check, Form, Global},
    error::CommandError,
    hub::{Hub, Refused, Standing},
    interrupt,
    tokens::{self, Place},
    words,
};

mod conditions;
mod leaks;

pub(crate) use conditions::repository;

pub(crate) fn run(check: &Check, global: &Global) -> Result<Exit, CommandError> {
    let stop = interrupt::flag()?;
    let hub = Hub::of_environment(&stop, global)?;
    let (token, place) = token(check)?;
    let mut gate = Gate { endpoint: hub.address(), subject: None, conditions: Vec::new() };
    let standing = hub.standing(&token)?;
    gate.subject = Some(subject(&token, &place, &standing));
    gate.conditions.push(liveness(&standing));
    if let Standing::Live(whoami) = &standing {
        let case = conditions::Case {
            hub: &hub,
            token: &token,
            grant: &whoami.grant,
            required: &check.require,
            now: Timestamp::now(),
        };
        gate.conditions.extend(case.judge(check)?);
    }
    if !check.not_leaked_in.is_empty() {
        gate.conditions.push(leaks::judge(&token, &check.not_leaked_in, (&stop, !global.quiet))?);
    }
    // Before it is written: what escapes markup would hide a token from the eye that redacts.
    gate.conditions.iter_mut().for_each(redact);
    gate.subject.iter_mut().for_each(redact_subject);
    tell(&gate, check, global)?;
    Ok(exit(&gate, &standing))
}

/// Takes the tokens out of a condition's words: paths and scopes may hold some.
fn redact(condition: &mut Condition) {
    condition.value = words::safe(&condition.value);
    condition.reason = words::safe(&condition.reason);
    condition.fix = condition.fix.as_deref().map(words::safe);
}

/// The same for who it is: the Hub may say anything, and a place is named by whoever made it.
fn redact_subject(subject: &mut Subject) {
    subject.place = words::safe(&subject.place);
    subject.account = subject.account.as_deref().map(words::safe);
    subject.role = subject.role.as_deref().map(words::safe);
}

/// The token that the job would use, or that the user names.
fn token(check: &Check) -> Result<(Token, Place), CommandError> {
    let found = match (&check.which.env, &check.which.file) {
        (Some(name), _) => tokens::variable(name)?,
        (_, Some(path)) => tokens::file(path)?,
        _ => return tokens::required(),
    };
    let [held] = <[_; 1]>::try_from(tokens::merged(found)).map_err(|all| {
        CommandError::new(format!("there are {} tokens there, and a job uses one", all.len()))
            .hint("name a file that holds that one, or a variable")
            .usage()
    })?;
    let place = held.places.into_iter().next();
    let untold = bearhug_core::risk::Keeping::Untold;
    Ok((held.token, place.unwrap_or(Place { name: String::new(), keeping: untold })))
}

fn subject(token: &Token, place: &Place, standing: &Standing) -> Subject {
    let grant = match standing {
        Standing::Live(whoami) => Some(&whoami.grant),
        _ => None,
    };
    Subject {
        fingerprint: token.fingerprint(),
        redacted: token.redacted(),
        place: words::safe(&place.name),
        account: grant.map(|grant| words::safe(&grant.account.name)),
        role: grant.and_then(role).map(words::safe),
    }
}

fn role(grant: &Grant) -> Option<&str> {
    match &grant.credential {
        Credential::AccessToken(token) => Some(token.role.name()),
        _ => None,
    }
}

/// The condition that comes first: that the Hub takes the token at all.
fn liveness(standing: &Standing) -> Condition {
    let (outcome, reason, fix) = match standing {
        Standing::Live(whoami) => {
            (Outcome::Passed, format!("it speaks for {}", whoami.grant.account.name), None)
        }
        Standing::Dead(Refused { reason: Reason::ExpiredToken, words, .. }) => {
            let fix = "Make a new one, and give it to the job in place of this.";
            (Outcome::Failed, words.clone(), Some(fix))
        }
        Standing::Dead(refused) => {
            let fix = "It was revoked, deleted or mistyped. Give the job one that works.";
            (Outcome::Failed, refused.words.clone(), Some(fix))
        }
        Standing::Unanswered(reason) => {
            let fix = "Run the check again. This says nothing about the token.";
            (Outcome::Unknown, reason.clone(), Some(fix))
        }
    };
    let fix = fix.map(str::to_owned);
    Condition { name: "live", value: String::new(), outcome, reason, fix }
}

fn tell(gate: &Gate, check: &Check, global: &Global) -> Result<(), CommandError> {
    let format = match check.format {
        Form::Human => Format::Human,
        Form::Json => Format::Json,
        Form::Junit => Format::Junit,
    };
    showing::show(check.output.as_deref(), global, &mut |options, out| {
        gate.render(format, options, out)
    })?;
    if env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") {
        // The runner reads commands from both streams, and this one holds no data.
        gate.annotations().iter().for_each(|line| words::say(line));
        if let Some(path) = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) {
            let path = Path::new(&path);
            // The verdict is what the job goes by: it holds though nobody can read the summary.
            if let Err(error) = append(path, &gate.markdown()) {
                let path = path.display();
                words::say(&format!("warning: the summary is not written to `{path}`: {error}"));
            }
        }
    }
    Ok(())
}

/// Adds to a job's summary what other steps may have begun.
fn append(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(text.as_bytes())
}

fn exit(gate: &Gate, standing: &Standing) -> Exit {
    match gate.outcome() {
        Outcome::Passed => Exit::Clean,
        Outcome::Failed if matches!(standing, Standing::Dead(_)) => Exit::NotAuthenticated,
        Outcome::Failed => Exit::Findings,
        Outcome::Unknown => Exit::Error,
    }
}
