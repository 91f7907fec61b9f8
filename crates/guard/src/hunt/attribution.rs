//! From objects to places: whose commit brought a token, to which path, and what became of it.

use std::collections::{BTreeMap, BTreeSet};

use bearhug_core::{
    Commit, Finding, Gap, GapReason, History, Origin, Reach, Sighting, Source, Step, Trace, Traces,
    Whereabouts,
};
use bearhug_detect::Detector;

use super::{Report, collection::MOST_SIGHTINGS, redacted};

/// Replaces what was seen in objects of git by what was seen in files of commits.
///
/// Versions of a file that hold the same token become one sighting, in the commit that brought it.
/// What no commit leads to stays as it is.
pub fn attribute(report: &mut Report, sources: &[Box<dyn Source>], proofreader: &Detector) {
    let repositories: BTreeSet<String> = report
        .findings
        .iter()
        .flat_map(|finding| &finding.sightings)
        .filter_map(|sighting| {
            place_in_store(sighting).map(|(repository, _)| repository.to_owned())
        })
        .collect();
    for repository in repositories {
        let tokens: Vec<BTreeSet<String>> =
            report.findings.iter().map(|finding| objects(finding, &repository)).collect();
        let traces = sources.iter().map(|source| source.trace(&repository, &tokens));
        let Traces { mut traces, mut dropped } = traces.collect();
        traces.sort();
        for (number, finding) in report.findings.iter_mut().enumerate() {
            let attribution = Attribution { repository: &repository, proofreader };
            let traces = of_finding(&traces, number, finding, proofreader);
            dropped += attribution.rewrite(finding, &traces);
        }
        if dropped > 0 {
            let steps = vec![Step::Repository(repository.clone())];
            let origin = Origin { path: repository, steps };
            report.gaps.push(Gap { origin, reason: GapReason::SightingsCut { dropped } });
        }
    }
    report.gaps.sort();
}

/// The repository and the object that a sighting is in.
fn place_in_store(sighting: &Sighting) -> Option<(&str, &str)> {
    match &sighting.origin.steps[before_store(sighting)..] {
        [Step::Repository(repository), Step::Object(object), ..] => Some((repository, object)),
        _ => None,
    }
}

/// How many steps lead to the repository.
fn before_store(sighting: &Sighting) -> usize {
    let steps = &sighting.origin.steps;
    let is_repository = |step: &Step| matches!(step, Step::Repository(_));
    steps.iter().position(is_repository).unwrap_or(steps.len())
}

fn in_name(sighting: &Sighting) -> bool {
    sighting.origin.steps.contains(&Step::Name)
}

/// The objects of a repository that hold a token, apart from trees, which hold names.
fn objects(finding: &Finding, repository: &str) -> BTreeSet<String> {
    let places = finding.sightings.iter().filter(|sighting| !in_name(sighting));
    places
        .filter_map(place_in_store)
        .filter(|(other, _)| *other == repository)
        .map(|(_, object)| object.to_owned())
        .collect()
}

/// The traces that are of a token, or of a name that holds it.
fn of_finding<'a>(
    traces: &'a [Trace],
    number: usize,
    finding: &Finding,
    detector: &Detector,
) -> Vec<&'a Trace> {
    let holds_it = |trace: &Trace| match &trace.place {
        Whereabouts::Path(path) => {
            let name = path.rsplit('/').next().unwrap_or_default();
            let found = detector.scan(name.as_bytes()).candidates;
            found.iter().any(|candidate| candidate.token.fingerprint() == finding.fingerprint)
        }
        _ => false,
    };
    let is_of_it = |trace: &&Trace| match trace.token {
        Some(token) => token == number,
        None => finding.sightings.iter().any(in_name) && holds_it(trace),
    };
    traces.iter().filter(is_of_it).collect()
}

/// What it takes to say where something is.
struct Attribution<'a> {
    repository: &'a str,
    proofreader: &'a Detector,
}

