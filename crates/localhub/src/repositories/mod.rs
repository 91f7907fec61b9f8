//! Models, datasets and spaces: what is kept of them, and the routes that serve them.

mod access;
mod address;
mod call;
mod community;
mod events;
mod large;
mod lifecycle;
mod paging;
mod range;
mod reading;
mod record;
mod seed;
mod serve;
mod sizes;
mod smart_http;
mod space;
mod store;
mod token;
mod writing;

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{Router, routing::any};

pub(crate) use record::RepoFacts;
pub use sizes::Sizes;

use self::{record::Record, store::Repository};
use crate::{Denial, RepoKind, RepoName, World};

/// The repositories of one local Hub.
#[derive(Debug)]
pub(crate) struct Repositories {
    root: PathBuf,
    known: Mutex<Known>,
    /// What URLs that need no credential are signed with.
    secret: [u8; 64],
}

#[derive(Debug, Default)]
struct Known {
    records: BTreeMap<RepoName, Record>,
    /// Where repositories were moved, by their former kind and id; a name of one word is such an id.
    moved: BTreeMap<(RepoKind, String), RepoName>,
    sizes: Sizes,
}

impl Repositories {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { root, known: Mutex::default(), secret: rand::random() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What decides who may do what with a repository, if there is one of that name.
    pub(crate) fn facts(&self, name: &RepoName) -> Option<RepoFacts> {
        self.known().records.get(name).map(Record::facts)
    }

    /// Reads or changes what is known about a repository. Nothing else happens meanwhile: keep it short.
    pub(crate) fn with<T>(
        &self,
        name: &RepoName,
        use_record: impl FnOnce(&mut Record) -> T,
    ) -> Result<T, Denial> {
        let mut known = self.known();
        let record = known.records.get_mut(name).ok_or_else(|| Denial::repo_not_found(false))?;
        Ok(use_record(record))
    }

    /// The names of all repositories.
    pub(crate) fn names(&self) -> Vec<RepoName> {
        self.known().records.keys().cloned().collect()
    }

    /// The repository of a name that is, or was, in use: a name of one word only ever was.
    fn find(&self, kind: RepoKind, id: &str) -> Option<RepoName> {
        let known = self.known();
        let (namespace, name) = id.split_once('/').unwrap_or(("", id));
        let name = RepoName::new(kind, namespace, name).ok();
        name.filter(|name| known.records.contains_key(name))
            .or_else(|| known.moved.get(&(kind, id.to_owned())).cloned())
    }

    /// The bare repository of that name.
    pub(crate) fn git(&self, name: &RepoName) -> Repository {
        let folder = format!("{}.git", name.name);
        Repository::at(self.root.join(name.kind.plural()).join(&name.namespace).join(folder))
    }

    fn sizes(&self) -> Sizes {
        self.known().sizes
    }
}

/// The routes of the Hub's origin. Paths are taken apart by [`address::Address`], because a router would
/// decode them first.
pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new().route("/{*path}", any(serve::serve))
}

/// The routes of the origin that plays the CDN.
pub(crate) fn cdn_routes() -> Router<Arc<World>> {
    Router::new().route("/{*path}", any(large::cdn::serve))
}
