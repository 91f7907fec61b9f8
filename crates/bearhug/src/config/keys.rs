//! What may be set where.

use std::ffi::OsString;

use super::{
    error::{ConfigError, nearest},
    node::{Node, Value},
    origin::Origin,
};

/// What only the user may set, by the environment as well. A repository that could would hide its own
/// tokens from a scan, or choose who is told of them.
const USERS_ALONE: &[(&str, Option<Variable>)] = &[
    ("ledger.address", Some(Variable { name: "BEARHUG_LEDGER", form: Form::Text })),
    ("vault.path", Some(Variable { name: "BEARHUG_VAULT", form: Form::Text })),
    ("scan.exclude", None),
    ("scan.max-size", Some(Variable { name: "BEARHUG_SCAN_MAX_SIZE", form: Form::Text })),
    (
        "scan.respect-gitignore",
        Some(Variable { name: "BEARHUG_SCAN_RESPECT_GITIGNORE", form: Form::Literal }),
    ),
    ("scan.threads", Some(Variable { name: "BEARHUG_SCAN_THREADS", form: Form::Literal })),
    (
        "scan.min-confidence",
        Some(Variable { name: "BEARHUG_SCAN_MIN_CONFIDENCE", form: Form::Text }),
    ),
    ("scan.fail-on", Some(Variable { name: "BEARHUG_SCAN_FAIL_ON", form: Form::Text })),
    ("scan.strict", Some(Variable { name: "BEARHUG_SCAN_STRICT", form: Form::Literal })),
];

/// What every variable of ours starts with.
const PREFIX: &str = "BEARHUG_";

#[derive(Debug)]
struct Variable {
    name: &'static str,
    form: Form,
}

/// How a variable is read.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// As it is.
    Text,
    /// As TOML would be: `true`, `4`.
    Literal,
}

/// Who may set a key, and the variable that does.
#[cfg(test)]
pub(super) fn of_key(key: &str) -> (&'static str, Option<&'static str>) {
    match USERS_ALONE.iter().find(|(known, _)| *known == key) {
        Some((_, variable)) => ("you", variable.as_ref().map(|variable| variable.name)),
        None => ("you, a repository", None),
    }
}

/// Refuses a repository's file that sets what is not a repository's to say.
pub(super) fn check_repository(said: &Node) -> Result<(), ConfigError> {
    for (key, _) in USERS_ALONE {
        if let Some(node) = said.get(key.split('.')) {
            let why = format!("a repository may not set `{key}`; put it into your own file");
            return Err(ConfigError::new(why).at(&node.origin));
        }
    }
    Ok(())
}

/// What the environment says, and remarks on what it probably meant to say.
pub(super) fn of_environment(
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> (Node, Vec<String>) {
    let (mut said, mut remarks) = (Node::empty(), Vec::new());
    let known =
        || USERS_ALONE.iter().filter_map(|(key, variable)| variable.as_ref().map(|v| (*key, v)));
    for (name, value) in variables {
        let (Some(name), Some(text)) = (name.to_str(), value.to_str()) else { continue };
        let Some(own) = name.strip_prefix(PREFIX).filter(|_| !text.is_empty()) else { continue };
        if let Some((key, variable)) = known().find(|(_, variable)| variable.name == name) {
            let origin = Origin::Variable(variable.name);
            said.put(key, variable.form.read(text, origin));
        } else if let Some(meant) =
            nearest(own, known().filter_map(|(_, v)| v.name.strip_prefix(PREFIX)))
        {
            remarks.push(format!("`{name}` sets nothing; did you mean `{PREFIX}{meant}`?"));
        }
    }
    (said, remarks)
}

impl Form {
    fn read(self, text: &str, origin: Origin) -> Node {
        let text_value = || Value::Text(text.to_owned());
        let value = match self {
            Self::Text => text_value(),
            Self::Literal => match text.parse() {
                Ok(is_true) => Value::Bool(is_true),
                Err(_) => text.parse().map_or_else(|_| text_value(), Value::Integer),
            },
        };
        Node { origin, value }
    }
}