impl Attribution<'_> {
    /// Places what was seen, and returns for how many places there was no room.
    fn rewrite(&self, finding: &mut Finding, traces: &[&Trace]) -> u64 {
        let (in_store, mut others): (Vec<_>, Vec<_>) = std::mem::take(&mut finding.sightings)
            .into_iter()
            .partition(|s| place_in_store(s).is_some_and(|(other, _)| other == self.repository));
        let mut by_object: BTreeMap<String, Vec<Sighting>> = BTreeMap::new();
        for sighting in in_store {
            let object = place_in_store(&sighting).map_or_else(String::new, |(_, o)| o.to_owned());
            by_object.entry(object).or_default().push(sighting);
        }
        let mut traced = BTreeSet::new();
        let (mut found, mut dropped) = (Vec::new(), 0);
        for trace in traces {
            traced.extend(trace.objects.iter().cloned());
            if found.len() >= MOST_SIGHTINGS {
                dropped += 1;
                continue;
            }
            let seen = match trace.token {
                Some(_) => by_object.get(&trace.object).cloned().unwrap_or_default(),
                None => {
                    by_object.values().flatten().find(|s| in_name(s)).cloned().into_iter().collect()
                }
            };
            let seen = seen.into_iter().filter(|s| in_name(s) == trace.token.is_none());
            found.extend(seen.map(|sighting| self.placed(sighting, trace)));
        }
        found.retain(|sighting| !is_the_file_itself(sighting, &mut others));
        let names_are_traced = traces.iter().any(|trace| trace.token.is_none());
        let left = by_object.into_iter().filter(|(object, _)| !traced.contains(object));
        let left = left.flat_map(|(_, sightings)| sightings);
        let left = left.filter(|sighting| !(in_name(sighting) && names_are_traced));
        found.extend(left.map(unreachable));
        found.extend(others);
        found.sort();
        found.dedup();
        finding.sightings = found;
        dropped
    }

    /// The sighting, said of a place in a history instead of an object.
    fn placed(&self, mut sighting: Sighting, trace: &Trace) -> Sighting {
        let show = |text: &str| redacted(self.proofreader, text);
        let commit = |commit: &Commit| Commit { author: show(&commit.author), ..commit.clone() };
        let before = before_store(&sighting);
        let mut steps = sighting.origin.steps[..=before].to_vec();
        match (&trace.introduced, &trace.place) {
            (_, Whereabouts::Tag(_)) | (None, _) => steps.push(Step::Object(trace.object.clone())),
            (Some(commit), _) => steps.push(Step::Commit(commit.id.clone())),
        }
        sighting.origin.path = match &trace.place {
            Whereabouts::Path(path) => {
                steps.push(Step::File(show(path)));
                self.path(&show(path))
            }
            Whereabouts::Commit => trace.object.clone(),
            Whereabouts::Object => sighting.origin.path,
            Whereabouts::Tag(name) => self.path(&format!("refs/tags/{}", show(name))),
        };
        steps.extend(sighting.origin.steps.into_iter().skip(before + 2));
        sighting.origin.steps = steps;
        sighting.commit = trace.introduced.as_ref().map(commit);
        let removed = trace.history.removed.as_ref().map(commit);
        sighting.history = Some(History { removed, ..trace.history.clone() });
        sighting
    }

    /// A path in the repository, as a person would call it.
    fn path(&self, path: &str) -> String {
        match self.repository {
            "." => path.to_owned(),
            // A bare one has no files.
            bare if bare.strip_suffix(".git").is_some() => format!("{bare}:{path}"),
            folder => format!("{}/{path}", folder.trim_end_matches('/')),
        }
    }
}

/// Whether what was seen in the history is a file that is checked out and was seen as such. If so, that
/// sighting says so.
fn is_the_file_itself(sighting: &Sighting, others: &mut [Sighting]) -> bool {
    let is_current = |history: &History| history.checked_out || history.reach == Reach::Index;
    let is_checked_out = sighting.history.as_ref().is_some_and(is_current);
    let mut found = false;
    for other in others.iter_mut().filter(|_| is_checked_out) {
        let is_file = matches!(other.origin.steps.first(), Some(Step::File(_)));
        if is_file
            && other.origin.path == sighting.origin.path
            && in_name(other) == in_name(sighting)
        {
            found = true;
            other.commit.clone_from(&sighting.commit);
            other.history.clone_from(&sighting.history);
        }
    }
    found
}

fn unreachable(sighting: Sighting) -> Sighting {
    let history = History { removed: None, reach: Reach::Nothing, versions: 1, checked_out: false };
    Sighting { history: Some(history), ..sighting }
}
