//! Models, datasets and spaces: what is kept of them, and the routes that serve them.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use axum::Router;

use crate::{RepoName, World};

/// The repositories of one local Hub.
#[derive(Debug)]
pub(crate) struct Repositories {
    #[expect(dead_code, reason = "the store of bare repositories is built on it")]
    root: PathBuf,
    facts: Mutex<BTreeMap<RepoName, RepoFacts>>,
}

/// What decides who may do what with a repository.
#[derive(Debug, Clone)]
pub(crate) struct RepoFacts {
    /// 24 hexadecimal digits.
    pub(crate) id: String,
    pub(crate) is_private: bool,
    pub(crate) is_gated: bool,
    pub(crate) is_disabled: bool,
    /// The people who were admitted, if it is gated.
    pub(crate) admitted: BTreeSet<String>,
    /// The person who created it: contributors of an organisation write to their own.
    pub(crate) creator: String,
}

impl Repositories {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { root, facts: Mutex::default() }
    }

    /// What decides who may do what with a repository, if there is one of that name.
    pub(crate) fn facts(&self, name: &RepoName) -> Option<RepoFacts> {
        let facts = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        facts.get(name).cloned()
    }
}

/// The routes of the Hub's origin.
pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
}

/// The routes of the origin that plays the CDN.
pub(crate) fn cdn_routes() -> Router<Arc<World>> {
    Router::new()
}
