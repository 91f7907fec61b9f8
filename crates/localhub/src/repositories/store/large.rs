//! Large files: pointers in git, contents beside it (git-lfs, "Specification").
//!
//! Contents lie where git-lfs itself keeps them in a bare repository, `lfs/objects/ab/cd/<id>`, so
//! they move and go with the repository, and a clone from the disk finds them.

use std::{
    fmt::Write as _,
    io,
    path::{Path, PathBuf},
};

use axum::body::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt};
use sha2::{Digest, Sha256};
use tokio::{fs, io::AsyncWriteExt};

use super::git::Repository;

const VERSION: &str = "version https://git-lfs.github.com/spec/v1";

/// What stands in git for a large file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pointer {
    /// SHA-256 of the content, 64 lower-case hexadecimal digits.
    pub(crate) id: String,
    /// Bytes of the content.
    pub(crate) size: u64,
}

impl Pointer {
    /// A pointer to content, if the id has the form of one.
    pub(crate) fn new(id: &str, size: u64) -> Option<Self> {
        let is_id =
            id.len() == 64 && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        is_id.then(|| Self { id: id.to_owned(), size })
    }

    /// The pointer that a file is.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut lines = std::str::from_utf8(bytes).ok()?.lines();
        lines.next().filter(|line| *line == VERSION)?;
        let (mut id, mut size) = (None, None);
        for line in lines {
            match line.split_once(' ')? {
                ("oid", value) => id = value.strip_prefix("sha256:"),
                ("size", value) => size = value.parse().ok(),
                _ => {}
            }
        }
        Self::new(id?, size?)
    }

    /// The file that it is in git.
    pub(crate) fn text(&self) -> String {
        format!("{VERSION}\noid sha256:{}\nsize {}\n", self.id, self.size)
    }
}

/// Why content was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// It could not be received or written.
    #[error("the content did not arrive")]
    Io(#[from] io::Error),
    /// It is not what its id says.
    #[error("the content is not what its id says")]
    Different,
}

/// The large files of a repository.
#[derive(Debug, Clone)]
pub(crate) struct Large {
    folder: PathBuf,
}

impl Repository {
    /// The large files of this repository.
    pub(crate) fn large(&self) -> Large {
        Large { folder: self.folder().join("lfs") }
    }
}

impl Large {
    /// Where the content of a pointer is, or would be.
    pub(crate) fn path(&self, pointer: &Pointer) -> PathBuf {
        let id = &pointer.id;
        let shards = [id.get(..2), id.get(2..4)].into_iter().flatten();
        shards.fold(self.folder.join("objects"), |path, shard| path.join(shard)).join(id)
    }

    /// Whether the content is there, in the stated length.
    pub(crate) async fn has(&self, pointer: &Pointer) -> bool {
        let metadata = fs::metadata(self.path(pointer)).await;
        metadata.is_ok_and(|metadata| metadata.len() == pointer.size)
    }

    /// The content of an id, if it is there.
    pub(crate) async fn find(&self, id: &str) -> Option<Pointer> {
        let pointer = Pointer::new(id, 0)?;
        let metadata = fs::metadata(self.path(&pointer)).await.ok()?;
        Some(Pointer { size: metadata.len(), ..pointer })
    }

    /// Takes content in, if it is what the pointer says.
    pub(crate) async fn take(
        &self,
        pointer: &Pointer,
        content: impl Stream<Item = io::Result<Bytes>> + Unpin,
    ) -> Result<(), Refusal> {
        let part = self.part(&pointer.id, 0);
        let (size, digest) = write(&part, content, pointer.size).await?;
        self.adopt(part, pointer, size, &digest).await
    }

    /// Takes one piece of a larger content, of at most `limit` bytes, and gives its SHA-256; `upload`
    /// names the whole.
    pub(crate) async fn take_part(
        &self,
        upload: &str,
        number: u32,
        limit: u64,
        content: impl Stream<Item = io::Result<Bytes>> + Unpin,
    ) -> Result<String, Refusal> {
        let (_, digest) = write(&self.part(upload, number), content, limit).await?;
        Ok(digest)
    }

    /// Joins the pieces `1..=count`, if they are what the pointer says.
    pub(crate) async fn join(
        &self,
        upload: &str,
        count: u32,
        pointer: &Pointer,
    ) -> Result<(), Refusal> {
        let whole = self.part(upload, 0);
        let parts = (1..=count).map(|number| self.part(upload, number)).collect::<Vec<_>>();
        let contents = futures_util::stream::iter(parts.clone())
            .then(fs::File::open)
            .map_ok(tokio_util::io::ReaderStream::new)
            .try_flatten();
        let (size, digest) = write(&whole, Box::pin(contents), pointer.size).await?;
        for part in parts {
            fs::remove_file(part).await?;
        }
        self.adopt(whole, pointer, size, &digest).await
    }

    fn part(&self, upload: &str, number: u32) -> PathBuf {
        self.folder.join("incoming").join(format!("{upload}-{number}"))
    }

    async fn adopt(
        &self,
        file: PathBuf,
        pointer: &Pointer,
        size: u64,
        digest: &str,
    ) -> Result<(), Refusal> {
        if size != pointer.size || digest != pointer.id {
            fs::remove_file(file).await?;
            return Err(Refusal::Different);
        }
        let path = self.path(pointer);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).await?;
        }
        Ok(fs::rename(file, path).await?)
    }
}

/// Writes a stream of at most `limit` bytes to a file; gives its length and its SHA-256.
async fn write(
    path: &Path,
    mut content: impl Stream<Item = io::Result<Bytes>> + Unpin,
    limit: u64,
) -> Result<(u64, String), Refusal> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).await?;
    }
    let mut file = fs::File::create(path).await?;
    let (mut size, mut hash) = (0, Sha256::new());
    while let Some(bytes) = content.try_next().await? {
        size += bytes.len() as u64;
        if size > limit {
            return Err(Refusal::Different);
        }
        hash.update(&bytes);
        file.write_all(&bytes).await?;
    }
    file.flush().await?;
    let mut digest = String::new();
    for byte in hash.finalize() {
        // Writing to a string cannot fail.
        let _ = write!(digest, "{byte:02x}");
    }
    Ok((size, digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_is_read_as_it_is_written() {
        let id = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";
        let pointer = Pointer::new(id, 12345).expect("an id");
        assert_eq!(Pointer::parse(pointer.text().as_bytes()), Some(pointer));
        assert_eq!(Pointer::parse(b"# A readme\n"), None);
        assert_eq!(Pointer::new("4D7A", 1), None);
    }
}
