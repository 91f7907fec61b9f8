//! Where a repository keeps what (gitrepository-layout).

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use super::{
    config,
    id::{Hash, ObjectId},
};
use crate::opening;

/// The longest file that says where something else is, in bytes.
const LONGEST_POINTER: u64 = 64 << 10;

/// The longest configuration, or list of shallow commits, in bytes.
const LONGEST_LIST: u64 = 64 << 20;

/// The folders of a repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Layout {
    /// The folder with the objects, the refs and the configuration.
    pub common: PathBuf,
    /// The folder that the working copy has for itself: its HEAD and its index. For a linked worktree
    /// it is another.
    pub own: PathBuf,
}

impl Layout {
    /// The repository whose own folder this is, `.git` or a bare one, if it is one.
    pub fn of(folder: &Path) -> Option<Self> {
        let is_one = folder.join("HEAD").symlink_metadata().is_ok()
            && folder.join("objects").is_dir()
            && folder.join("refs").is_dir();
        is_one.then(|| Self { common: folder.to_owned(), own: folder.to_owned() })
    }

    /// The repository at a path: a working copy, its `.git`, or a bare one.
    pub fn around(path: &Path) -> Option<Self> {
        let inner = path.join(".git");
        Self::of(&inner).or_else(|| Self::behind(&inner)).or_else(|| Self::of(path))
    }

    /// The repository that a `.git` file points at.
    pub fn behind(file: &Path) -> Option<Self> {
        let text = pointer(file)?;
        let target = text.strip_prefix("gitdir:")?.trim();
        let own = file.parent()?.join(target);
        let common = match pointer(&own.join("commondir")) {
            Some(common) => own.join(common.trim()),
            None => own.clone(),
        };
        Some(Self { own, ..Self::of(&common)? })
    }

    /// The address that it was cloned from, by its own settings. It may hold a password.
    pub fn remote(&self) -> Option<String> {
        self.setting("remote \"origin\"", "url")
    }

    /// The folder with the objects.
    pub(crate) fn objects(&self) -> PathBuf {
        self.common.join("objects")
    }

    /// The hash that names its objects.
    pub(crate) fn hash(&self) -> Hash {
        match self.setting("extensions", "objectformat").as_deref() {
            Some("sha256") => Hash::Sha256,
            _ => Hash::Sha1,
        }
    }

    /// Whether objects may be absent that a server promised to send when asked.
    pub(crate) fn is_partial(&self) -> bool {
        let promises = |file: fs::DirEntry| {
            file.path().extension().is_some_and(|extension| extension == "promisor")
        };
        self.setting("extensions", "partialclone").is_some()
            || fs::read_dir(self.objects().join("pack"))
                .into_iter()
                .flatten()
                .flatten()
                .any(promises)
    }

    /// The commits whose parents were left out of a shallow clone, in order.
    pub(crate) fn shallow(&self) -> Vec<ObjectId> {
        let text = opening::whole(&self.common.join("shallow"), LONGEST_LIST).unwrap_or_default();
        let lines = text.split(|&b| b == b'\n');
        let mut ids: Vec<_> = lines.filter_map(ObjectId::from_hex).collect();
        ids.sort_unstable();
        ids
    }

    fn setting(&self, section: &str, key: &str) -> Option<String> {
        let text = opening::whole(&self.common.join("config"), LONGEST_LIST).ok()?;
        config::value(&String::from_utf8_lossy(&text), section, key).map(str::to_owned)
    }

    /// What git puts before the names of refs that this working copy has for itself, if it is a linked
    /// worktree (git-worktree, "REFS").
    pub(crate) fn own_refs(&self) -> String {
        let name = self.own.file_name().filter(|_| self.own != self.common);
        name.map_or_else(String::new, own_refs)
    }

    /// The folders that each working copy has for itself: its index, its HEAD, its reflog.
    pub(crate) fn working_copies(&self) -> Vec<PathBuf> {
        let mut folders = vec![self.common.clone()];
        let others = fs::read_dir(self.common.join("worktrees")).into_iter().flatten().flatten();
        folders.extend(others.map(|folder| folder.path()));
        folders.sort();
        folders
    }
}

/// What git puts before the names of refs of a linked worktree.
pub(crate) fn own_refs(worktree: &OsStr) -> String {
    format!("worktrees/{}/", worktree.to_string_lossy())
}

/// The text of a file that points at something, if it is short enough to be one.
fn pointer(file: &Path) -> Option<String> {
    String::from_utf8(opening::whole(file, LONGEST_POINTER).ok()?).ok()
}
