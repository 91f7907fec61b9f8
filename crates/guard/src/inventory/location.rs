//! From the origin of a sighting to a place that the ledger can find again.
//!
//! A report names a file as the user typed it, and what a history holds by the commit that brought it.
//! The next scan may start elsewhere, so the ledger names what was searched and the way from there. A
//! file and its versions in the history of its repository are one place.

use std::path::Path;

use bearhug_core::{
    Container, History, Origin, Reach, Sighting, Step, place::Presence, risk::Keeping,
};

/// What is around a scan: the files and repositories of this computer.
pub trait Surroundings {
    /// What a file belongs to, by the path that reports use.
    fn file(&self, path: &str) -> Spot;
    /// What a repository is called, by the path or the address that reports use.
    fn repository(&self, shown: &str) -> String;
    /// The repository of a working copy, if the scan reads no histories: what is committed is then not
    /// told from what is not.
    fn unread_repository(&self, source: &str) -> Option<String>;
    /// This computer's name.
    fn host(&self) -> String;
    /// Whose part of it is looked at, as `user@host`: others keep tokens there that are not seen.
    fn account(&self) -> String;
    /// The environment that a source belongs to, where somebody said.
    fn environment(&self, source: &str) -> Option<String>;
    /// Who owns a path of a source by the repository's own list, and which list says so.
    fn code_owners(&self, source: &str, path: &str) -> Option<(Vec<String>, String)>;
}

/// What a file belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The working copy, or the folder or file that was scanned.
    pub source: String,
    /// The way to it from there, or its name.
    pub path: String,
    /// The repository that it is in, if it is in one.
    pub repository: Option<String>,
    /// Its permission bits, if it is still there.
    pub mode: Option<u32>,
}

/// A place as the ledger names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Location {
    /// What was searched.
    pub(super) source: String,
    /// The way to the bytes from there.
    pub(super) origin: String,
    /// The file, where there is one.
    pub(super) path: Option<String>,
    /// How tokens are kept there.
    pub(super) keeping: Keeping,
}

/// The bits that let others than the owner at a file.
const OTHERS: u32 = 0o077;

/// Where an origin is. `is_committed` says that a history has it too.
pub(super) fn locate(origin: &Origin, is_committed: bool, around: &dyn Surroundings) -> Location {
    let host = || around.host();
    let (source, way, path, keeping) = match origin.steps.as_slice() {
        [Step::File(path), inner @ ..] => return in_file(path, inner, is_committed, around),
        [Step::Machine { .. }, Step::File(path), inner @ ..] if Path::new(path).is_relative() => {
            return in_file(path, inner, is_committed, around);
        }
        [Step::Repository(shown), inner @ ..] => return in_history(shown, inner, around),
        [Step::Stdin, inner @ ..] => {
            (format!("stdin@{}", host()), way(inner), None, Keeping::Untold)
        }
        [Step::Engine(name), inner @ ..] => {
            (format!("image:{name}"), way(inner), None, Keeping::Copied)
        }
        [Step::Machine { .. }, .., Step::Asked(_)] => {
            (format!("keyring:{}", around.account()), way(&origin.steps), None, Keeping::Sealed)
        }
        [Step::Machine { mode, .. }, Step::Process { .. }, ..] => {
            let keeping = mode.map_or(Keeping::Environment, of_mode);
            (format!("machine:{}", around.account()), way(&origin.steps), None, keeping)
        }
        [Step::Machine { mode, .. }, inner @ ..] => {
            let keeping = kept(inner, *mode, &origin.path);
            let path = Some(origin.path.clone());
            (format!("machine:{}", around.account()), way(&origin.steps), path, keeping)
        }
        steps => (host(), way(steps), None, Keeping::Untold),
    };
    Location { source, origin: way, path, keeping }
}

fn in_file(path: &str, inner: &[Step], is_committed: bool, around: &dyn Surroundings) -> Location {
    let spot = around.file(path);
    let keeping = if is_committed { Keeping::Copied } else { kept(inner, spot.mode, path) };
    let source = spot.repository.filter(|_| is_committed).unwrap_or(spot.source);
    let origin = way_to(&spot.path, inner);
    Location { source, origin, path: Some(spot.path), keeping }
}

fn in_history(shown: &str, inner: &[Step], around: &dyn Surroundings) -> Location {
    let (origin, path) = match inner {
        [Step::Commit(_) | Step::Object(_), Step::File(path), inner @ ..] => {
            (way_to(path, inner), Some(path.clone()))
        }
        _ => (way(inner), None),
    };
    Location { source: around.repository(shown), origin, path, keeping: Keeping::Copied }
}

fn way_to(path: &str, inner: &[Step]) -> String {
    let mut steps = vec![Step::File(path.to_owned())];
    steps.extend_from_slice(inner);
    way(&steps)
}

/// The steps as reports write them, but for what is another with every start of a program.
fn way(steps: &[Step]) -> String {
    let lasting = |step: &Step| match step {
        Step::Process { command, .. } => format!("process:{command}"),
        step => step.to_string(),
    };
    let steps: Vec<_> = steps.iter().map(lasting).collect();
    if steps.is_empty() { "everything".to_owned() } else { steps.join(" › ") }
}

/// How a token is kept in a file of this mode, or in what it holds.
fn kept(inner: &[Step], mode: Option<u32>, path: &str) -> Keeping {
    let is_copy = |step: &Step| {
        matches!(
            step,
            Step::Unpacked(Container::Notebook | Container::Image | Container::LogFrames)
                | Step::Part(Container::Notebook | Container::Image | Container::LogFrames, _)
                | Step::Repository(_)
        )
    };
    let is_log = Path::new(path).extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("log") || extension.eq_ignore_ascii_case("ipynb")
    });
    if is_log || inner.iter().any(is_copy) {
        return Keeping::Copied;
    }
    mode.map_or(Keeping::Untold, of_mode)
}

fn of_mode(mode: u32) -> Keeping {
    if mode & OTHERS == 0 { Keeping::PrivateFile } else { Keeping::SharedFile }
}

/// Whether a token stands where people look, or only where a history keeps it.
pub(super) fn presence(sighting: &Sighting) -> Presence {
    let is_current = |history: &History| {
        history.checked_out
            || history.reach == Reach::Index
            || (history.reach == Reach::Ref && history.removed.is_none())
    };
    match &sighting.history {
        Some(history) if !is_current(history) => Presence::InHistory,
        _ => Presence::Present,
    }
}

/// Whether something that was not read may hold what stands in a place.
pub(super) fn may_hide(gap: &Location, place: (&str, Option<&str>)) -> bool {
    let (source, path) = place;
    if gap.source != source {
        return false;
    }
    match (&gap.path, path) {
        // What has no path is the whole, such as a history that is cut short.
        (None, _) | (_, None) => true,
        (Some(unread), Some(path)) => {
            path == unread
                || path.strip_prefix(unread.as_str()).is_some_and(|rest| rest.starts_with('/'))
                || unread.is_empty()
                || unread == "."
        }
    }
}
