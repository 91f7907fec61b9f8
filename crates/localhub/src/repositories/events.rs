//! What happened to a repository, told to webhooks and to the audit log of its organisation.

use serde_json::{Value, json};

use super::call::Call;
use crate::{Caller, RepoEvent, RepoName, World};

/// Tells webhooks; nothing if the repository is gone by now.
pub(super) fn tell(
    world: &World,
    repo: &RepoName,
    (action, scope): (&'static str, &'static str),
    more: Vec<(&'static str, Value)>,
) {
    if let Some(facts) = world.repositories.facts(repo) {
        let (repo_id, is_private) = (&facts.id, facts.is_private);
        world.notify(&RepoEvent { repo, repo_id, is_private, action, scope, more });
    }
}

/// Tells webhooks of a change to what a ref names.
pub(super) fn tell_of_content(call: &Call, more: Vec<(&'static str, Value)>) {
    tell(&call.world, &call.repo, ("update", "repo.content"), more);
}

/// Tells webhooks of a discussion, or of what was said in it.
pub(super) fn tell_of_discussion(call: &Call, event: (&'static str, &'static str), number: usize) {
    let found = call.world.repositories.with(&call.repo, |record| {
        record.discussions.iter().find(|discussion| discussion.number == number).cloned()
    });
    let Some(discussion) = found.ok().flatten() else { return };
    let url = format!("{}/discussions/{number}", call.web_url());
    let body = json!({
        "id": format!("{number:024x}"),
        "title": discussion.title,
        "url": { "web": url },
        "status": discussion.status.name(),
        "isPullRequest": discussion.pull.is_some(),
        "num": number,
    });
    tell(&call.world, &call.repo, event, vec![("discussion", body)]);
}

/// Records an event of the audit log, if the repository is an organisation's.
pub(super) fn log(caller: &Caller, repo: &RepoName, kind: &str, message: &str) {
    let message = format!("{message} {} {}", repo.kind.singular(), repo.id());
    let event = caller.event(kind, message).with(json!({
        "repository": { "type": repo.kind.singular(), "name": repo.id() }
    }));
    caller.world().state().record(&repo.namespace, event);
}
