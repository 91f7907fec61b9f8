//! Webhooks, which belong to the owner of the token and are told of anything that happens.

use super::{Action, Form, Row, Rule, row};

const WEBHOOKS: Rule = Rule::All(Action::Webhooks);

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("GET",    "/api/settings/webhooks",                        "webhook.list",   WEBHOOKS),
    row("POST",   "/api/settings/webhooks",                        "webhook.create", Rule::Body(Form::Webhook)),
    row("GET",    "/api/settings/webhooks/{webhook}",              "webhook.read",   WEBHOOKS),
    row("POST",   "/api/settings/webhooks/{webhook}",              "webhook.change", Rule::Body(Form::Webhook)),
    row("DELETE", "/api/settings/webhooks/{webhook}",              "webhook.delete", WEBHOOKS),
    row("POST",   "/api/settings/webhooks/{webhook}/replay/{log}", "webhook.replay", WEBHOOKS),
    row("POST",   "/api/settings/webhooks/{webhook}/{action}",     "webhook.change", WEBHOOKS),
];
