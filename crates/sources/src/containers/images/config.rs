//! The configuration of an image: what its author wrote beside files.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use serde::Deserialize;

use super::MOST_JSON;
use crate::containers::inside::{Cut, Ended, Inside};

/// How many of its parts are named. What is beyond is read as part of the whole.
const MOST_NAMED: usize = 1000;

/// What an image is configured to be, as its own configuration has it
/// (<https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md>, section "Properties"), or as
/// an engine describes it.
#[derive(Deserialize)]
struct Config {
    #[serde(default, alias = "Config")]
    config: Option<Execution>,
    #[serde(default)]
    history: Option<Vec<History>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Execution {
    #[serde(default)]
    env: Option<Vec<String>>,
    #[serde(default)]
    entrypoint: Option<Vec<String>>,
    #[serde(default)]
    cmd: Option<Vec<String>>,
    #[serde(default)]
    labels: Option<BTreeMap<String, String>>,
}

/// How a layer, or a change of the configuration, was made.
#[derive(Deserialize)]
struct History {
    #[serde(default)]
    created_by: Option<String>,
    #[serde(default)]
    comment: Option<String>,
    #[serde(default)]
    author: Option<String>,
}

/// Delivers a configuration as it is, and what it says under the names of its parts.
pub(super) fn read(inside: &Inside<'_>, name: &str, content: &mut dyn Read) -> Result<(), Cut> {
    let mut json = Vec::new();
    let read = (&mut *content).take(MOST_JSON + 1).read_to_end(&mut json);
    inside.part(name, &mut Cursor::new(&json).chain(content))?;
    read?;
    if let Ok(config) = serde_json::from_slice::<Config>(&json) {
        inside.within(name, |inside| config.deliver(inside))?;
    }
    Ok(())
}

impl Config {
    fn deliver(self, inside: &Inside<'_>) -> Result<(), Ended> {
        let mut left = MOST_NAMED;
        let mut part = |name: &str, text: &str| {
            let Some(less) = left.checked_sub(1) else { return Ok(()) };
            left = less;
            inside.part(name, &mut text.as_bytes())
        };
        if let Some(execution) = self.config {
            for variable in execution.env.into_iter().flatten() {
                let name = variable.split('=').next().unwrap_or_default();
                part(&format!("environment {name}"), &variable)?;
            }
            for (name, words) in [("entrypoint", execution.entrypoint), ("cmd", execution.cmd)] {
                if let Some(words) = words {
                    part(name, &words.join(" "))?;
                }
            }
            for (key, value) in execution.labels.into_iter().flatten() {
                part(&format!("label {key}"), &format!("{key}={value}"))?;
            }
        }
        for (number, entry) in self.history.into_iter().flatten().enumerate() {
            let words = [entry.created_by, entry.comment, entry.author];
            let text: Vec<_> = words.into_iter().flatten().collect();
            part(&format!("history {}", number + 1), &text.join("\n"))?;
        }
        Ok(())
    }
}
