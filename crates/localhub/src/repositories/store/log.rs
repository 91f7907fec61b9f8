//! The history of a repository.

use super::{
    git::{Error, Repository},
    names::Sha,
};

/// A commit as its log line tells it.
#[derive(Debug, Clone)]
pub(crate) struct Commit {
    pub(crate) id: Sha,
    /// Who wrote it.
    pub(crate) author: String,
    /// Seconds since 1970.
    pub(crate) seconds: i64,
    /// The first paragraph of the message, on one line.
    pub(crate) title: String,
    /// What follows it.
    pub(crate) message: String,
}

impl Repository {
    /// Commits from one backwards, newest first: `limit` of them after the first `skip`; only those
    /// that changed a path, if one is given.
    pub(crate) async fn log(
        &self,
        from: &Sha,
        skip: usize,
        limit: usize,
        path: Option<&str>,
    ) -> Result<Vec<Commit>, Error> {
        let (skip, limit) = (format!("--skip={skip}"), format!("--max-count={limit}"));
        let format = "--format=%H%x1f%an%x1f%at%x1f%s%x1f%b";
        let mut arguments = vec!["--literal-pathspecs", "log", "-z", &skip, &limit, format];
        arguments.extend([from.as_str(), "--"]);
        arguments.extend(path);
        let output = self.run(&arguments, b"").await?;
        let text = String::from_utf8_lossy(&output);
        Ok(text.split('\0').filter_map(commit).collect())
    }

    /// How many commits lead to one, itself included.
    pub(crate) async fn count(&self, from: &Sha) -> Result<usize, Error> {
        let output = self.run(&["rev-list", "--count", from.as_str()], b"").await?;
        Ok(String::from_utf8_lossy(&output).trim().parse().unwrap_or(0))
    }

    /// What changed between two commits, as a patch.
    pub(crate) async fn patch(&self, old: &Sha, new: &Sha) -> Result<Vec<u8>, Error> {
        let arguments = ["diff-tree", "-r", "-p", "--no-ext-diff", old.as_str(), new.as_str()];
        self.run(&arguments, b"").await
    }

    /// Where two histories parted, if they have anything in common.
    pub(crate) async fn merge_base(&self, one: &Sha, other: &Sha) -> Result<Option<Sha>, Error> {
        let command = self.command(&["merge-base", one.as_str(), other.as_str()]);
        let output = self.output(command, b"").await?;
        Ok(Sha::parse(String::from_utf8_lossy(&output.stdout).trim()))
    }
}

fn commit(text: &str) -> Option<Commit> {
    let mut fields = text.splitn(5, '\u{1f}');
    Some(Commit {
        id: Sha::parse(fields.next()?.trim())?,
        author: fields.next()?.to_owned(),
        seconds: fields.next()?.parse().ok()?,
        title: fields.next()?.to_owned(),
        message: fields.next()?.trim().to_owned(),
    })
}
