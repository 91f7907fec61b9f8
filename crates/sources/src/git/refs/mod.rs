//! Refs and reflogs: what a repository holds on to (gitrepository-layout; gitglossary, "ref").

pub(crate) mod reftable;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use bearhug_core::Reach;

use super::{id::ObjectId, layout::Layout, pack::LARGEST};
use crate::opening;
use reftable::{Table, Value};

/// How many refs may name one another in a row, as git has it.
const DEEPEST: usize = 5;

/// How deep folders of refs may be nested.
const DEEPEST_FOLDER: usize = 64;

/// Everything in a repository that names objects, apart from objects.
#[derive(Debug, Default)]
pub(crate) struct Refs {
    named: BTreeMap<String, Value>,
    /// The objects that are held on to, and by what.
    held: BTreeSet<(ObjectId, Reach)>,
    /// What is checked out.
    heads: Vec<Value>,
}

impl Refs {
    /// Reads all refs and reflogs.
    pub(crate) fn read(layout: &Layout) -> Self {
        let mut refs = Self::default();
        refs.packed(&layout.common.join("packed-refs"));
        for folder in layout.working_copies() {
            refs.folder(&folder.join("refs"), "refs", 0);
            refs.logs(&folder.join("logs"), false, 0);
            refs.special(&folder);
            refs.tables(&folder.join("reftable"), folder == layout.common);
        }
        let held: Vec<_> = refs.named.iter().map(|(name, value)| (reach_of(name), value)).collect();
        let held = held.into_iter().filter_map(|(reach, value)| Some((refs.peel(value)?, reach)));
        let held: Vec<_> = held.collect();
        refs.held.extend(held);
        refs
    }

    /// The objects that are held on to, and by what.
    pub(crate) fn held(&self) -> impl Iterator<Item = (ObjectId, Reach)> {
        self.held.iter().copied()
    }

    /// The commits that are checked out.
    pub(crate) fn heads(&self) -> impl Iterator<Item = ObjectId> {
        self.heads.iter().filter_map(|value| self.peel(value))
    }

    /// The object that a name stands for, as gitrevisions completes names.
    pub(crate) fn find(&self, name: &str) -> Option<ObjectId> {
        if name == "HEAD" || name == "@" {
            return self.heads().next();
        }
        ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"]
            .iter()
            .find_map(|start| self.peel(self.named.get(&format!("{start}{name}"))?))
    }

    fn peel(&self, value: &Value) -> Option<ObjectId> {
        let mut value = value;
        for _ in 0..DEEPEST {
            match value {
                Value::Object(id) => return Some(*id),
                Value::Symbolic(name) => {
                    value = self.named.get(String::from_utf8_lossy(name).as_ref())?;
                }
                Value::Deleted => return None,
            }
        }
        None
    }

    fn packed(&mut self, path: &Path) {
        let text = contents(path).unwrap_or_default();
        for line in String::from_utf8_lossy(&text).lines() {
            if let Some((id, name)) = line.split_once(' ')
                && let Some(id) = ObjectId::from_hex(id.as_bytes())
            {
                self.named.insert(name.to_owned(), Value::Object(id));
            }
        }
    }

    fn folder(&mut self, folder: &Path, name: &str, depth: usize) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = format!("{name}/{}", entry.file_name().to_string_lossy());
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && depth < DEEPEST_FOLDER {
                self.folder(&entry.path(), &name, depth + 1);
            } else if let Some(value) = value_in(&entry.path()) {
                self.named.insert(name, value);
            }
        }
    }

    /// HEAD, and what git leaves beside it: `ORIG_HEAD`, `MERGE_HEAD` and the like.
    fn special(&mut self, folder: &Path) {
        self.heads.extend(value_in(&folder.join("HEAD")));
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_special = name.ends_with("_HEAD") || name == "AUTO_MERGE";
            if is_special && let Some(Value::Object(id)) = value_in(&entry.path()) {
                self.held.insert((id, Reach::Reflog));
            }
        }
        let heads: Vec<_> = self.heads().map(|id| (id, Reach::Ref)).collect();
        self.held.extend(heads);
    }

    fn logs(&mut self, folder: &Path, is_stash: bool, depth: usize) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let is_stash = is_stash || entry.file_name() == "stash";
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && depth < DEEPEST_FOLDER {
                self.logs(&entry.path(), is_stash, depth + 1);
                continue;
            }
            let text = contents(&entry.path()).unwrap_or_default();
            for line in text.split(|&b| b == b'\n') {
                let ids = line.split(|&b| b == b' ').take(2).filter_map(ObjectId::from_hex);
                self.logged(ids, is_stash);
            }
        }
    }

    fn logged(&mut self, ids: impl Iterator<Item = ObjectId>, is_stash: bool) {
        let reach = if is_stash { Reach::Stash } else { Reach::Reflog };
        self.held.extend(ids.filter(|id| !id.is_null()).map(|id| (id, reach)));
    }

    fn tables(&mut self, folder: &Path, is_main: bool) {
        let list = contents(&folder.join("tables.list")).unwrap_or_default();
        for name in String::from_utf8_lossy(&list).lines() {
            let table = contents(&folder.join(name)).unwrap_or_default();
            let table = Table::parse(&table, &mut |_| {});
            for (name, value) in table.refs {
                let name = String::from_utf8_lossy(&name).into_owned();
                if name == "HEAD" {
                    // The file of that name holds a stand-in.
                    self.heads.retain(|head| !is_main || !is_stand_in(head));
                    self.heads.push(value);
                } else {
                    self.named.insert(name, value);
                }
            }
            for (is_stash, ids) in table.logs {
                self.logged(ids.into_iter(), is_stash);
            }
        }
    }
}

/// Whether a HEAD is what git writes there for programs that do not know reftables.
fn is_stand_in(head: &Value) -> bool {
    matches!(head, Value::Symbolic(name) if name == b"refs/heads/.invalid")
}

fn reach_of(name: &str) -> Reach {
    if name == "refs/stash" { Reach::Stash } else { Reach::Ref }
}

/// The bytes of a file of refs or a reflog, unless it is none. What is wrong with it is said when it is
/// searched like any other file.
fn contents(path: &Path) -> Option<Vec<u8>> {
    opening::whole(path, LARGEST as u64).ok()
}

/// What a file of a ref says.
fn value_in(path: &Path) -> Option<Value> {
    /// The longest such file, in bytes.
    const LONGEST: u64 = 64 << 10;
    let text = opening::whole(path, LONGEST).ok()?;
    let line = text.split(|&b| matches!(b, b'\n' | b'\t' | b'\r')).next()?;
    match line.strip_prefix(b"ref:") {
        Some(name) => Some(Value::Symbolic(name.trim_ascii().to_vec())),
        None => ObjectId::from_hex(line.trim_ascii()).map(Value::Object),
    }
}
