//! Scans as a hunt reports them, and what becomes of them over time.

use bearhug_core::{
    Assessment, Commit, History, Origin, Reach, Step,
    event::{EventKind, Happening},
    identity::State,
    lifecycle::Author,
    risk::Keeping,
};

use super::*;

/// A computer with a working copy in `repo`, whose repository has an address, and other files.
struct Computer;

impl Surroundings for Computer {
    fn file(&self, path: &str) -> Spot {
        let inside = path.strip_prefix("repo/");
        Spot {
            source: inside.map_or("file://box/notes", |_| "file://box/repo").to_owned(),
            path: inside.unwrap_or(path).to_owned(),
            repository: inside.map(|_| "git.example.org/acme/model".to_owned()),
            mode: Some(if path.contains(".env") { 0o600 } else { 0o644 }),
        }
    }

    fn repository(&self, _: &str) -> String {
        "git.example.org/acme/model".to_owned()
    }

    fn unread_repository(&self, _: &str) -> Option<String> {
        None
    }

    fn host(&self) -> String {
        "box".to_owned()
    }

    fn account(&self) -> String {
        "ada@box".to_owned()
    }

    fn environment(&self, source: &str) -> Option<String> {
        source.starts_with("git.").then(|| "ci".to_owned())
    }

    fn code_owners(&self, _: &str, path: &str) -> Option<(Vec<String>, String)> {
        path.contains(".py").then(|| (vec!["@acme/ml".to_owned()], "CODEOWNERS".to_owned()))
    }
}

fn moment(day: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + day * 86_400).unwrap()
}

fn author() -> Author {
    Author { name: "ada@box".to_owned() }
}

fn seen(path: &str, steps: Vec<Step>) -> bearhug_core::Sighting {
    bearhug_core::Sighting {
        origin: Origin { path: path.to_owned(), steps },
        line: Some(7),
        column: Some(1),
        offset: 0,
        context: None,
        commit: None,
        history: None,
    }
}

fn in_file(path: &str) -> bearhug_core::Sighting {
    seen(path, vec![Step::File(path.to_owned())])
}

fn committed(mut sighting: bearhug_core::Sighting, checked_out: bool) -> bearhug_core::Sighting {
    let commit = |id: &str| Commit {
        id: id.repeat(40),
        author: "Ada Example <ada@example.org>".to_owned(),
        date: "2026-01-01T00:00:00Z".to_owned(),
    };
    sighting.commit = Some(commit("a"));
    let removed = (!checked_out).then(|| commit("b"));
    sighting.history = Some(History { removed, reach: Reach::Ref, versions: 1, checked_out });
    sighting
}

fn in_commit(path: &str) -> bearhug_core::Sighting {
    let steps = ["repo", &"a".repeat(40), path].map(str::to_owned);
    let [repository, commit, file] = steps;
    let steps = vec![Step::Repository(repository), Step::Commit(commit), Step::File(file)];
    committed(seen(&format!("repo/{path}"), steps), false)
}

fn finding(name: &str, sightings: Vec<bearhug_core::Sighting>) -> Finding {
    Finding {
        fingerprint: Fingerprint::of(name),
        kind: Kind::UserToken,
        redacted: format!("hf_…{name}"),
        companion: None,
        assessment: Assessment {
            confidence: Confidence::High,
            placeholder: false,
            reasons: Vec::new(),
        },
        verdict: Verdict::Unverified,
        told: None,
        sightings,
    }
}

fn report(findings: Vec<Finding>) -> Report {
    Report { findings, ..Report::default() }
}

/// The ledger after a scan, as far as scans look at it.
fn after(known: &Known, stock: &Stock) -> Known {
    let mut after = known.clone();
    for identity in &stock.identities {
        for token in identity.versions.iter().filter_map(|version| version.fingerprint) {
            after.holders.insert(token, identity.clone());
        }
    }
    for place in &mut after.places {
        if stock.cleared.contains(&place.source) {
            place.presence = Presence::Gone { since: moment(0) };
        }
    }
    let is_same = |a: &Sighting, b: &Sighting| {
        (a.fingerprint, &a.source, &a.origin) == (b.fingerprint, &b.source, &b.origin)
    };
    for place in &stock.places {
        after.places.retain(|other| !is_same(other, place));
        after.places.push(place.clone());
    }
    after
}

