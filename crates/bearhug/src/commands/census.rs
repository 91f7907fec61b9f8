//! `bearhug census`.

use std::{collections::BTreeMap, sync::Arc};

use bearhug_core::{
    event::{EventKind, Happening},
    lifecycle::Author,
};
use bearhug_ledger::Changes;
use bearhug_view::census::{Census as Report, Format};
use jiff::Timestamp;

use super::showing;
use crate::{
    Exit, author,
    cleaning::Cleaner,
    cli::{Census, Global, Wording},
    error::CommandError,
    hub::{self, Hub},
    interrupt::{self, Interrupted},
    ledger::{self, Desk, Ledger},
    tokens::{self, Held},
};

mod ageing;
mod entries;
mod organisation;
mod plan;
mod recording;
mod values;

use plan::Plan;

/// Why some question has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Failure {
    /// The Hub does not take the token that asks.
    Unauthenticated,
    /// Anything else.
    Other,
}

/// A round of questions: what the parts of a census share.
struct Round<'a> {
    arguments: &'a Census,
    hub: &'a Hub,
    /// None if nothing is to be written and there is no ledger yet.
    desk: Option<&'a Desk>,
    author: Author,
    cleaner: Cleaner,
    now: Timestamp,
}

impl<'a> Round<'a> {
    /// The ledger, if there is one.
    fn ledger(&self) -> Option<&'a Ledger> {
        self.desk.map(|desk| &desk.ledger)
    }

    /// Where to write to, unless nothing is to be written.
    fn writing(&self) -> Option<&'a Desk> {
        self.desk.filter(|_| !self.arguments.dry_run)
    }
}

/// What is known so far, and what there is to tell.
struct Findings {
    report: Report,
    failures: Vec<Failure>,
}

impl Findings {
    /// Takes down that something could not be asked. It is a failure unless it is known not to be there.
    fn gap(&mut self, what: impl Into<String>, why: impl Into<String>, failure: Option<Failure>) {
        let gap = bearhug_view::census::Gap { what: what.into(), why: why.into() };
        self.report.gaps.push(gap);
        self.failures.extend(failure);
    }
}

pub(crate) fn run(arguments: &Census, global: &Global) -> Result<Exit, CommandError> {
    let held = values::at_hand()?;
    let may_ask = held.iter().any(|one| values::unaskable(&one.token).is_none());
    if !may_ask && arguments.orgs.is_empty() {
        return Err(values::nothing_to_ask(&held)
            .hint("log in with `hf auth login`, set HF_TOKEN, or name an organisation with `--org`")
            .not_authenticated());
    }
    let stop = interrupt::flag()?;
    let hub = Hub::at_pace(hub::pace(&arguments.questions), &stop, global)?;
    // Nothing raises this flag: what was learned is recorded though the user interrupts the questions.
    let never = Arc::default();
    let desk = if arguments.dry_run {
        Desk::open_if_there(&arguments.ledger, global, &never)?
    } else {
        Some(Desk::open(&arguments.ledger, global, &never)?)
    };
    let round = Round {
        arguments,
        hub: &hub,
        desk: desk.as_ref(),
        author: Author { name: author::name() },
        cleaner: Cleaner::new(),
        now: ledger::now(),
    };
    let mut findings = Findings { report: blank(&round), failures: Vec::new() };
    let mut plan = Plan::of(&round)?;
    findings.report.interrupted = ask(&round, &held, &mut plan, &mut findings)?.is_err();
    plan.settle();
    recording::record(&round, &plan, &mut findings.report)?;
    if !findings.report.interrupted {
        findings.report.reassessed = ageing::reassess(&round)?;
    }
    close(&round, &findings)?;
    let format = match arguments.format {
        Wording::Human => Format::Human,
        Wording::Json => Format::Json,
        Wording::Jsonl => Format::Jsonl,
    };
    showing::show(arguments.output.as_deref(), global, &mut |options, out| {
        findings.report.render(format, options, out)
    })?;
    Ok(exit(&findings))
}

fn blank(round: &Round<'_>) -> Report {
    Report {
        endpoint: round.hub.address(),
        at: round.now,
        is_plan: round.arguments.dry_run,
        interrupted: false,
        answered: Vec::new(),
        gaps: Vec::new(),
        changes: Vec::new(),
        unchanged: 0,
        strangers: Vec::new(),
        doubts: Vec::new(),
        left: Vec::new(),
        reassessed: 0,
    }
}

/// Asks for everything, until the user interrupts.
fn ask(
    round: &Round<'_>,
    held: &[Held],
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<Result<(), Interrupted>, CommandError> {
    if values::ask(round, held, plan, findings)?.is_err() {
        return Ok(Err(Interrupted));
    }
    if round.arguments.orgs.is_empty() {
        return Ok(Ok(()));
    }
    let (administrator, _) = tokens::required()?;
    for org in &round.arguments.orgs {
        match organisation::ask(round, org, &administrator, findings) {
            Ok(answers) => plan.hear_organisation(round, org, &answers, &mut findings.report),
            Err(Interrupted) => return Ok(Err(Interrupted)),
        }
    }
    Ok(Ok(()))
}

/// Records that a census was taken, if it changed anything.
fn close(round: &Round<'_>, findings: &Findings) -> Result<(), CommandError> {
    let report = &findings.report;
    let Some(desk) = round.writing() else { return Ok(()) };
    if report.changes.is_empty() && report.reassessed == 0 {
        return Ok(());
    }
    let details = [
        ("endpoint", report.endpoint.clone()),
        ("organisations", round.cleaner.text(&round.arguments.orgs.join(", "))),
        ("changed", report.changes.len().to_string()),
        ("unchanged", report.unchanged.to_string()),
        ("reassessed", report.reassessed.to_string()),
        ("gaps", report.gaps.len().to_string()),
        ("interrupted", report.interrupted.to_string()),
    ];
    let details: BTreeMap<_, _> = details
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    let actor = round.author.name.clone();
    let event =
        Happening { at: round.now, kind: EventKind::Census, actor, identity: None, details };
    let changes = Changes { events: vec![event], ..Changes::default() };
    desk.ledger.change(|_| Ok((changes.clone(), ())))
}

fn exit(findings: &Findings) -> Exit {
    let failures = &findings.failures;
    match (findings.report.interrupted, findings.report.answered.is_empty()) {
        (true, _) => Exit::Interrupted,
        _ if failures.is_empty() => Exit::Clean,
        _ if failures.contains(&Failure::Unauthenticated) => Exit::NotAuthenticated,
        (_, true) => Exit::Error,
        (_, false) => Exit::Partial,
    }
}
