//! Objects, and the trees that give them paths.

use super::{
    git::{Error, Repository},
    large::Pointer,
    names::{Sha, is_path},
};

/// The longest file that can be a pointer to a large one, in bytes (git-lfs, "The Pointer").
const LONGEST_POINTER: u64 = 1024;

/// What git says about an object without reading it out.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) sha: Sha,
    /// `blob`, `tree`, `commit` or `tag`.
    pub(crate) kind: String,
}

/// What is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntryKind {
    File,
    Folder,
    /// A commit of another repository: a submodule.
    Other,
}

/// A path of a tree.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// From the root of the repository.
    pub(crate) path: String,
    pub(crate) kind: EntryKind,
    pub(crate) sha: Sha,
    /// Bytes in git: of a pointer, not of what it points at.
    size: u64,
    /// What the file points at, if it is a pointer.
    pub(crate) large: Option<Pointer>,
}

impl Entry {
    /// How long the file is for its reader, in bytes.
    pub(crate) fn size(&self) -> u64 {
        self.large.as_ref().map_or(self.size, |pointer| pointer.size)
    }

    /// How long the file is in git, in bytes.
    pub(crate) fn size_in_git(&self) -> u64 {
        self.size
    }
}

impl Repository {
    /// What names stand for, in their order; each is git's syntax, so callers check what they put in.
    pub(super) async fn look(&self, names: &[String]) -> Result<Vec<Option<Object>>, Error> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let input = names.iter().fold(String::new(), |text, name| text + name + "\n");
        let format = "--batch-check=%(objectname) %(objecttype)";
        let output = self.run(&["cat-file", format], input.as_bytes()).await?;
        let parse = |line: &str| {
            let (sha, kind) = line.split_once(' ')?;
            Some(Object { sha: Sha::parse(sha)?, kind: kind.to_owned() })
        };
        let text = String::from_utf8_lossy(&output);
        Ok(text.lines().map(parse).map(|o| o.filter(|o| o.kind != "missing")).collect())
    }

    /// The contents of blobs, in their order.
    pub(crate) async fn blobs(&self, ids: &[Sha]) -> Result<Vec<Vec<u8>>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let input = ids.iter().fold(String::new(), |text, id| text + id.as_str() + "\n");
        let output = self.run(&["cat-file", "--batch"], input.as_bytes()).await?;
        let mut rest = output.as_slice();
        let mut blobs = Vec::new();
        while let Some(blob) = next_of_batch(&mut rest) {
            blobs.push(blob.to_vec());
        }
        Ok(blobs)
    }

    /// The content of one blob.
    pub(crate) async fn blob(&self, id: &Sha) -> Result<Vec<u8>, Error> {
        self.run(&["cat-file", "blob", id.as_str()], b"").await
    }

    /// What is in a folder of a commit, and with `deep` in the folders below it; `""` is the root.
    /// `None` where there is no such folder.
    pub(crate) async fn entries(
        &self,
        commit: &Sha,
        folder: &str,
        deep: bool,
    ) -> Result<Option<Vec<Entry>>, Error> {
        if !folder.is_empty() && !is_path(folder) {
            return Ok(None);
        }
        let found = self.look(&[format!("{commit}:{folder}")]).await?;
        let Some(tree) = found.into_iter().flatten().find(|object| object.kind == "tree") else {
            return Ok(None);
        };
        let recursion: &[&str] = if deep { &["-r", "-t"] } else { &[] };
        let arguments = [&["ls-tree", "-l", "-z"], recursion, &[tree.sha.as_str()]].concat();
        let output = self.run(&arguments, b"").await?;
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let lines = output.split(|&b| b == 0).filter(|line| !line.is_empty());
        let mut entries: Vec<Entry> = lines.filter_map(|line| entry(line, &prefix)).collect();
        self.follow(&mut entries).await?;
        Ok(Some(entries))
    }

    /// What is at each path of a commit that exists, in the order of the paths.
    pub(crate) async fn at_paths(&self, commit: &Sha, paths: &[&str]) -> Result<Vec<Entry>, Error> {
        let paths: Vec<&str> = paths.iter().copied().filter(|path| is_path(path)).collect();
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        // With `-t` a folder is listed although a path within it is asked for as well; without, it is not.
        let mut command = self.command(&["--literal-pathspecs", "ls-tree", "-t", "-l", "-z"]);
        command.arg(commit.as_str()).arg("--").args(&paths);
        let output = self.output(command, b"").await?;
        let lines = output.stdout.split(|&b| b == 0).filter(|line| !line.is_empty());
        let mut entries: Vec<Entry> = lines.filter_map(|line| entry(line, "")).collect();
        entries.retain(|entry| paths.contains(&entry.path.as_str()));
        self.follow(&mut entries).await?;
        Ok(entries)
    }

    /// What is at a path of a commit.
    pub(crate) async fn at_path(&self, commit: &Sha, path: &str) -> Result<Option<Entry>, Error> {
        Ok(self.at_paths(commit, &[path]).await?.into_iter().next())
    }

    /// Reads the pointers among files, so that they tell what they point at.
    async fn follow(&self, entries: &mut [Entry]) -> Result<(), Error> {
        let may_point = |e: &&mut Entry| e.kind == EntryKind::File && e.size <= LONGEST_POINTER;
        let mut small: Vec<&mut Entry> = entries.iter_mut().filter(may_point).collect();
        let ids: Vec<Sha> = small.iter().map(|entry| entry.sha.clone()).collect();
        for (entry, blob) in small.iter_mut().zip(self.blobs(&ids).await?) {
            entry.large = Pointer::parse(&blob);
        }
        Ok(())
    }
}

/// One line of `git ls-tree -l`: mode, kind, id, size, a tab and the path.
fn entry(line: &[u8], prefix: &str) -> Option<Entry> {
    let line = std::str::from_utf8(line).ok()?;
    let (facts, path) = line.split_once('\t')?;
    let mut facts = facts.split_ascii_whitespace().skip(1);
    let kind = match facts.next()? {
        "blob" => EntryKind::File,
        "tree" => EntryKind::Folder,
        _ => EntryKind::Other,
    };
    let sha = Sha::parse(facts.next()?)?;
    let size = facts.next().and_then(|size| size.parse().ok()).unwrap_or(0);
    Some(Entry { path: format!("{prefix}{path}"), kind, sha, size, large: None })
}

/// One object of `git cat-file --batch`: `id kind size`, the content, and a line feed.
fn next_of_batch<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = rest.iter().position(|&b| b == b'\n')?;
    let head = std::str::from_utf8(rest.get(..end)?).ok()?;
    let length: usize = head.rsplit(' ').next()?.parse().ok()?;
    let blob = rest.get(end + 1..)?.get(..length)?;
    *rest = rest.get(end + 1 + length + 1..).unwrap_or_default();
    Some(blob)
}
