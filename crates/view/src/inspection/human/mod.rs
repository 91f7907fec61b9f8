//! Tokens for a person at a terminal.

use std::io;

use anstyle::Style;
use bearhug_core::grant::{Credential, Grant, Role};
use jiff::Timestamp;

pub(crate) mod grant;
mod harm;
mod need;

use super::{Inspected, Inspection, Live, Status};
use crate::{
    Options,
    sanitize::visible,
    sheet::{INDENT, Sheet},
    text::count,
};

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
    sheet.labelled("who:", &visible(&grant::who(&live.grant, now)))?;
    sheet.labelled("role:", &visible(&grant::role(&live.grant)))?;
    grant::organisations(sheet, &live.grant.orgs)?;
    grant::permissions(sheet, &live.grant)?;
    harm::blast_radius(sheet, live)?;
    harm::risk(sheet, &live.risk)?;
    sheet.gap()?;
    match &live.wanted {
        Some(wanted) => need::need(sheet, wanted),
        None => sheet.labelled("next:", advice(&live.grant)),
    }
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
