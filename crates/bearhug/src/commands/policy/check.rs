//! `bearhug policy check`.

use std::collections::BTreeSet;

use bearhug_core::{
    assess::assess,
    identity::{Breach, Identity},
    policy::Rule,
};
use bearhug_ledger::{Filter, Order};
use bearhug_view::policy::{Broken, Check};
use jiff::Timestamp;

use crate::{
    Exit,
    cli::{Global, PolicyCheck},
    commands::showing,
    error::CommandError,
    interrupt,
    ledger::{Desk, Scales},
    words,
};

pub(super) fn run(arguments: &PolicyCheck, global: &Global) -> Result<Exit, CommandError> {
    if let Some(environment) = &arguments.environment {
        words::no_token_argument(environment)?;
    }
    // A gate that lets everything pass because it looks at nothing is none.
    let desk = Desk::existing(&arguments.which, global, &interrupt::flag()?)?;
    let check = check(&desk, arguments)?;
    let wording = arguments.format.into();
    showing::show(arguments.output.as_deref(), global, &mut |options, out| {
        check.render(wording, options, out)
    })?;
    Ok(if check.passed() { Exit::Clean } else { Exit::Findings })
}

fn check(desk: &Desk, arguments: &PolicyCheck) -> Result<Check, CommandError> {
    let scales = desk.scales()?;
    let is_wanted = |identity: &Identity| {
        arguments.environment.as_deref().is_none_or(|name| environments(identity).contains(name))
    };
    let mut check = Check {
        broken: Vec::new(),
        checked: 0,
        fail_on: arguments.fail_on,
        rules: arguments.rule.iter().map(|rule| rule.key()).collect(),
    };
    desk.ledger.each_identity(&Filter::default(), Order::Urgency, |identity| {
        if is_wanted(&identity) {
            check.checked += 1;
            check.broken.extend(broken(&identity, &scales, desk.now));
        }
    })?;
    if !arguments.rule.is_empty() {
        let is_wanted = |broken: &Broken| {
            Rule::of_key(&broken.breach.rule).is_some_and(|rule| arguments.rule.contains(&rule))
        };
        check.broken.retain(is_wanted);
    }
    Ok(check)
}

/// The environments that an identity is for or was seen in.
fn environments(identity: &Identity) -> BTreeSet<&str> {
    let said = identity.purpose.environment.iter();
    said.chain(&identity.exposure.environments).map(String::as_str).collect()
}

/// What an identity breaks of the policy as it is now, whatever held when it was last weighed.
fn broken(identity: &Identity, scales: &Scales, now: Timestamp) -> Vec<Broken> {
    let assessment = assess(identity, scales, now);
    let broken = |breach: Breach, waived_until| Broken {
        identity: identity.id,
        name: identity.name.clone(),
        owner: identity.ownership.owner.clone(),
        environments: environments(identity).into_iter().map(str::to_owned).collect(),
        breach,
        waived_until,
    };
    let open = assessment.breaches.into_iter().map(|breach| broken(breach, None));
    let waived = assessment.waived.into_iter().map(|w| broken(w.breach, Some(w.until)));
    open.chain(waived).collect()
}
