//! Tokens for a person at a terminal.

use std::io;

use anstyle::Style;
use bearhug_core::{
    grant::{Credential, Entity, EntityKind, Grant, OrgAccess, Permission, Power, Role},
    impact::{Evidence, Impact},
    need::{Need, Permissions},
    rights::{Answer, Basis},
    risk::{Level, Part, Risk},
};
use jiff::Timestamp;

use super::{Inspected, Inspection, Live, Status, Wanted};
use crate::{
    Options,
    sanitize::visible,
    sheet::{INDENT, Sheet},
    text::count,
};

/// How many cells a bar has.
const CELLS: u16 = 10;

pub(super) fn render(
    inspection: &Inspection,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut sheet = Sheet::new(options, out);
    for token in &inspection.tokens {
        token_as_a_whole(&mut sheet, token, inspection.now)?;
        writeln!(sheet.out)?;
    }
    summary(&mut sheet, inspection)
}

fn token_as_a_whole(sheet: &mut Sheet<'_>, token: &Inspected, now: Timestamp) -> io::Result<()> {
    let ink = sheet.ink;
    let (style, label): (Style, _) = match &token.status {
        Status::Live(_) => (ink.strong, "live"),
        Status::Dead { .. } => (ink.faint, "dead"),
        Status::Unanswered(_) => (ink.doubt, "?"),
        Status::Unasked(_) => (ink.faint, "-"),
    };
    writeln!(
        sheet.out,
        "{style}{label:INDENT$}{style:#}{strong}{}{strong:#}  {}  {faint}{}{faint:#}",
        visible(&token.redacted),
        token.kind.title(),
        token.fingerprint,
        strong = ink.strong,
        faint = ink.faint,
    )?;
    sheet.labelled("in:", &visible(&token.places.join(", ")))?;
    match &token.status {
        Status::Live(live) => alive(sheet, live, now),
        Status::Dead { reason, .. } => {
            sheet.labelled("why:", &format!("{}.", visible(reason)))?;
            let next = "Take it out of where it is: nobody can use it, and clients that send it fail even \
                        on public repositories.";
            sheet.labelled("next:", next)
        }
        Status::Unanswered(reason) => {
            sheet.labelled("why:", &format!("The Hub could not be asked: {}.", visible(reason)))?;
            sheet.labelled("next:", "Ask again: this says nothing about the token.")
        }
        Status::Unasked(reason) => sheet.labelled("why:", &visible(reason)),
    }
}

fn alive(sheet: &mut Sheet<'_>, live: &Live, now: Timestamp) -> io::Result<()> {
    sheet.labelled("who:", &visible(&who(&live.grant, now)))?;
    sheet.labelled("role:", &visible(&role(&live.grant)))?;
    organisations(sheet, &live.grant.orgs)?;
    permissions(sheet, &live.grant)?;
    blast_radius(sheet, live)?;
    risk(sheet, &live.risk)?;
    sheet.gap()?;
    match &live.wanted {
        Some(wanted) => need(sheet, wanted),
        None => sheet.labelled("next:", advice(&live.grant)),
    }
}

