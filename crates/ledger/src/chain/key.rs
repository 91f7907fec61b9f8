//! The key that a computer signs checkpoints with.

use std::{
    fmt,
    fs::{DirBuilder, File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::Path,
    str::FromStr,
};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey},
};
use data_encoding::HEXLOWER;
use nix::libc::{O_NOFOLLOW, O_NONBLOCK};
use tempfile::NamedTempFile;

/// More than a PKCS#8 document with an Ed25519 key takes.
const LIMIT: u64 = 4096;

/// Signs checkpoints (Ed25519, RFC 8032).
pub struct SigningKey(Ed25519KeyPair);

impl SigningKey {
    /// The key in a file, which is made if it is not there: a PKCS#8 document (RFC 5958) that its
    /// owner alone can read. Of two programs that make it at once, both get the same.
    ///
    /// # Errors
    ///
    /// A key that others can read or write vouches for nothing and is refused. So is a link.
    pub fn open_or_make(path: &Path) -> Result<Self, KeyError> {
        if let Some(key) = Self::open(path)? {
            return Ok(key);
        }
        make(path).map_err(KeyError::File)?;
        Self::open(path)?.ok_or_else(|| KeyError::File(io::ErrorKind::NotFound.into()))
    }

    /// The key in a file, if there is such a file.
    pub fn open(path: &Path) -> Result<Option<Self>, KeyError> {
        let mut options = OpenOptions::new();
        let file = match options.read(true).custom_flags(O_NOFOLLOW | O_NONBLOCK).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(KeyError::File(error)),
        };
        let document = read(&file)?;
        Ed25519KeyPair::from_pkcs8(&document)
            .map(|pair| Some(Self(pair)))
            .map_err(|_| KeyError::Document)
    }

    /// What others check signatures with.
    pub fn public(&self) -> PublicKey {
        let mut key = [0; 32];
        key.copy_from_slice(self.0.public_key().as_ref());
        PublicKey(key)
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).as_ref().to_vec()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public())
    }
}

fn read(file: &File) -> Result<Vec<u8>, KeyError> {
    let metadata = file.metadata().map_err(KeyError::File)?;
    if !metadata.is_file() {
        return Err(KeyError::Document);
    }
    if metadata.mode() & 0o077 != 0 {
        return Err(KeyError::Exposed);
    }
    let mut document = Vec::new();
    file.take(LIMIT).read_to_end(&mut document).map_err(KeyError::File)?;
    Ok(document)
}

/// Writes a new key beside its place and moves it there, unless somebody was faster: nobody ever sees
/// half a key.
fn make(path: &Path) -> io::Result<()> {
    let folder = folder_of(path)?;
    let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
        .map_err(|_| io::Error::other("the system has no random numbers"))?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(document.as_ref())?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        persisted => persisted.map(drop).map_err(|refused| refused.error),
    }
}

/// The folder that a file is in, made for its owner alone if it is not there.
pub(super) fn folder_of(path: &Path) -> io::Result<&Path> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    Ok(folder)
}

/// The public half of a key, written as `ed25519:` and 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(message, signature).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ed25519:{}", HEXLOWER.encode(&self.0))
    }
}

/// The text is no public key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a key is written as `ed25519:` and 64 hexadecimal digits, as `bearhug ledger status` shows it"
)]
pub struct ParseKeyError;

impl FromStr for PublicKey {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix("ed25519:").ok_or(ParseKeyError)?;
        let bytes = HEXLOWER.decode(digits.as_bytes()).map_err(|_| ParseKeyError)?;
        bytes.try_into().map(Self).map_err(|_| ParseKeyError)
    }
}

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Its file cannot be read or made.
    #[error("the key cannot be read")]
    File(#[source] io::Error),
    /// Others than its owner can read or write its file.
    #[error("others can read the key")]
    Exposed,
    /// What is there is no key.
    #[error("it holds no Ed25519 key")]
    Document,
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests plant files with fs::write")]
mod tests {
    use std::{
        fs,
        os::unix::fs::{PermissionsExt as _, symlink},
        thread,
    };

    use super::*;

    #[test]
    fn a_key_is_made_once_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/bearhug/ledger.key");
        assert!(SigningKey::open(&path).unwrap().is_none());
        let key = SigningKey::open_or_make(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().mode() & 0o777, 0o700);
        let again = SigningKey::open_or_make(&path).unwrap();
        assert_eq!(key.public(), again.public());
        assert_eq!(key.public().to_string().parse(), Ok(key.public()));
        assert!(again.public().verifies(b"text", &key.sign(b"text")));
        assert!(!again.public().verifies(b"other", &key.sign(b"text")));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn all_who_make_it_at_once_get_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.key");
        let keys: Vec<_> = thread::scope(|scope| {
            let open = || SigningKey::open_or_make(&path).unwrap().public();
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]));
    }

    #[test]
    fn a_key_that_others_know_or_chose_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.key");
        SigningKey::open_or_make(&path).unwrap();
        let link = folder.path().join("link");
        symlink(&path, &link).unwrap();
        assert!(matches!(SigningKey::open_or_make(&link), Err(KeyError::File(_))));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(SigningKey::open(&path), Err(KeyError::Exposed)));
        for nonsense in [&b""[..], b"key", &[0; 5000]] {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            fs::write(&path, nonsense).unwrap();
            assert!(matches!(SigningKey::open(&path), Err(KeyError::Document)));
        }
    }

    #[test]
    fn only_a_key_is_read_as_one() {
        for text in ["", "ed25519:", "ed25519:00", &"0".repeat(64), "rsa:00"] {
            assert_eq!(text.parse::<PublicKey>(), Err(ParseKeyError), "{text}");
        }
    }
}
