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

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = include_str!("../../../../docs/policy.md");

    #[test]
    fn every_rule_is_documented() {
        let rows = demands(&Policy::default());
        let rows = rows.iter().map(|d| format!("| `{}` | `{}` | {} |\n", d.rule, d.value, d.means));
        let table = format!(
            "| rule | default | what it demands |\n|---|---|---|\n{}",
            rows.collect::<String>()
        );
        assert!(PAGE.contains(&table), "docs/policy.md should have:\n{table}");
    }

    #[test]
    fn a_rule_that_is_off_says_so() {
        let ages = [("production".to_owned(), 30)].into();
        let off = Policy { max_age_days: 0, fine_grained_only: false, ..Policy::default() };
        let applies = |policy: &Policy, rule| {
            demands(policy).into_iter().any(|demand| demand.rule == rule && demand.applies)
        };
        for rule in [Rule::MaxAge, Rule::FineGrainedOnly, Rule::NoWriteOutside] {
            assert!(!applies(&off, rule), "{rule}");
        }
        let some = Policy { max_age_days_by_environment: ages, ..off };
        assert!(applies(&some, Rule::MaxAge) && applies(&some, Rule::OwnerRequired));
    }

    #[derive(serde::Deserialize)]
    struct File {
        policy: Policy,
    }

    /// The examples of the page come out as it says.
    #[test]
    fn the_examples_of_the_page_pass() {
        let policies = blocks("[policy]");
        let examples = blocks("[[example]]");
        assert!(!policies.is_empty() && !examples.is_empty());
        for policy in policies {
            let File { policy } = toml::from_str(policy).unwrap();
            for examples in &examples {
                let examples: examples::Examples = toml::from_str(examples).unwrap();
                for example in examples.example {
                    let outcome = example.test(&policy, Timestamp::now());
                    assert!(outcome.is_as_expected(), "{}: {outcome:?}", example.name);
                }
            }
        }
    }

    /// The TOML of the page that starts so.
    fn blocks(start: &str) -> Vec<&'static str> {
        let blocks = PAGE.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
        blocks.filter(|block| block.starts_with(start)).collect()
    }
}
