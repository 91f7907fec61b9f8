//! Whose a token is and what it may do.

use std::io;

use anstyle::Style;
use bearhug_core::grant::{
    Credential, Entity, EntityKind, Grant, OrgAccess, Permission, Power, Role,
};
use jiff::Timestamp;

use crate::{sanitize::visible, sheet::Sheet, text::count};

pub(super) fn who(grant: &Grant, now: Timestamp) -> String {
    let account = format!("{} ({})", grant.account.name, grant.account.kind.name());
    let credential = match &grant.credential {
        Credential::AccessToken(token) => {
            let age = token.created_at.map_or("its age is not told".to_owned(), |at| {
                format!("made or rotated {}", ago(at, now))
            });
            format!("token `{}`, {age}", token.display_name)
        }
        Credential::Session(session) => match &session.resource {
            Some(resource) => format!("trusted publisher of {resource}"),
            None => "OAuth session".to_owned(),
        },
        Credential::App(_) => "application".to_owned(),
    };
    let expiry = grant.expires_at.map_or(String::new(), |at| format!(", expires {}", date(at)));
    format!("{account}, {credential}{expiry}")
}

fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

fn ago(at: Timestamp, now: Timestamp) -> String {
    match now.duration_since(at).as_hours() {
        ..1 => format!("just now ({})", date(at)),
        hours @ 1..48 => format!("{hours} hours ago ({})", date(at)),
        hours => format!("{} days ago ({})", hours / 24, date(at)),
    }
}

pub(crate) fn role(grant: &Grant) -> String {
    let Credential::AccessToken(token) = &grant.credential else {
        return format!("none: the Hub calls this `{}`", grant.auth);
    };
    let words = match &token.role {
        Role::Read => "reads whatever its owner can read, and calls models",
        Role::Write => "does whatever its owner may do with repositories, deleting them included",
        Role::God => "does everything that its owner may",
        Role::FineGrained(_) => "does what is listed below",
        Role::Unknown(_) => "nothing is known of this role, so the worst is assumed",
    };
    format!("{}, which {words}", token.role.name())
}

pub(crate) fn organisations(sheet: &mut Sheet<'_>, orgs: &[OrgAccess]) -> io::Result<()> {
    let widest = orgs.iter().map(|org| visible(&org.name).chars().count()).max().unwrap_or(0);
    for (i, org) in orgs.iter().enumerate() {
        let role = org.role.as_ref().map_or("role unknown", |role| role.name());
        let plan = org.plan.as_ref().map_or("", |plan| plan.name());
        let groups = match org.resource_groups.len() {
            0 => String::new(),
            n => count(n, "resource group"),
        };
        let facts: Vec<_> =
            [role, plan, &groups].into_iter().filter(|text| !text.is_empty()).collect();
        let line = format!("{:widest$}  {}", visible(&org.name), visible(&facts.join(", ")));
        sheet.labelled(if i == 0 { "orgs:" } else { "" }, &line)?;
        for restriction in &org.restrictions {
            let text = format!("kept out: {}", restriction.words());
            sheet.painted(1, sheet.ink.doubt, &text)?;
        }
    }
    Ok(())
}

pub(crate) fn permissions(sheet: &mut Sheet<'_>, grant: &Grant) -> io::Result<()> {
    let listed = listed(grant);
    if !listed.is_empty() {
        sheet.gap()?;
    }
    let mut label = "may:";
    for (place, permissions) in listed {
        sheet.labelled(label, &visible(&place))?;
        label = "";
        let widest = permissions.iter().map(|p| p.name().chars().count()).max().unwrap_or(0);
        for permission in permissions {
            let head = format!("{:widest$}  ", visible(permission.name()));
            let style = match permission.power() {
                Power::Critical => sheet.ink.alarm,
                Power::High => sheet.ink.strong,
                Power::Low => Style::new(),
            };
            sheet.row(1, style, &head, permission.words())?;
        }
    }
    Ok(())
}

/// The permissions that a grant lists, by what they are on.
fn listed(grant: &Grant) -> Vec<(String, Vec<Permission>)> {
    match &grant.credential {
        Credential::AccessToken(token) => match &token.role {
            Role::FineGrained(fine) => {
                let scoped = fine.scoped.iter();
                let mut all: Vec<_> =
                    scoped.map(|s| (entity(&s.entity), s.permissions.clone())).collect();
                if !fine.global.is_empty() {
                    all.push(("everywhere".to_owned(), fine.global.clone()));
                }
                if fine.can_read_gated {
                    all.push((
                        "public gated repositories: read those that its owner was let into"
                            .to_owned(),
                        Vec::new(),
                    ));
                }
                if all.is_empty() {
                    all.push(("nothing but what anybody may".to_owned(), Vec::new()));
                }
                all
            }
            _ => Vec::new(),
        },
        Credential::Session(session) => session
            .scopes
            .iter()
            .map(|scopes| ("what the user consented to".to_owned(), scopes.clone()))
            .collect(),
        Credential::App(_) => Vec::new(),
    }
}

fn entity(entity: &Entity) -> String {
    let name = entity.name.clone().unwrap_or_else(|| format!("with the id {}", entity.id));
    match &entity.kind {
        EntityKind::Org => format!("all that the organisation {name} has"),
        EntityKind::User => format!("all that the user {name} has"),
        kind => format!("{} {name}", kind.name()),
    }
}