fn scan(report: &Report, known: &Known, whole: &[&str]) -> Stock {
    let look = look(report, &Computer, &[], moment(0));
    let whole = whole.iter().map(|&source| source.to_owned()).collect();
    take(&look, known.clone(), &whole, &author())
}

fn kinds(events: &[Happening]) -> Vec<EventKind> {
    events.iter().map(|event| event.kind.clone()).collect()
}

const REPOSITORY: &str = "git.example.org/acme/model";

#[test]
fn one_token_in_three_places_is_one_identity_with_three_sightings() {
    let notebook = in_file("repo/train.ipynb");
    let ticket = in_file("tickets.json");
    let image = seen(
        "app",
        vec![
            Step::Engine("app:1".to_owned()),
            Step::Part(bearhug_core::Container::Image, "layer".to_owned()),
        ],
    );
    let all = vec![committed(notebook, true), ticket, image];
    let stock = scan(&report(vec![finding("one", all)]), &Known::default(), &[]);
    assert_eq!((stock.identities.len(), stock.places.len(), stock.new_places), (1, 3, 3));
    let identity = &stock.identities[0];
    assert_eq!((identity.state, identity.name.as_str()), (State::Discovered, "hf_…one"));
    assert!(stock.places.iter().all(|place| place.identity == identity.id));
    let sources: Vec<_> = stock.places.iter().map(|place| place.source.as_str()).collect();
    assert_eq!(sources, ["file://box/notes", REPOSITORY, "image:app:1"]);
    let expected = [EventKind::Discovered, EventKind::Sighted, EventKind::Scanned];
    assert_eq!(kinds(&stock.events), expected);
}

#[test]
fn the_same_scan_again_changes_nothing() {
    let report = report(vec![finding("one", vec![in_file("repo/.env")])]);
    let whole = ["file://box/repo", REPOSITORY];
    let first = scan(&report, &Known::default(), &whole);
    let known = after(&Known::default(), &first);
    let second = scan(&report, &known, &whole);
    assert!(second.identities.is_empty(), "{:?}", second.identities);
    assert_eq!((second.new_places, second.gone, second.discovered), (0, 0, 0));
    assert_eq!(kinds(&second.events), [EventKind::Scanned]);
}

#[test]
fn what_is_fixed_in_the_tree_and_alive_in_history_says_so() {
    let tree = report(vec![finding("one", vec![committed(in_file("repo/a.py"), true)])]);
    let first = scan(&tree, &Known::default(), &[REPOSITORY]);
    assert_eq!(first.places[0].presence, Presence::Present);
    let known = after(&Known::default(), &first);
    let history = report(vec![finding("one", vec![in_commit("a.py")])]);
    let second = scan(&history, &known, &[REPOSITORY]);
    assert_eq!(second.places.len(), 1, "it is the same place: {:?}", second.places);
    assert_eq!(second.places[0].presence, Presence::InHistory);
    assert_eq!(kinds(&second.events), [EventKind::Cleared, EventKind::Scanned]);
    assert_eq!(second.events[0].details["left"], "its git history still has it");
    let third = scan(&report_of_nothing(), &after(&known, &second), &[REPOSITORY]);
    assert_eq!((third.gone, third.cleared.len()), (1, 1));
    assert_eq!(kinds(&third.events), [EventKind::Cleared, EventKind::Scanned]);
}

fn report_of_nothing() -> Report {
    report(Vec::new())
}

