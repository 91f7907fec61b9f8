//! What the files and repositories of a scan belong to, so that the ledger can name them.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    rc::Rc,
};

use bearhug_guard::inventory::{Spot, Surroundings};
use bearhug_sources::git::{CodeOwners, Layout, remote};

use crate::{author, config::Environments, words};

/// The permission bits of a mode, without the type of the file.
const PERMISSIONS: u32 = 0o7777;

/// This computer, as a scan goes through it.
pub(super) struct Here {
    host: String,
    /// What was scanned: folders and files, by their real paths.
    pub(super) roots: Vec<PathBuf>,
    reads_histories: bool,
    /// The environment that everything belongs to, if the user said so.
    environment: Option<String>,
    /// What each source belongs to otherwise.
    environments: Environments,
    /// The working copies by the folders that are in them.
    copies: RefCell<BTreeMap<PathBuf, Option<Rc<WorkingCopy>>>>,
    /// The working copies by what they are called and what their repositories are.
    by_source: RefCell<BTreeMap<String, Rc<WorkingCopy>>>,
}

/// A working copy of a repository.
pub(super) struct WorkingCopy {
    /// Its folder.
    pub(super) root: PathBuf,
    /// What it is called.
    pub(super) source: String,
    /// What its repository is called.
    pub(super) repository: String,
    owners: Option<CodeOwners>,
}

impl Here {
    pub(super) fn new(
        roots: &[PathBuf],
        reads_histories: bool,
        environment: Option<String>,
        environments: Environments,
    ) -> Self {
        let host = author::host();
        let roots = roots.iter().map(|root| real(root)).collect();
        let (copies, by_source) = (RefCell::default(), RefCell::default());
        Self { host, roots, reads_histories, environment, environments, copies, by_source }
    }

    /// What something on this computer is called.
    pub(super) fn source(&self, path: &Path) -> String {
        words::safe(&format!("{}:{}", self.host, path.display()))
    }

    /// The working copy that a folder lies in.
    pub(super) fn copy_around(&self, folder: &Path) -> Option<Rc<WorkingCopy>> {
        if let Some(known) = self.copies.borrow().get(folder) {
            return known.clone();
        }
        let is_one = |folder: &&Path| folder.join(".git").symlink_metadata().is_ok();
        let layout = |root: &Path| Some((root.to_owned(), Layout::around(root)?));
        let found = folder.ancestors().filter(is_one).find_map(layout);
        let copy = found.map(|(root, layout)| {
            Rc::new(WorkingCopy {
                source: self.source(&root),
                repository: self.name_of(&layout),
                owners: CodeOwners::of(&root),
                root,
            })
        });
        if let Some(copy) = &copy {
            let mut by_source = self.by_source.borrow_mut();
            for source in [&copy.source, &copy.repository] {
                by_source.entry(source.clone()).or_insert_with(|| Rc::clone(copy));
            }
        }
        self.copies.borrow_mut().insert(folder.to_owned(), copy.clone());
        copy
    }

    /// What a repository is called: by where it was cloned from, or else by where it is.
    fn name_of(&self, layout: &Layout) -> String {
        let remote = layout.remote().and_then(|address| remote::canonical(&address));
        remote.map_or_else(
            || {
                let common = real(&layout.common);
                let is_within = common.file_name().is_some_and(|name| name == ".git");
                self.source(common.parent().filter(|_| is_within).unwrap_or(&common))
            },
            |address| words::safe(&address),
        )
    }
}

impl Surroundings for Here {
    fn file(&self, path: &str) -> Spot {
        let real = real(Path::new(path));
        let mode = fs::metadata(&real).ok().map(|m| m.permissions().mode() & PERMISSIONS);
        let within = |root: &Path| {
            let rest = real.strip_prefix(root).unwrap_or(&real).to_string_lossy().into_owned();
            if rest.is_empty() { ".".to_owned() } else { rest }
        };
        let folder = if real.is_dir() { Some(real.as_path()) } else { real.parent() };
        if let Some(copy) = folder.and_then(|folder| self.copy_around(folder)) {
            let path = words::safe(&within(&copy.root));
            let (source, repository) = (copy.source.clone(), Some(copy.repository.clone()));
            return Spot { source, path, repository, mode };
        }
        let roots = self.roots.iter().filter(|root| real.starts_with(root));
        let root = roots.max_by_key(|root| root.as_os_str().len()).cloned();
        let root = root.or_else(|| real.parent().map(Path::to_owned)).unwrap_or_default();
        let path = if root == real { name(&real) } else { within(&root) };
        Spot { source: self.source(&root), path: words::safe(&path), repository: None, mode }
    }

    fn repository(&self, shown: &str) -> String {
        if let Some(address) = remote::canonical(shown).filter(|_| remote::is_address(shown)) {
            return words::safe(&address);
        }
        let path = real(Path::new(shown.strip_prefix("file://").unwrap_or(shown)));
        if path.join(".git").symlink_metadata().is_ok()
            && let Some(copy) = self.copy_around(&path)
        {
            return copy.repository.clone();
        }
        Layout::around(&path).map_or_else(|| self.source(&path), |layout| self.name_of(&layout))
    }

    fn unread_repository(&self, source: &str) -> Option<String> {
        let copy = self.by_source.borrow().get(source).cloned();
        let copy = copy.filter(|copy| !self.reads_histories && copy.source == source)?;
        (copy.source != copy.repository).then(|| copy.repository.clone())
    }

    fn host(&self) -> String {
        self.host.clone()
    }

    fn account(&self) -> String {
        format!("{}@{}", author::user(), self.host)
    }

    fn environment(&self, source: &str) -> Option<String> {
        // Patterns are written for paths, whichever computer they are on.
        let path = source.strip_prefix(&self.host).and_then(|rest| rest.strip_prefix(':'));
        let of = |name: &str| self.environments.of(name).map(words::safe);
        let said = self.environment.clone();
        said.or_else(|| of(source)).or_else(|| path.and_then(of))
    }

    fn code_owners(&self, source: &str, path: &str) -> Option<(Vec<String>, String)> {
        let copy = self.by_source.borrow().get(source).cloned()?;
        let list = copy.owners.as_ref()?;
        let owners: Vec<_> = list.owners(path).iter().map(|owner| words::safe(owner)).collect();
        (!owners.is_empty()).then(|| (owners, list.place().to_owned()))
    }
}

/// The path without links as far as it is there: a name that was redacted names nothing.
fn real(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = absolute.ancestors().find_map(|part| Some((part, fs::canonicalize(part).ok()?)));
    match there {
        Some((part, real)) => match absolute.strip_prefix(part) {
            Ok(rest) if !rest.as_os_str().is_empty() => real.join(rest),
            _ => real,
        },
        None => absolute,
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
