//! Refs and reflogs: what a repository holds on to (gitrepository-layout; gitglossary, "ref").

pub(crate) mod reftable;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use bearhug_core::Reach;

use super::{
    id::ObjectId,
    layout::{Layout, own_refs},
    pack::LARGEST,
};
use crate::opening;
use reftable::{Table, Value};

/// How many refs may name one another in a row, as git has it.
const DEEPEST: usize = 5;

/// How deep folders of refs may be nested.
const DEEPEST_FOLDER: usize = 64;

/// The names under `refs/` of which each working copy has its own, and not one in common.
const OWN: [&str; 3] = ["refs/bisect/", "refs/worktree/", "refs/rewritten/"];

/// Everything in a repository that names objects, apart from objects.
#[derive(Debug, Default)]
pub(crate) struct Refs {
    /// The refs, HEADs among them. What linked worktrees have for themselves has names that start with
    /// `worktrees/` and theirs.
    named: BTreeMap<String, Value>,
    /// The objects that are held on to, and by what.
    held: BTreeSet<(ObjectId, Reach)>,
    /// How names start that are the own ones of the working copy whose refs these are.
    own: String,
}

impl Refs {
    /// Reads all refs and reflogs.
    pub(crate) fn read(layout: &Layout) -> Self {
        let mut refs = Self { own: layout.own_refs(), ..Self::default() };
        refs.packed(&layout.common.join("packed-refs"));
        for folder in layout.working_copies() {
            let worktree = folder.file_name().filter(|_| folder != layout.common);
            let start = worktree.map_or_else(String::new, own_refs);
            refs.folder(&folder.join("refs"), &format!("{start}refs"), 0);
            refs.logs(&folder.join("logs"), false, 0);
            refs.special(&folder, &start);
            refs.tables(&folder.join("reftable"), &start);
        }
        let held = refs.named.iter().filter_map(|(name, value)| {
            let (own, name) = split(name);
            Some((refs.peel(value, own)?, reach_of(name)))
        });
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
        let heads = self.named.iter().map(|(name, value)| (split(name), value));
        let heads = heads.filter(|((_, name), _)| *name == "HEAD");
        heads.filter_map(|((own, _), value)| self.peel(value, own))
    }

    /// The object that a name stands for in the working copy, as gitrevisions completes names.
    pub(crate) fn find(&self, name: &str) -> Option<ObjectId> {
        let name = if name == "@" { "HEAD" } else { name };
        if let Some(name) = name.strip_prefix("main-worktree/") {
            return self.peel(self.get(name, "")?, "");
        }
        let ways = ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"];
        let mut ways = ways.iter().map(|way| format!("{way}{name}"));
        ways.find_map(|name| self.peel(self.get(&name, &self.own)?, &self.own))
    }

    /// The ref of a name in a working copy whose own names start with `own`.
    fn get(&self, name: &str, own: &str) -> Option<&Value> {
        let has_own = !name.contains('/') || OWN.iter().any(|start| name.starts_with(start));
        if has_own { self.named.get(&format!("{own}{name}")) } else { self.named.get(name) }
    }

    fn peel(&self, value: &Value, own: &str) -> Option<ObjectId> {
        let mut value = value;
        for _ in 0..DEEPEST {
            match value {
                Value::Object(id) => return Some(*id),
                Value::Symbolic(name) => value = self.get(&String::from_utf8_lossy(name), own)?,
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
    fn special(&mut self, folder: &Path, start: &str) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_special = name.ends_with("HEAD") || name == "AUTO_MERGE";
            if is_special && let Some(value) = value_in(&entry.path()) {
                self.named.insert(format!("{start}{name}"), value);
            }
        }
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

    fn tables(&mut self, folder: &Path, start: &str) {
        let list = contents(&folder.join("tables.list")).unwrap_or_default();
        for name in String::from_utf8_lossy(&list).lines() {
            let table = contents(&folder.join(name)).unwrap_or_default();
            let table = Table::parse(&table, &mut |_| {});
            for (name, value) in table.refs {
                // The file of HEAD holds a stand-in, and this takes its place.
                self.named.insert(format!("{start}{}", String::from_utf8_lossy(&name)), value);
            }
            for (is_stash, ids) in table.logs {
                self.logged(ids.into_iter(), is_stash);
            }
        }
    }
}

/// The start of a name by which it is a worktree's own, and the rest.
fn split(name: &str) -> (&str, &str) {
    const START: &str = "worktrees/";
    let end = name.strip_prefix(START).and_then(|rest| rest.find('/'));
    name.split_at(end.map_or(0, |end| START.len() + end + 1))
}

fn reach_of(name: &str) -> Reach {
    match name {
        "refs/stash" => Reach::Stash,
        "HEAD" => Reach::Ref,
        _ if name.starts_with("refs/") => Reach::Ref,
        _ => Reach::Reflog,
    }
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