fn who(grant: &Grant, now: Timestamp) -> String {
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

fn role(grant: &Grant) -> String {
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

fn organisations(sheet: &mut Sheet<'_>, orgs: &[OrgAccess]) -> io::Result<()> {
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

fn permissions(sheet: &mut Sheet<'_>, grant: &Grant) -> io::Result<()> {
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

fn blast_radius(sheet: &mut Sheet<'_>, live: &Live) -> io::Result<()> {
    let Sheet { ink, .. } = *sheet;
    sheet.gap()?;
    sheet.labelled("leak:", "Whoever gets hold of it can")?;
    for impact in Impact::ALL {
        let evidence = live.radius.evidence(impact);
        if evidence.is_empty() {
            sheet.painted(0, ink.faint, &format!("not {}", impact.title()))?;
            continue;
        }
        let is_critical = evidence.iter().any(Evidence::is_critical);
        sheet.painted(0, if is_critical { ink.alarm } else { ink.strong }, impact.title())?;
        let (guesses, facts): (Vec<_>, Vec<_>) = evidence.iter().partition(|e| is_guess(e));
        for evidence in facts.into_iter().chain(guesses) {
            sheet.nested(1, "", &visible(&told(evidence)))?;
        }
    }
    Ok(())
}

/// Whether nothing is known of the permission but its name.
fn is_guess(evidence: &Evidence) -> bool {
    matches!(&evidence.by, Basis::Permission(permission) if permission.is_unknown())
}

fn told(evidence: &Evidence) -> String {
    let on: Vec<_> = evidence.on.iter().map(ToString::to_string).collect();
    let part = evidence.part.as_deref();
    let where_to = match on.join(", ") {
        all if all == "*" => part.unwrap_or("everywhere").to_owned(),
        on => part.map_or(on.clone(), |part| format!("{on}, {part}")),
    };
    match &evidence.by {
        Basis::Permission(permission) if is_guess(evidence) => {
            format!(
                "perhaps {}: {}, since nothing is known of {permission}",
                evidence.words,
                on.join(", ")
            )
        }
        Basis::Permission(permission) => format!("{}: {where_to} ({permission})", evidence.words),
        _ => format!("{}: {where_to}", evidence.words),
    }
}

fn risk(sheet: &mut Sheet<'_>, risk: &Risk) -> io::Result<()> {
    let ink = sheet.ink;
    sheet.gap()?;
    let style = match risk.level() {
        Level::Critical | Level::High => ink.alarm,
        Level::Moderate => ink.doubt,
        Level::Low => ink.strong,
    };
    let line = format!("{style}{} of 100, {}{style:#}", risk.score(), risk.level().name());
    sheet.whole("risk:", &line)?;
    for part in &risk.parts {
        let head = format!("{:10}  {}  {:>2}  ", part.factor.name(), bar(part), part.points);
        sheet.nested(1, &head, &visible(&part.reason))?;
    }
    Ok(())
}

/// How much of its limit a part reaches, as cells.
fn bar(part: &Part) -> String {
    let limit = u16::from(part.factor.limit().max(1));
    let full = (u16::from(part.points) * CELLS).div_ceil(limit).min(CELLS);
    "■".repeat(full.into()) + &"·".repeat((CELLS - full).into())
}

fn advice(grant: &Grant) -> &'static str {
    match &grant.credential {
        Credential::AccessToken(token) if !matches!(token.role, Role::FineGrained(_)) => {
            "Replace it by a fine-grained token: say what it is for with `--need read:acme/model`, and \
             this command says which. If it leaked, `bearhug revoke` ends it."
        }
        Credential::AccessToken(_) => {
            "Compare it with what it is for: `--need read:acme/model` says what that takes. If it \
             leaked, `bearhug revoke` ends it."
        }
        Credential::Session(_) => {
            "It ends by itself. To end it now, remove its application at \
             https://huggingface.co/settings/connected-applications."
        }
        Credential::App(_) => "To end it, remove it where its application was set up.",
    }
}

fn need(sheet: &mut Sheet<'_>, wanted: &Wanted) -> io::Result<()> {
    sheet.labelled("need:", &visible(&wanted.scope.to_string()))?;
    for (access, answer) in &wanted.answers {
        let word = match answer {
            Answer::Yes(_) => "has it",
            Answer::No(_) => "lacks it",
            Answer::Unknown(_) => "not sure",
        };
        let head = format!("{word:8}  ");
        sheet.nested(1, &head, &visible(&format!("{access}: {}", answer.reason())))?;
    }
    let need = &wanted.need;
    sheet.labelled("give:", "a fine-grained token with these permissions, and no others")?;
    for (place, permissions) in places(need) {
        let names: Vec<_> = permissions.iter().copied().collect();
        sheet.nested(1, &format!("{place}: "), &names.join(", "))?;
    }
    if need.gated {
        sheet.nested(1, "", "read access to public gated repositories its owner was let into")?;
    }
    for access in &need.impossible {
        sheet.nested(1, "", &format!("no token of this account can have {access}"))?;
    }
    sheet.whole("make:", &wanted.link)?;
    if need.is_partly_by_hand() {
        let text = "The form opens with what a link can say. Add by hand what is on single repositories, \
                    or differs between organisations, from the list above.";
        sheet.labelled("", text)?;
    }
    if need.is_wider_than_asked(&wanted.scope) {
        let text = "repo.write also deletes repositories and changes their settings: the Hub has nothing \
                    narrower, unless the token creates the repositories that it writes; then its \
                    contributor permission is.";
        sheet.labelled("note:", text)?;
    }
    Ok(())
}

/// What is needed where.
fn places(need: &Need) -> Vec<(String, &Permissions)> {
    let own = [("all of the owner's own".to_owned(), &need.own)];
    let orgs = need.orgs.iter().map(|(org, permissions)| (format!("all of {org}"), permissions));
    let single = need.repositories.iter();
    let single = single.map(|(repository, permissions)| (repository.to_string(), permissions));
    let global = [("everywhere".to_owned(), &need.global)];
    let all = own.into_iter().chain(orgs).chain(single).chain(global);
    all.filter(|(_, permissions)| !permissions.is_empty()).collect()
}

fn summary(sheet: &mut Sheet<'_>, inspection: &Inspection) -> io::Result<()> {
    let counts = [
        (inspection.count(|s| matches!(s, Status::Live(_))), "live"),
        (inspection.count(|s| matches!(s, Status::Dead { .. })), "dead"),
        (inspection.count(|s| matches!(s, Status::Unanswered(_))), "without an answer"),
        (inspection.count(|s| matches!(s, Status::Unasked(_))), "not asked"),
    ];
    let told: Vec<_> =
        counts.into_iter().filter(|&(n, _)| n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    let strong = sheet.ink.strong;
    let tokens = count(inspection.tokens.len(), "token");
    let endpoint = visible(&inspection.endpoint);
    writeln!(sheet.out, "{strong}{tokens}: {}{strong:#} · asked {endpoint}", told.join(", "))
}