#[test]
fn nothing_is_gone_that_may_only_have_been_overlooked() {
    let both = ["file://box/repo", REPOSITORY];
    let found = report(vec![finding("one", vec![committed(in_file("repo/sub/a.py"), true)])]);
    let known = after(&Known::default(), &scan(&found, &Known::default(), &both));
    assert_eq!(scan(&report_of_nothing(), &known, &[]).gone, 0, "it was not looked through");
    let gap = |path: &str, reason: GapReason| {
        let origin = Origin { path: path.to_owned(), steps: vec![Step::File(path.to_owned())] };
        Report { gaps: vec![Gap { origin, reason }], ..Report::default() }
    };
    let unreadable = || GapReason::Unreadable("denied".to_owned());
    for path in ["repo/sub/a.py", "repo/sub"] {
        let stock = scan(&gap(path, unreadable()), &known, &both);
        assert_eq!((stock.gone, stock.unsure.len()), (0, 1), "{path}");
    }
    for (path, reason) in [
        ("repo/other.py", unreadable()),
        ("repo/sub/a.pyc", unreadable()),
        ("other/sub", unreadable()),
        ("repo/sub/a.py", GapReason::SpecialFile),
    ] {
        assert_eq!(scan(&gap(path, reason), &known, &both).gone, 1, "{path}");
    }
    let origin =
        Origin { path: "repo".to_owned(), steps: vec![Step::Repository("repo".to_owned())] };
    let shallow = Gap { origin, reason: GapReason::Shallow { commits: 1 } };
    let shallow = Report { gaps: vec![shallow], ..Report::default() };
    assert_eq!(scan(&shallow, &known, &both).gone, 0);
    let hidden_tokens = BTreeSet::from([Fingerprint::of("one")]);
    let hidden = Report { hidden_tokens, ..Report::default() };
    assert_eq!(scan(&hidden, &known, &both).gone, 0);
}

#[test]
fn what_nobody_could_log_in_with_is_left_out() {
    let mut findings: Vec<_> =
        (0..4).map(|n| finding(&n.to_string(), vec![in_file("x")])).collect();
    findings[0].assessment.placeholder = true;
    findings[1].assessment.confidence = Confidence::Low;
    findings[2].kind = Kind::Lease;
    let stock = scan(&report(findings), &Known::default(), &[]);
    assert_eq!((stock.identities.len(), stock.left_out), (1, 3));
}

#[test]
fn how_it_is_kept_follows_from_where_it_is() {
    let keeping = |sighting| {
        scan(&report(vec![finding("one", vec![sighting])]), &Known::default(), &[]).places[0]
            .keeping
    };
    assert_eq!(keeping(in_file("repo/.env")), Keeping::PrivateFile);
    assert_eq!(keeping(in_file("repo/a.py")), Keeping::SharedFile);
    assert_eq!(keeping(in_file("repo/a.ipynb")), Keeping::Copied);
    assert_eq!(keeping(committed(in_file("repo/.env"), true)), Keeping::Copied);
    assert_eq!(keeping(in_commit(".env")), Keeping::Copied);
    assert_eq!(keeping(seen("-", vec![Step::Stdin])), Keeping::Untold);
}

#[test]
fn a_dead_token_is_revoked_and_its_evidence_names_owners() {
    let mut found = finding("one", vec![committed(in_file("repo/a.py"), true)]);
    found.verdict = Verdict::Inactive;
    found.told = Some(bearhug_core::Told {
        account: Some("ada-hub".to_owned()),
        ..bearhug_core::Told::default()
    });
    let stock = scan(&report(vec![found]), &Known::default(), &[]);
    let identity = &stock.identities[0];
    assert_eq!((identity.state, identity.standing.verdict), (State::Revoked, Verdict::Inactive));
    let owners: Vec<_> = identity.ownership.suggestions.iter().map(|s| s.owner.as_str()).collect();
    assert_eq!(owners, ["ada-hub", "Ada Example <ada@example.org>", "@acme/ml"]);
    assert_eq!(stock.places[0].environment.as_deref(), Some("ci"));
}

#[test]
fn the_end_of_a_token_that_was_replaced_is_not_the_identitys() {
    let mut found = finding("one", vec![in_file("repo/.env")]);
    let first = scan(&report(vec![found.clone()]), &Known::default(), &[]);
    let mut identity = first.identities[0].clone();
    identity.standing.expires_at = Some(moment(-1));
    let mut version = identity.versions[0].clone();
    version.fingerprint = Some(Fingerprint::of("two"));
    identity.versions.push(version);
    let stock = Stock { identities: vec![identity], ..first };
    let known = after(&Known::default(), &stock);
    for verdict in [Verdict::Inactive, Verdict::Unavailable] {
        found.verdict = verdict;
        let again = scan(&report(vec![found.clone()]), &known, &[]);
        assert!(again.identities.is_empty(), "{:?}", again.identities);
        assert_eq!(kinds(&again.events), [EventKind::Scanned]);
    }
}
