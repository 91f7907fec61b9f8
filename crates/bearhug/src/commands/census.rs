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
    cli::{Census, Global, Wording},
    error::CommandError,
    hub::{self, Hub},
    interrupt::{self, Interrupted},
    ledger::Ledger,
    tokens::{self, Held},
};

mod ageing;
mod cleaning;
mod entries;
mod organisation;
mod plan;
mod recording;
mod values;
mod weighing;

use cleaning::Cleaner;
use plan::Plan;
use weighing::Scales;

/// Why some question has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Failure {
    /// The Hub does not take the token that asks.
    Unauthenticated,
    /// Anything else.
    Other,
}

/// What the parts of a census share.
struct Desk<'a> {
    arguments: &'a Census,
    hub: &'a Hub,
    /// None if nothing is to be written and there is no ledger yet.
    ledger: Option<&'a Ledger>,
    author: Author,
    cleaner: Cleaner,
    now: Timestamp,
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
    if held.is_empty() && arguments.orgs.is_empty() {
        return Err(CommandError::new("there is no token here to ask the Hub about")
            .hint("log in with `hf auth login`, set HF_TOKEN, or name an organisation with `--org`")
            .not_authenticated());
    }
    let stop = interrupt::flag()?;
    let hub = Hub::at_pace(hub::pace(&arguments.questions), &stop, global)?;
    // Nothing raises this flag: what was learned is recorded though the user interrupts the questions.
    let never = Arc::default();
    let ledger = if arguments.dry_run {
        Ledger::open_if_there(&arguments.ledger, None, &never)?
    } else {
        Some(Ledger::open(&arguments.ledger, None, &never)?)
    };
    let desk = Desk {
        arguments,
        hub: &hub,
        ledger: ledger.as_ref(),
        author: Author { name: author::name() },
        cleaner: Cleaner::new(),
        now: Timestamp::now(),
    };
    let scales = Scales::of(desk.ledger)?;
    let mut findings = Findings { report: blank(&desk), failures: Vec::new() };
    let mut plan = Plan::of(&desk)?;
    findings.report.interrupted = ask(&desk, &held, &mut plan, &mut findings)?.is_err();
    recording::record(&desk, plan, &scales, &mut findings.report)?;
    if !findings.report.interrupted {
        findings.report.reassessed = ageing::reassess(&desk, &scales)?;
    }
    close(&desk, &findings)?;
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

fn blank(desk: &Desk<'_>) -> Report {
    Report {
        endpoint: desk.hub.address(),
        at: desk.now,
        is_plan: desk.arguments.dry_run,
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
    desk: &Desk<'_>,
    held: &[Held],
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<Result<(), Interrupted>, CommandError> {
    if values::ask(desk, held, plan, findings)?.is_err() {
        return Ok(Err(Interrupted));
    }
    if desk.arguments.orgs.is_empty() {
        return Ok(Ok(()));
    }
    let (administrator, _) = tokens::required()?;
    for org in &desk.arguments.orgs {
        match organisation::ask(desk, org, &administrator, findings) {
            Ok(answers) => plan.hear_organisation(desk, org, answers, &mut findings.report),
            Err(Interrupted) => return Ok(Err(Interrupted)),
        }
    }
    Ok(Ok(()))
}

/// Records that a census was taken, if it changed anything.
fn close(desk: &Desk<'_>, findings: &Findings) -> Result<(), CommandError> {
    let report = &findings.report;
    let Some(ledger) = desk.ledger.filter(|_| !desk.arguments.dry_run) else { return Ok(()) };
    if report.changes.is_empty() && report.reassessed == 0 {
        return Ok(());
    }
    let details = [
        ("endpoint", report.endpoint.clone()),
        ("organisations", desk.cleaner.text(&desk.arguments.orgs.join(", "))),
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
    let actor = desk.author.name.clone();
    let event =
        Happening { at: desk.now, kind: EventKind::Census, actor, identity: None, details };
    ledger.change(|_| Ok((Changes { events: vec![event.clone()], ..Changes::default() }, ())))
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
