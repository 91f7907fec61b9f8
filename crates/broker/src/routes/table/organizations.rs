//! Organisations: their people, groups, money and safety, none of which is lent.

use super::{Row, Rule, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    // Profiles are public.
    row("GET",    "/api/organizations/{name}/avatar",                  "profile",       Rule::Public),
    row("GET",    "/api/organizations/{name}/socials",                 "profile",       Rule::Public),
    row("GET",    "/api/organizations/{name}/overview",                "profile",       Rule::Public),
    row("GET",    "/api/organizations/{name}/followers",               "profile",       Rule::Public),

    row("GET",    "/api/organizations/{name}/audit-log/export",        "org.audit-log", Rule::NeverLent),
    row("GET",    "/api/organizations/{name}/billing/{part*}",         "org.billing",   Rule::NeverLent),
    row("GET",    "/api/organizations/{name}/members",                 "org.members",   Rule::NeverLent),
    row("PUT",    "/api/organizations/{name}/members/{username}/role", "org.members",   Rule::NeverLent),
    row("GET",    "/api/organizations/{name}/resource-groups/{part*}", "org.groups",    Rule::NeverLent),
    row("POST",   "/api/organizations/{name}/resource-groups/{part*}", "org.groups",    Rule::NeverLent),
    row("PATCH",  "/api/organizations/{name}/resource-groups/{part*}", "org.groups",    Rule::NeverLent),
    row("DELETE", "/api/organizations/{name}/resource-groups/{part*}", "org.groups",    Rule::NeverLent),
    row("GET",    "/api/organizations/{name}/scim/{part*}",            "org.scim",      Rule::NeverLent),
    row("POST",   "/api/organizations/{name}/scim/{part*}",            "org.scim",      Rule::NeverLent),
    row("PUT",    "/api/organizations/{name}/scim/{part*}",            "org.scim",      Rule::NeverLent),
    row("PATCH",  "/api/organizations/{name}/scim/{part*}",            "org.scim",      Rule::NeverLent),
    row("DELETE", "/api/organizations/{name}/scim/{part*}",            "org.scim",      Rule::NeverLent),
    row("GET",    "/api/organizations/{name}/scim-provisioning/{part*}",    "org.scim", Rule::NeverLent),
    row("POST",   "/api/organizations/{name}/scim-provisioning/{part*}",    "org.scim", Rule::NeverLent),
    row("PUT",    "/api/organizations/{name}/scim-provisioning/{part*}",    "org.scim", Rule::NeverLent),
    row("PATCH",  "/api/organizations/{name}/scim-provisioning/{part*}",    "org.scim", Rule::NeverLent),
    row("DELETE", "/api/organizations/{name}/scim-provisioning/{part*}",    "org.scim", Rule::NeverLent),
    row("GET",    "/api/organizations/{name}/service-accounts/{part*}",     "org.service-accounts", Rule::NeverLent),
    row("POST",   "/api/organizations/{name}/service-accounts/{part*}",     "org.service-accounts", Rule::NeverLent),
    row("PATCH",  "/api/organizations/{name}/service-accounts/{part*}",     "org.service-accounts", Rule::NeverLent),
    row("DELETE", "/api/organizations/{name}/service-accounts/{part*}",     "org.service-accounts", Rule::NeverLent),
    row("GET",    "/api/organizations/{name}/settings/network-security",    "org.network",  Rule::NeverLent),
    row("PATCH",  "/api/organizations/{name}/settings/network-security",    "org.network",  Rule::NeverLent),
    row("GET",    "/api/organizations/{name}/settings/tokens",              "org.tokens",   Rule::NeverLent),
    row("POST",   "/api/organizations/{name}/settings/tokens/{token}/revoke", "org.tokens", Rule::NeverLent),

    // Accounts that an agent opens, and pays for.
    row("GET",    "/api/agentic/provisioning/{part*}",                 "agentic",       Rule::NeverLent),
    row("POST",   "/api/agentic/provisioning/{part*}",                 "agentic",       Rule::NeverLent),
];
