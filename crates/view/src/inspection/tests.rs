//! Inspections as they are shown.

use bearhug_core::{
    grant::{
        AccessToken, Account, AccountKind, Credential, Entity, EntityKind, FineGrained, Grant,
        OrgAccess, OrgRole, Permission, Plan, Restriction, Role, Scoped,
    },
    impact::BlastRadius,
    risk::{Keeping, Risk},
};
use serde_json::Value;

use super::*;

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn scoped(kind: EntityKind, name: &str, permissions: &[&str]) -> Scoped {
    Scoped {
        entity: Entity { kind, id: "0".repeat(24), name: Some(name.to_owned()) },
        permissions: permissions.iter().map(|&name| Permission::from(name)).collect(),
        patterns: Vec::new(),
    }
}

fn grant() -> Grant {
    let scoped = vec![
        scoped(EntityKind::Dataset, "acme/train", &["repo.content.read", "repo.write"]),
        scoped(EntityKind::Org, "acme", &["org.serviceAccounts.write"]),
    ];
    let fine = FineGrained { scoped, ..FineGrained::default() };
    let org = |name: &str, restrictions| OrgAccess {
        id: format!("id-{name}"),
        name: name.to_owned(),
        role: Some(OrgRole::Write),
        plan: Some(Plan::Enterprise),
        restrictions,
        resource_groups: Vec::new(),
    };
    Grant {
        account: Account {
            kind: AccountKind::User,
            id: "id-alice".to_owned(),
            name: "alice".to_owned(),
            full_name: None,
        },
        auth: "access_token".to_owned(),
        credential: Credential::AccessToken(AccessToken {
            display_name: "ci\u{1b}[2J".to_owned(),
            role: Role::FineGrained(fine),
            created_at: Some("2026-01-01T00:00:00Z".parse().unwrap()),
        }),
        orgs: vec![org("acme", Vec::new()), org("beta", vec![Restriction::Sso])],
        expires_at: None,
    }
}

fn token(status: Status) -> Inspected {
    Inspected {
        fingerprint: Fingerprint::of("sample"),
        kind: Kind::UserToken,
        redacted: "hf_…Ab3x".to_owned(),
        places: vec!["the variable HF_TOKEN".to_owned()],
        status,
    }
}

fn inspection() -> Inspection {
    let grant = grant();
    let scope: Scope = ["write:datasets/acme/train"].iter().map(|s| s.parse().unwrap()).collect();
    let need = Need::of(&scope, &grant);
    let wanted = Wanted {
        answers: scope.iter().map(|a| (a.clone(), grant.allows_all(a))).collect(),
        link: need.link("https://hub.example"),
        need,
        scope,
    };
    let live = Live {
        radius: BlastRadius::of(&grant),
        risk: Risk::of(&grant, &[Keeping::Environment], now()),
        grant,
        private: Some(Private {
            names: (1..=9).map(|n| format!("acme/model-{n}")).collect(),
            is_complete: false,
        }),
        wanted: Some(wanted),
        request_id: Some("Root=1-x".to_owned()),
    };
    let dead =
        Status::Dead { reason: "the Hub does not know this token".to_owned(), request_id: None };
    Inspection {
        endpoint: "https://hub.example".to_owned(),
        now: now(),
        tokens: vec![
            token(Status::Live(Box::new(live))),
            token(dead),
            token(Status::Unanswered("no connection".to_owned())),
        ],
    }
}

fn rendered(wording: Wording, options: Options) -> String {
    let mut out = Vec::new();
    inspection().render(wording, &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_person_reads_it_on_eighty_columns() {
    let text = rendered(Wording::Human, Options { width: Some(80), ..Options::default() });
    let name = Fingerprint::of("sample");
    let expected = format!(
        "\
live    hf_…Ab3x  user access token  {name}
  in:   the variable HF_TOKEN
  who:  alice (user), token `ci\\x1b[2J`, made or rotated 327 days ago
        (2026-01-01)
  role: fineGrained, which does what is listed below
"
    );
    assert!(text.starts_with(&expected), "{text}");
    for line in [
        "  orgs: acme  write, enterprise",
        "        beta  write, enterprise",
        "          kept out: the organisation demands a single sign-on session",
        "  may:  dataset acme/train",
        "          repo.content.read  read the contents of repositories and buckets,",
        "  leak: Whoever gets hold of it can",
        "        9 private repositories can be seen, perhaps more:",
        "          … and 4 more (use --format json for all)",
        "  need: write:datasets/acme/train",
        "3 tokens: 1 live, 1 dead, 1 without an answer · asked https://hub.example",
    ] {
        assert!(text.lines().any(|l| l == line), "{line}\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn lines_keep_to_the_width_except_what_is_copied() {
    let text = rendered(Wording::Human, Options { width: Some(60), ..Options::default() });
    let wide = text.lines().filter(|line| line.chars().count() > 60);
    let unexpected: Vec<_> =
        wide.filter(|l| !l.contains("fp_") && !l.contains("https://")).collect();
    assert_eq!(unexpected, [""; 0], "{text}");
}

#[test]
fn colour_adds_nothing_but_escape_sequences() {
    let plain = rendered(Wording::Human, Options::default());
    let mut colored = rendered(Wording::Human, Options { color: true, ..Options::default() });
    assert!(colored.contains('\u{1b}'));
    for code in ["0", "1", "2", "31", "33"] {
        colored = colored.replace(&format!("\x1b[{code}m"), "");
    }
    assert_eq!(colored, plain);
}

#[test]
fn a_program_reads_every_token_and_the_counts() {
    let whole: Value = serde_json::from_str(&rendered(Wording::Json, Options::default())).unwrap();
    assert_eq!(whole["schema"], "bearhug.inspection/1");
    assert_eq!((&whole["live"], &whole["dead"]), (&1.into(), &1.into()));
    let live = &whole["tokens"][0];
    assert_eq!(live["schema"], "bearhug.token/1");
    assert_eq!(live["credential"]["role"], "fineGrained");
    assert_eq!(live["credential"]["age_days"], 327);
    assert_eq!(live["permissions"][1]["on"]["name"], "acme/train");
    assert_eq!(live["impact"]["alter"][0]["on"][0], "datasets/acme/train");
    assert_eq!(live["private_repositories"]["names"].as_array().unwrap().len(), 9);
    assert_eq!(live["private_repositories"]["complete"], false);
    assert_eq!(live["orgs"][1]["restrictions"][0]["name"], "sso");
    assert_eq!(live["need"]["allowed"][0]["answer"], "yes");
    let parts = live["risk"]["parts"].as_array().unwrap();
    let sum: u64 = parts.iter().filter_map(|part| part["points"].as_u64()).sum();
    assert_eq!(live["risk"]["score"], sum);
    assert_eq!(whole["tokens"][1]["status"], "dead");
    assert!(whole["tokens"][1].get("account").is_none());
}

#[test]
fn lines_hold_the_same_as_the_whole() {
    let whole: Value = serde_json::from_str(&rendered(Wording::Json, Options::default())).unwrap();
    let lines: Vec<Value> = rendered(Wording::Jsonl, Options::default())
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 4);
    for (at, token) in whole["tokens"].as_array().unwrap().iter().enumerate() {
        assert_eq!(&lines[at], token);
    }
    assert_eq!(lines[3]["tokens"], 3);
}
