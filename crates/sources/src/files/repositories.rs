//! The repositories that a walk meets.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::git::{Layout, history::History};

/// What is known of histories, by the real paths of their repositories.
type Known = BTreeMap<String, BTreeSet<String>>;

/// Repositories, each once.
#[derive(Debug)]
pub(super) struct Repositories {
    /// The folders that are walked, by their real paths.
    walked: Vec<PathBuf>,
    met: Mutex<Met>,
}

#[derive(Debug, Default)]
struct Met {
    /// The histories under the real paths of their repositories.
    histories: Vec<(PathBuf, History)>,
    /// The folders that `.git` files point at and that are not walked yet.
    outside: Vec<PathBuf>,
    /// The real paths of such folders that were walked or are about to be.
    seen: BTreeSet<PathBuf>,
}

impl Repositories {
    /// What will be met on a walk through some folders.
    pub(super) fn around(folders: &[PathBuf]) -> Self {
        let walked = folders.iter().filter_map(|folder| fs::canonicalize(folder).ok()).collect();
        Self { walked, met: Mutex::default() }
    }

    fn met(&self) -> MutexGuard<'_, Met> {
        self.met.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A history was met, of which some has been read before.
    pub(super) fn add(&self, history: History, known: &Known) {
        let Ok(path) = fs::canonicalize(history.folder()) else { return };
        let known = known.get(path.to_string_lossy().as_ref()).cloned().unwrap_or_default();
        let history = history.except(known);
        let mut met = self.met();
        let place = met.histories.binary_search_by(|(other, _)| other.cmp(&path));
        if let Err(place) = place {
            met.histories.insert(place, (path, history));
        }
    }

    /// A `.git` file was met, which is where a worktree or a submodule says what it belongs to.
    pub(super) fn point(&self, file: &Path) {
        let Some(layout) = Layout::behind(file) else { return };
        let mut met = self.met();
        for folder in [layout.common, layout.own] {
            let Ok(real) = fs::canonicalize(&folder) else { continue };
            let is_within = |parent: &PathBuf| real.starts_with(parent);
            let is_known = self.walked.iter().any(is_within) || met.seen.iter().any(is_within);
            if !is_known {
                met.seen.insert(real.clone());
                met.outside.push(real);
            }
        }
    }

    /// The next folder to walk that lies outside.
    pub(super) fn next_outside(&self) -> Option<PathBuf> {
        self.met().outside.pop()
    }

    /// What was read of each history.
    pub(super) fn read(&self) -> Known {
        let histories = &self.met().histories;
        histories.iter().map(|(p, h)| (p.to_string_lossy().into_owned(), h.read())).collect()
    }

    /// Every history that was met, in order of their real paths.
    pub(super) fn histories(&self) -> Vec<History> {
        self.met().histories.iter().map(|(_, history)| history.clone()).collect()
    }
}
