//! Jobs, now and at certain times, and what Inference Endpoints ask of the Hub.

use super::{Action, Form, Row, Rule, row};

const JOBS: Rule = Rule::Owner(Action::Jobs);

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("GET",    "/api/jobs/hardware",                               "job.hardware",  Rule::Public),
    // Reading of jobs is for who may run them: their logs and their environment hold secrets.
    row("GET",    "/api/jobs/{namespace}",                            "job.list",      JOBS),
    row("POST",   "/api/jobs/{namespace}",                            "job.run",       Rule::Body(Form::Job)),
    row("GET",    "/api/jobs/{namespace}/count",                      "job.list",      JOBS),
    row("POST",   "/api/jobs/{namespace}/auth-check/{perms}",         "job.check",     JOBS),
    row("GET",    "/api/jobs/{namespace}/{job}",                      "job.read",      JOBS),
    row("POST",   "/api/jobs/{namespace}/{job}/auth-check/{perms}",   "job.check",     JOBS),
    row("POST",   "/api/jobs/{namespace}/{job}/cancel",               "job.cancel",    JOBS),
    row("POST",   "/api/jobs/{namespace}/{job}/duplicate",            "job.run",       JOBS),
    row("GET",    "/api/jobs/{namespace}/{job}/events",               "job.read",      JOBS),
    row("PUT",    "/api/jobs/{namespace}/{job}/expose",               "job.expose",    JOBS),
    row("PUT",    "/api/jobs/{namespace}/{job}/labels",               "job.label",     JOBS),
    row("GET",    "/api/jobs/{namespace}/{job}/logs",                 "job.read",      JOBS),
    row("GET",    "/api/jobs/{namespace}/{job}/metrics",              "job.read",      JOBS),

    row("GET",    "/api/scheduled-jobs/{namespace}",                  "schedule.list", JOBS),
    row("POST",   "/api/scheduled-jobs/{namespace}",                  "schedule.make", Rule::Body(Form::ScheduledJob)),
    row("GET",    "/api/scheduled-jobs/{namespace}/{job}",            "schedule.read", JOBS),
    row("DELETE", "/api/scheduled-jobs/{namespace}/{job}",            "schedule.end",  JOBS),
    row("PUT",    "/api/scheduled-jobs/{namespace}/{job}/labels",     "schedule.set",  JOBS),
    row("POST",   "/api/scheduled-jobs/{namespace}/{job}/resume",     "schedule.set",  JOBS),
    row("POST",   "/api/scheduled-jobs/{namespace}/{job}/run",        "job.run",       JOBS),
    row("POST",   "/api/scheduled-jobs/{namespace}/{job}/schedule",   "schedule.set",  JOBS),
    row("POST",   "/api/scheduled-jobs/{namespace}/{job}/suspend",    "schedule.set",  JOBS),

    row("POST",   "/api/inference-endpoints/{namespace}/auth-check/{perms}",            "endpoint.check", Rule::Owner(Action::Endpoints)),
    row("POST",   "/api/inference-endpoints/{namespace}/{endpoint}/auth-check/{perms}", "endpoint.check", Rule::Owner(Action::Endpoints)),
];
