//! What a computer remembers of ledgers, outside of them.
//!
//! Whoever can write a database can cut off the end of the chain together with its checkpoints, and what
//! is left is sound in itself. A note elsewhere of how long the chain was tells.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use nix::libc::{O_NOFOLLOW, O_NONBLOCK};
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::key::folder_of;

/// What the file says of itself.
const SCHEMA: &str = "bearhug.anchors/1";

/// More than anybody's anchors take.
const LIMIT: u64 = 16 << 20;

/// How far a chain had come when this computer last looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// The place of its last event.
    pub seq: u64,
    /// The hash of that event.
    #[serde(with = "hex")]
    pub hash: [u8; 32],
    /// The place of the last event that a checkpoint vouched for, 0 if there was none.
    pub checkpoint: u64,
}

/// The anchors of all ledgers that this computer uses, in a file.
#[derive(Debug, Clone)]
pub struct Anchors {
    path: PathBuf,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    schema: String,
    ledgers: BTreeMap<String, Anchor>,
}

impl Anchors {
    /// The anchors in a file, which need not be there yet.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// What is remembered of the ledger with this name.
    pub fn get(&self, ledger: &str) -> Result<Option<Anchor>, AnchorError> {
        Ok(self.read()?.remove(ledger))
    }

    /// Remembers more of a ledger. What is remembered already of a later event stays, since another
    /// program may have come further and finished sooner.
    pub fn advance(&self, ledger: &str, anchor: &Anchor) -> Result<(), AnchorError> {
        self.change(|ledgers| match ledgers.get_mut(ledger) {
            Some(known) if known.seq > anchor.seq => {}
            Some(known) if known.seq == anchor.seq => {
                known.checkpoint = known.checkpoint.max(anchor.checkpoint);
            }
            _ => {
                ledgers.insert(ledger.to_owned(), anchor.clone());
            }
        })
    }

    /// Remembers this of a ledger and nothing else, as when its owner put a backup in its place.
    pub fn replace(&self, ledger: &str, anchor: &Anchor) -> Result<(), AnchorError> {
        self.change(|ledgers| {
            ledgers.insert(ledger.to_owned(), anchor.clone());
        })
    }

    fn change(
        &self,
        change: impl FnOnce(&mut BTreeMap<String, Anchor>),
    ) -> Result<(), AnchorError> {
        let lock = self.lock()?;
        let before = self.read()?;
        let mut ledgers = before.clone();
        change(&mut ledgers);
        if ledgers != before {
            self.write(ledgers)?;
        }
        lock.unlock()?;
        Ok(())
    }

    /// Waits for its turn to write. The lock has a file of its own, since the other is replaced.
    fn lock(&self) -> Result<File, AnchorError> {
        let mut path = self.path.as_os_str().to_owned();
        path.push(".lock");
        folder_of(&self.path)?;
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600).custom_flags(O_NOFOLLOW);
        let lock = options.open(Path::new(&path))?;
        lock.lock()?;
        Ok(lock)
    }

    fn read(&self) -> Result<BTreeMap<String, Anchor>, AnchorError> {
        let mut options = OpenOptions::new();
        options.read(true).custom_flags(O_NOFOLLOW | O_NONBLOCK);
        let file = match options.open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(error) => return Err(error.into()),
        };
        let mut text = Vec::new();
        file.take(LIMIT).read_to_end(&mut text)?;
        let content: Content = serde_json::from_slice(&text).map_err(AnchorError::Content)?;
        if content.schema == SCHEMA {
            Ok(content.ledgers)
        } else {
            Err(AnchorError::Schema(content.schema))
        }
    }

    /// Writes a new file, which then takes the place of the old one.
    fn write(&self, ledgers: BTreeMap<String, Anchor>) -> Result<(), AnchorError> {
        let content = Content { schema: SCHEMA.to_owned(), ledgers };
        let mut file = NamedTempFile::new_in(folder_of(&self.path)?)?;
        serde_json::to_writer_pretty(&mut file, &content).map_err(io::Error::from)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(&self.path).map_err(|refused| refused.error)?;
        Ok(())
    }
}

/// Why nothing is remembered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnchorError {
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] io::Error),
    /// The file does not say what was remembered.
    #[error("it was changed by something else")]
    Content(#[source] serde_json::Error),
    /// Another version wrote the file.
    #[error("it says that it is `{0}`")]
    Schema(String),
}

/// Hashes as people compare them.
mod hex {
    use data_encoding::HEXLOWER;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(hash: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&HEXLOWER.encode(hash))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        let digits = String::deserialize(from)?;
        let bytes = HEXLOWER.decode(digits.as_bytes()).ok();
        let hash = bytes.and_then(|bytes| bytes.try_into().ok());
        hash.ok_or_else(|| D::Error::custom("a hash has 64 hexadecimal digits"))
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests plant files with fs::write")]
mod tests {
    use std::{
        fs,
        os::unix::fs::{MetadataExt as _, symlink},
        thread,
    };

    use super::*;

    fn anchor(seq: u64, fill: u8, checkpoint: u64) -> Anchor {
        Anchor { seq, hash: [fill; 32], checkpoint }
    }

    #[test]
    fn it_moves_forward_only() {
        let folder = tempfile::tempdir().unwrap();
        let anchors = Anchors::at(folder.path().join("state/ledger.anchors"));
        assert_eq!(anchors.get("a").unwrap(), None);
        anchors.advance("a", &anchor(5, 5, 5)).unwrap();
        anchors.advance("b", &anchor(1, 1, 0)).unwrap();
        for (less, why) in [(anchor(4, 4, 4), "less"), (anchor(5, 6, 0), "another of the same")] {
            anchors.advance("a", &less).unwrap();
            assert_eq!(anchors.get("a").unwrap(), Some(anchor(5, 5, 5)), "{why}");
        }
        anchors.advance("a", &anchor(9, 9, 5)).unwrap();
        assert_eq!(anchors.get("a").unwrap(), Some(anchor(9, 9, 5)));
        anchors.replace("a", &anchor(2, 2, 0)).unwrap();
        assert_eq!(anchors.get("a").unwrap(), Some(anchor(2, 2, 0)));
        assert_eq!(anchors.get("b").unwrap(), Some(anchor(1, 1, 0)));
        assert_eq!(fs::metadata(&anchors.path).unwrap().mode() & 0o777, 0o600);
    }

    #[test]
    fn of_many_writers_the_furthest_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let anchors = Anchors::at(folder.path().join("ledger.anchors"));
        thread::scope(|scope| {
            for start in 0..8_u8 {
                let anchors = &anchors;
                scope.spawn(move || {
                    for seq in (start..200).step_by(8) {
                        anchors.advance("a", &anchor(seq.into(), seq, 0)).unwrap();
                    }
                });
            }
        });
        assert_eq!(anchors.get("a").unwrap(), Some(anchor(199, 199, 0)));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "the file and its lock");
    }

    #[test]
    fn a_file_that_somebody_else_wrote_is_no_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.anchors");
        let anchors = Anchors::at(&path);
        let schema = r#"{"schema": "bearhug.anchors/2", "ledgers": {}}"#;
        for text in ["", "{}", "[1]", schema, r#"{"schema": "bearhug.anchors/1"}"#] {
            fs::write(&path, text).unwrap();
            assert!(anchors.get("a").is_err(), "{text}");
            assert!(anchors.advance("a", &anchor(1, 1, 1)).is_err(), "{text}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        fs::remove_file(&path).unwrap();
        symlink(folder.path().join("elsewhere"), &path).unwrap();
        assert!(anchors.get("a").is_err());
    }
}
