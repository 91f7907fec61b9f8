//! Repositories that are there before the first request.

use super::{
    lifecycle::create,
    record::{Gate, Record},
    store::{Import, Signature},
};
use crate::{Denial, RepoName, World};

impl World {
    /// Adds a repository with a first commit, in the name of a person. That there is one of that name is
    /// refused.
    pub async fn add_repo(
        &self,
        repo: &RepoName,
        creator: &str,
        is_private: bool,
    ) -> Result<(), Denial> {
        create::add(self, repo, Record::new(creator, is_private, self.clock.now())).await
    }

    /// Commits a file of a repository to its main branch.
    pub async fn add_file(
        &self,
        repo: &RepoName,
        path: &str,
        content: &[u8],
    ) -> Result<(), Denial> {
        let creator = self.repositories.with(repo, |record| record.creator.clone())?;
        let git = self.repositories.git(repo);
        let signature = Signature { name: creator, seconds: self.clock.now().as_second() };
        let (branch, parent) = ("refs/heads/main", git.resolve("main").await?);
        let message = format!("Add {path}");
        let mut import = Import::begin(&git, branch, parent.as_ref(), &signature, &message).await?;
        import.write(path, content).await?;
        import.finish().await?;
        Ok(())
    }

    /// Puts a gate before the content of a repository, or takes it away: whoever wants in has to ask, and
    /// with `is_manual` somebody decides.
    pub fn gate_repo(
        &self,
        repo: &RepoName,
        is_gated: bool,
        is_manual: bool,
    ) -> Result<(), Denial> {
        let gate = match (is_gated, is_manual) {
            (false, _) => Gate::Open,
            (true, false) => Gate::Auto,
            (true, true) => Gate::Manual,
        };
        self.repositories.with(repo, |record| record.gate = gate)
    }

    /// Closes a repository, as the Hub does with one that breaks its rules.
    pub fn disable_repo(&self, repo: &RepoName) -> Result<(), Denial> {
        self.repositories.with(repo, |record| record.is_disabled = true)
    }

    /// Lets a former name lead to a repository. Names of one word, which the Hub once had, are of that
    /// sort.
    pub fn alias_repo(&self, former: &str, repo: &RepoName) {
        let mut known = self.repositories.known();
        known.moved.insert((repo.kind, former.to_owned()), repo.clone());
    }
}
