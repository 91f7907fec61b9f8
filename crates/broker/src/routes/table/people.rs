//! People: who they are, what they say, and what is set for them.

use super::{Own, Row, Rule, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("GET",    "/api/whoami-v2",                             "whoami",          Rule::Own(Own::Whoami)),
    // These are about the owner of the token, or mint credentials.
    row("GET",    "/api/registry/token",                        "registry.token",  Rule::NeverLent),
    row("POST",   "/api/credentials/revoke",                    "token.revoke",    Rule::NeverLent),
    row("GET",    "/api/notifications",                         "notifications",   Rule::NeverLent),
    row("DELETE", "/api/notifications",                         "notifications",   Rule::NeverLent),
    row("POST",   "/api/notifications/mark-as-read",            "notifications",   Rule::NeverLent),
    row("GET",    "/api/settings/billing/{part*}",              "billing",         Rule::NeverLent),
    row("GET",    "/api/settings/mcp",                          "settings",        Rule::NeverLent),
    row("GET",    "/api/settings/metrics/live",                 "settings",        Rule::NeverLent),
    row("PATCH",  "/api/settings/notifications",                "settings",        Rule::NeverLent),
    row("POST",   "/api/settings/papers/claim",                 "settings",        Rule::NeverLent),
    row("PATCH",  "/api/settings/watch",                        "settings",        Rule::NeverLent),
    row("GET",    "/api/users/{username}/billing/usage/live",   "billing",         Rule::NeverLent),

    // Profiles are public.
    row("GET",    "/api/users/{username}/avatar",               "profile",         Rule::Public),
    row("GET",    "/api/users/{username}/overview",             "profile",         Rule::Public),
    row("GET",    "/api/users/{username}/socials",              "profile",         Rule::Public),
    row("GET",    "/api/users/{username}/likes",                "profile",         Rule::Public),
    row("GET",    "/api/users/{username}/followers",            "profile",         Rule::Public),
    row("GET",    "/api/users/{username}/following",            "profile",         Rule::Public),
    row("GET",    "/api/avatars/{namespace}",                   "profile",         Rule::Public),

    // Whatever is published under the owner's name, about nothing that a lease could name.
    row("POST",   "/api/blog/{slug}/comment",                                "post", Rule::NeverLent),
    row("POST",   "/api/blog/{slug}/comment/{comment}/reply",                "post", Rule::NeverLent),
    row("POST",   "/api/blog/{namespace}/{slug}/comment",                    "post", Rule::NeverLent),
    row("POST",   "/api/blog/{namespace}/{slug}/comment/{comment}/reply",    "post", Rule::NeverLent),
    row("DELETE", "/api/posts/{username}/{post}",                            "post", Rule::NeverLent),
    row("POST",   "/api/posts/{username}/{post}/comment",                    "post", Rule::NeverLent),
    row("POST",   "/api/posts/{username}/{post}/comment/{comment}/reply",    "post", Rule::NeverLent),
    row("POST",   "/api/papers/index",                                       "post", Rule::NeverLent),
    row("POST",   "/api/papers/{paper}/links",                               "post", Rule::NeverLent),
    row("POST",   "/api/papers/{paper}/comment",                             "post", Rule::NeverLent),
    row("POST",   "/api/papers/{paper}/comment/{comment}/reply",             "post", Rule::NeverLent),
];
