//! Commits that are made of what is there already: squashes and merges; and tags.

use tokio::process::Command;

use super::{
    git::{Error, Repository},
    names::Sha,
};

/// Who makes a commit or a tag, and when.
#[derive(Debug, Clone)]
pub(crate) struct Signature {
    /// The account.
    pub(crate) name: String,
    /// Seconds since 1970.
    pub(crate) seconds: i64,
}

/// What became of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Merge {
    /// The new commit.
    Done(Sha),
    /// Both sides changed the same lines.
    Conflict,
}

impl Signature {
    /// As git writes it into an object.
    pub(super) fn line(&self) -> String {
        let (name, email) = (self.clean_name(), self.email());
        format!("{name} <{email}> {} +0000", self.seconds)
    }

    fn clean_name(&self) -> String {
        self.name.chars().filter(|c| !c.is_control() && !"<>".contains(*c)).collect()
    }

    /// The Hub hides addresses of accounts behind one of this form.
    fn email(&self) -> String {
        format!("{}@users.noreply.huggingface.co", self.clean_name())
    }

    fn sign(&self, command: &mut Command) {
        let date = format!("{} +0000", self.seconds);
        for role in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{role}_NAME"), self.clean_name())
                .env(format!("GIT_{role}_EMAIL"), self.email())
                .env(format!("GIT_{role}_DATE"), &date);
        }
    }
}

impl Repository {
    /// Makes a commit of a tree; it is on no branch yet.
    async fn commit_tree(
        &self,
        tree: &str,
        parents: &[&Sha],
        signature: &Signature,
        message: &str,
    ) -> Result<Sha, Error> {
        let mut command = self.command(&["commit-tree", tree]);
        for parent in parents {
            command.args(["-p", parent.as_str()]);
        }
        signature.sign(&mut command);
        self.id_of(command, message).await
    }

    /// Runs a command that prints an object's id.
    async fn id_of(&self, command: Command, input: &str) -> Result<Sha, Error> {
        let output = self.output(command, input.as_bytes()).await?;
        let id = String::from_utf8_lossy(&output.stdout);
        let first = id.lines().next().unwrap_or_default();
        Sha::parse(first).filter(|_| output.status.success()).ok_or_else(|| Error::Git {
            command: "commit-tree".to_owned(),
            message: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        })
    }

    /// Replaces the history of a ref with one commit of the same content.
    pub(crate) async fn squash(
        &self,
        name: &str,
        tip: &Sha,
        signature: &Signature,
        message: &str,
    ) -> Result<Sha, Error> {
        let tree = format!("{tip}^{{tree}}");
        let squashed = self.commit_tree(&tree, &[], signature, message).await?;
        self.point(name, &squashed, Some(tip)).await?;
        Ok(squashed)
    }

    /// Brings the changes of a commit onto a branch as one commit, as the Hub merges pull requests.
    pub(crate) async fn merge(
        &self,
        name: &str,
        change: &Sha,
        signature: &Signature,
        message: &str,
    ) -> Result<Merge, Error> {
        let Some(base) = self.target(name).await? else {
            return Ok(Merge::Conflict);
        };
        let mut command = self.command(&["merge-tree", "--write-tree", "--no-messages"]);
        command.args([base.as_str(), change.as_str()]);
        let Ok(tree) = self.id_of(command, "").await else {
            return Ok(Merge::Conflict);
        };
        let merged = self.commit_tree(tree.as_str(), &[&base], signature, message).await?;
        self.point(name, &merged, Some(&base)).await?;
        Ok(Merge::Done(merged))
    }

    /// Tags a commit: with an object of its own if there is a message.
    pub(crate) async fn tag(
        &self,
        name: &str,
        target: &Sha,
        signature: &Signature,
        message: Option<&str>,
    ) -> Result<(), Error> {
        let Some(message) = message.filter(|message| !message.is_empty()) else {
            return self.point(&format!("refs/tags/{name}"), target, None).await;
        };
        let mut command = self.command(&["tag", "--annotate", "--file=-", name, target.as_str()]);
        signature.sign(&mut command);
        let output = self.output(command, message.as_bytes()).await?;
        if output.status.success() {
            return Ok(());
        }
        let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(Error::Git { command: "tag".to_owned(), message })
    }
}
