//! Repositories come, change their settings or their name, and go.

pub(crate) mod card;
pub(crate) mod create;
pub(crate) mod duplicate;
pub(crate) mod moving;
pub(crate) mod removal;
pub(crate) mod settings;

use crate::{Caller, Denial, RepoKind, RepoName};

/// The repository that a body names; without an organisation it is the caller's own.
fn named(
    caller: &Caller,
    kind: RepoKind,
    organization: Option<&str>,
    name: &str,
) -> Result<RepoName, Denial> {
    let own = caller.session()?.user_name().unwrap_or_default().to_owned();
    let (namespace, name) = match name.split_once('/') {
        Some((namespace, name)) => (namespace, name),
        None => (organization.unwrap_or(&own), name),
    };
    RepoName::new(kind, namespace, name)
        .map_err(|_| Denial::bad_request(format!("Invalid repo name: {name}")))
}

/// The kind that a body states; models are not stated.
fn kind(word: Option<&str>) -> Result<RepoKind, Denial> {
    let Some(word) = word else { return Ok(RepoKind::Model) };
    word.parse().map_err(|_| Denial::bad_request(format!("Invalid repo type: {word}")))
}

/// Whether a body asks for a private repository: older clients say `private`, newer `visibility`.
fn is_private(private: Option<bool>, visibility: Option<&str>) -> Option<bool> {
    visibility.map(|word| word != "public").or(private)
}
