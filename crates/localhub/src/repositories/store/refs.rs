//! Branches, tags and other refs, and what revisions name.

use super::{
    git::{Error, Repository},
    names::{Sha, is_ref_name},
};

/// A name for a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ref {
    /// In full, as `refs/heads/main`.
    pub(crate) name: String,
    /// The commit it names, through a tag object if there is one.
    pub(crate) target: Sha,
}

/// An id that no object has: what a ref that does not exist yet points at.
const NOTHING: &str = "0000000000000000000000000000000000000000";

impl Repository {
    /// The commit that a revision names: a branch, a tag, a ref in full, a commit's id or `HEAD`.
    pub(crate) async fn resolve(&self, revision: &str) -> Result<Option<Sha>, Error> {
        let mut candidates = Vec::new();
        if Sha::parse(revision).is_some() || revision == "HEAD" {
            candidates.push(revision.to_owned());
        }
        if is_ref_name(revision) {
            if revision.starts_with("refs/") {
                candidates.push(revision.to_owned());
            }
            candidates.push(format!("refs/heads/{revision}"));
            candidates.push(format!("refs/tags/{revision}"));
        }
        let names: Vec<String> =
            candidates.iter().map(|name| format!("{name}^{{commit}}")).collect();
        Ok(self.look(&names).await?.into_iter().flatten().next().map(|object| object.sha))
    }

    /// The commit a ref names, by the ref's name in full.
    pub(crate) async fn target(&self, name: &str) -> Result<Option<Sha>, Error> {
        let found = self.look(&[format!("{name}^{{commit}}")]).await?;
        Ok(found.into_iter().flatten().next().map(|object| object.sha))
    }

    /// All refs, in the order of their names.
    pub(crate) async fn refs(&self) -> Result<Vec<Ref>, Error> {
        let format = "--format=%(objectname) %(*objectname) %(refname)";
        let output = self.run(&["for-each-ref", format], b"").await?;
        let text = String::from_utf8_lossy(&output);
        let parse = |line: &str| {
            let mut words = line.splitn(3, ' ');
            let (own, peeled, name) = (words.next()?, words.next()?, words.next()?);
            let target = Sha::parse(peeled).or_else(|| Sha::parse(own))?;
            Some(Ref { name: name.to_owned(), target })
        };
        Ok(text.lines().filter_map(parse).collect())
    }

    /// Makes a ref name a commit, if it still names what the caller thinks it does ([`Error::Moved`]);
    /// `None` stands for a ref that does not exist.
    pub(crate) async fn point(
        &self,
        name: &str,
        target: &Sha,
        before: Option<&Sha>,
    ) -> Result<(), Error> {
        let old = before.map_or(NOTHING, Sha::as_str);
        match self.run(&["update-ref", name, target.as_str(), old], b"").await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.explain(name, before, error).await),
        }
    }

    /// Why a ref could not be changed: that it moved explains more than what git said.
    pub(super) async fn explain(&self, name: &str, before: Option<&Sha>, error: Error) -> Error {
        match self.target(name).await {
            Ok(now) if now.as_ref() != before => Error::Moved,
            _ => error,
        }
    }

    /// Deletes a ref, whatever it names.
    pub(crate) async fn forget(&self, name: &str) -> Result<(), Error> {
        self.run(&["update-ref", "-d", name], b"").await?;
        Ok(())
    }
}
