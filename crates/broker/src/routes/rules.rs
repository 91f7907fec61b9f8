//! What a request needs by the row that it fits.

use bearhug_core::scope::{Action, RepoKind, Resource};

use super::{
    Head, Inspector, Refusal, Route, WholeBody, content, names, needs,
    path::decoded,
    query::Query,
    row::{Form, Rule},
    table::Found,
};

/// What to do with a request that fits a row.
pub(super) fn route(head: &Head<'_>, query: Query<'_>, found: Found<'_>) -> Result<Route, Refusal> {
    let name = found.row.name;
    let needed = match found.row.rule {
        Rule::Public => Vec::new(),
        Rule::Own(own) => return Ok(Route::Own(own)),
        Rule::NeverLent => return Err(Refusal::NeverLent),
        Rule::All(Action::Infer) => {
            let part = needs::to(Action::Infer, Resource::All(None));
            return Ok(Route::Known(needs::partly(name, part)));
        }
        Rule::All(action) => vec![needs::to(action, Resource::All(None))],
        Rule::Owner(action) => vec![needs::to(action, owned_by(found.first, None)?)],
        Rule::Buckets => {
            vec![needs::to(Action::Read, owned_by(found.first, Some(RepoKind::Bucket))?)]
        }
        Rule::List(kind) => vec![needs::to(Action::Read, listed(query, "author", Some(kind))?)],
        Rule::Owned => vec![needs::to(Action::Read, listed(query, "owner", None)?)],
        _ => return on_repository(head, query, found),
    };
    Ok(Route::Known(needs::operation(name, needed)))
}

/// Whatever is done to the repository that the path names, or to what the body does.
fn on_repository(head: &Head<'_>, query: Query<'_>, found: Found<'_>) -> Result<Route, Refusal> {
    let name = found.row.name;
    let repository = match found.row.rule {
        Rule::Body(form) => return whole(head, form, found),
        _ => found.repository.ok_or(Refusal::Unknown)?,
    };
    let at = || names::revision(&decoded(found.first)?);
    let operation = match found.row.rule {
        Rule::Repository(action) => needs::operation(name, vec![needs::to(action, repository)]),
        Rule::WriteAt | Rule::Commit if query.is_proposal()? => {
            needs::operation(name, needs::propose(&repository))
        }
        Rule::WriteAt => needs::partly(name, needs::add(repository, Some(at()?))),
        Rule::WriteSome => needs::partly(name, needs::add(repository, None)),
        Rule::DeleteAt => needs::operation(name, vec![needs::delete(repository, at()?)]),
        Rule::Service => match query.one("service")?.as_deref() {
            Some("git-upload-pack") => {
                needs::operation(name, vec![needs::to(Action::Read, repository)])
            }
            Some("git-receive-pack") => needs::partly(name, needs::add(repository, None)),
            _ => return Err(Refusal::Unknown),
        },
        Rule::Commit => {
            content::is(head, "application/x-ndjson")?;
            let revision = at()?;
            let part = needs::add(repository.clone(), Some(revision.clone()));
            let lines = Inspector::commit(repository, revision);
            return Ok(Route::Passing(needs::partly(name, part), lines));
        }
        Rule::Batch => {
            content::is(head, "application/x-ndjson")?;
            let part = needs::add(repository.clone(), None);
            return Ok(Route::Passing(needs::partly(name, part), Inspector::batch(repository)));
        }
        Rule::Push => {
            content::is(head, "application/x-git-receive-pack-request")?;
            let part = needs::add(repository.clone(), None);
            return Ok(Route::Passing(needs::partly(name, part), Inspector::push(repository)));
        }
        Rule::Model => {
            let part = needs::to(Action::Infer, Resource::All(None));
            let mut call = needs::partly(name, part);
            call.model = Some(repository.to_string());
            call
        }
        _ => return Err(Refusal::Unknown),
    };
    Ok(Route::Known(operation))
}

/// A request whose body has to be read.
fn whole(head: &Head<'_>, form: Form, found: Found<'_>) -> Result<Route, Refusal> {
    match form {
        Form::LargeFiles => content::is(head, "application/vnd.git-lfs+json")?,
        // Clients that have nothing to say of a branch send nothing.
        Form::Branch if head.content_type.is_none() && !head.is_encoded => {}
        _ => content::is(head, "application/json")?,
    }
    let at = match form {
        Form::Branch => Some(names::revision(&decoded(found.first)?)?),
        Form::Job | Form::ScheduledJob => Some(found.first.to_owned()),
        _ => None,
    };
    let repository = found.repository;
    Ok(Route::Whole(WholeBody { name: found.row.name, form, repository, at }))
}

/// What a user or an organisation has.
fn owned_by(owner: &str, kind: Option<RepoKind>) -> Result<Resource, Refusal> {
    Ok(Resource::Namespace(kind, names::owner(owner)?))
}

/// What a list shows: one owner's, or everybody's.
fn listed(query: Query<'_>, by: &str, kind: Option<RepoKind>) -> Result<Resource, Refusal> {
    Ok(match query.one(by)? {
        Some(owner) => owned_by(&owner, kind)?,
        None => Resource::All(kind),
    })
}
