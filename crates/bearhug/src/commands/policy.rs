//! `bearhug policy`.

use std::path::PathBuf;

use bearhug_core::policy::{Policy, Rule, examples};
use bearhug_view::policy::{Demand, Demands, Examined, Examples};
use jiff::Timestamp;
use serde_json::Value;

use super::showing;
use crate::{
    Exit,
    cli::{self, Global, PolicyAction, PolicyShow, PolicyTest, Shape},
    config,
    error::CommandError,
};

mod check;
mod waivers;

/// The examples that are tried when no others are named.
const EXAMPLES: &str = "policy-examples.toml";

pub(crate) fn run(arguments: &cli::Policy, global: &Global) -> Result<Exit, CommandError> {
    match &arguments.action {
        PolicyAction::Show(arguments) => show(arguments, global),
        PolicyAction::Check(arguments) => check::run(arguments, global),
        PolicyAction::Test(arguments) => test(arguments, global),
        PolicyAction::Waive(arguments) => waivers::waive(arguments, global),
        PolicyAction::Unwaive(arguments) => waivers::unwaive(arguments, global),
        PolicyAction::Waivers(arguments) => waivers::list(arguments, global),
    }
}

fn show(arguments: &PolicyShow, global: &Global) -> Result<Exit, CommandError> {
    let demands = Demands { rules: demands(&config::load(global)?.policy) };
    showing::show(None, global, &mut |options, out| match arguments.format {
        Shape::Human => demands.render(options, out),
        Shape::Json => demands.render_json(out),
    })?;
    Ok(Exit::Clean)
}

/// The rules as a policy sets them.
fn demands(policy: &Policy) -> Vec<Demand> {
    let table = serde_json::to_value(policy).unwrap_or_default();
    let of = |&rule: &Rule| {
        let value = table.get(rule.key()).cloned().unwrap_or_default();
        let is_set = |value: &Value| match value {
            Value::Bool(is_true) => *is_true,
            Value::Number(number) => number.as_u64() != Some(0),
            Value::Array(list) => !list.is_empty(),
            _ => false,
        };
        // An age may be set for single environments and roles alone.
        let has_ages = rule == Rule::MaxAge
            && (policy.max_age_days_by_environment.values())
                .chain(policy.max_age_days_by_role.values())
                .any(|days| *days > 0);
        Demand {
            rule,
            applies: is_set(&value) || has_ages,
            value: config::written(&value),
            mode: policy.mode_of(rule),
            means: rule.means(),
        }
    };
    Rule::ALL.iter().map(of).collect()
}

fn test(arguments: &PolicyTest, global: &Global) -> Result<Exit, CommandError> {
    let policy = config::load(global)?.policy;
    let now = Timestamp::now();
    let named = [PathBuf::from(EXAMPLES)];
    let files = if arguments.files.is_empty() { &named[..] } else { &arguments.files };
    let mut tried = Vec::new();
    for path in files {
        let examples: examples::Examples = config::read_file(path)?;
        tried.extend(examples.example.into_iter().map(|example| Examined {
            file: path.display().to_string(),
            outcome: example.test(&policy, now),
            name: example.name,
        }));
    }
    if tried.is_empty() {
        return Err(CommandError::new("there is no example in what is to be tried")
            .hint("each stands under `[[example]]`; `bearhug policy test --help` shows one"));
    }
    let examples = Examples { examples: tried };
    showing::show(None, global, &mut |options, out| match arguments.format {
        Shape::Human => examples.render(options, out),
        Shape::Json => examples.render_json(out),
    })?;
    Ok(if examples.passed() { Exit::Clean } else { Exit::Findings })
}
