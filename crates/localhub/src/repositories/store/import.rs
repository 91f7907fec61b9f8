//! Writes one commit, change by change, as they come in (git-fast-import, "Input Format").
//!
//! Only the change at hand is held, and nothing is visible before the last one was taken: an import that
//! is dropped leaves the branch as it was.

use std::fmt::Write as _;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufWriter},
    process::{Child, ChildStdin},
};

use super::{
    changes::Signature,
    git::{Error, Repository},
    names::Sha,
};

/// A commit that is being written.
#[derive(Debug)]
pub(crate) struct Import {
    repository: Repository,
    name: String,
    parent: Option<Sha>,
    git: Child,
    input: BufWriter<ChildStdin>,
}

impl Import {
    /// Starts a commit on a ref, which is named in full. Without a parent it is the first of its history.
    pub(crate) async fn begin(
        repository: &Repository,
        name: &str,
        parent: Option<&Sha>,
        signature: &Signature,
        message: &str,
    ) -> Result<Self, Error> {
        let mut git = repository.command(&["fast-import", "--quiet", "--done"]).spawn()?;
        let stdin = git.stdin.take().ok_or_else(|| std::io::Error::other("git reads nothing"))?;
        let mut import = Self {
            repository: repository.clone(),
            name: name.to_owned(),
            parent: parent.cloned(),
            git,
            input: BufWriter::new(stdin),
        };
        let who = signature.line();
        let head = format!("commit {name}\nmark :1\nauthor {who}\ncommitter {who}\n");
        import.text(&head).await?;
        import.data(message.as_bytes()).await?;
        if let Some(parent) = parent {
            import.text(&format!("from {parent}\n")).await?;
        }
        Ok(import)
    }

    /// Writes a file.
    pub(crate) async fn write(&mut self, path: &str, content: &[u8]) -> Result<(), Error> {
        self.text(&format!("M 100644 inline {}\n", quoted(path))).await?;
        self.data(content).await
    }

    /// Puts an object that the repository has at a path.
    pub(crate) async fn link(&mut self, path: &str, blob: &Sha) -> Result<(), Error> {
        self.text(&format!("M 100644 {blob} {}\n", quoted(path))).await
    }

    /// Deletes a file or a folder.
    pub(crate) async fn delete(&mut self, path: &str) -> Result<(), Error> {
        self.text(&format!("D {}\n", quoted(path))).await
    }

    /// Finishes the commit and gives its id, unless the ref has moved away from the parent.
    pub(crate) async fn finish(mut self) -> Result<Sha, Error> {
        self.text("\nget-mark :1\ndone\n").await?;
        self.input.shutdown().await.map_err(Error::Io)?;
        drop(self.input);
        let mut id = String::new();
        if let Some(stdout) = &mut self.git.stdout {
            stdout.read_to_string(&mut id).await?;
        }
        let output = self.git.wait_with_output().await?;
        if let Some(id) = Sha::parse(id.trim()).filter(|_| output.status.success()) {
            return Ok(id);
        }
        let error = Error::Git {
            command: "fast-import".to_owned(),
            message: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        };
        Err(self.repository.explain(&self.name, self.parent.as_ref(), error).await)
    }

    async fn text(&mut self, text: &str) -> Result<(), Error> {
        Ok(self.input.write_all(text.as_bytes()).await?)
    }

    async fn data(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.text(&format!("data {}\n", bytes.len())).await?;
        self.input.write_all(bytes).await?;
        self.text("\n").await
    }
}

/// A path in git's quotes, which take every byte.
fn quoted(path: &str) -> String {
    let mut text = String::from('"');
    for byte in path.bytes() {
        match byte {
            b'"' | b'\\' => text.extend(['\\', char::from(byte)]),
            b' '..=b'~' => text.push(char::from(byte)),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\{byte:03o}");
            }
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_gits() {
        assert_eq!(quoted("a b/\"ü\"\\"), "\"a b/\\\"\\303\\274\\\"\\\\\"");
    }
}
