//! The keys of vaults, from where they are.

use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind, Read as _, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf, absolute},
};

use bearhug_vault::{Cost, Key, KeyError, KeySource, Problem, StoreId, fresh_material, keyring};
use zeroize::Zeroizing;

use super::Vault;
use crate::{cli::KeyChoice, error::CommandError, prompt, words};

/// The most that is read of a key or a passphrase, in bytes.
const LIMIT: u64 = 8192;

/// Room for that, so that what is read into never grows and leaves no copy behind.
const ROOM: usize = 2 * 8192;

/// How keys are come by.
pub(super) struct Keys {
    /// The file that holds the passphrase, if nobody is to be asked.
    pub(super) passphrase_file: Option<PathBuf>,
}

impl Keys {
    /// The key of a vault that is there.
    pub(super) fn of(
        &self,
        source: &KeySource,
        store: StoreId,
        vault: &Vault,
    ) -> Result<Key, CommandError> {
        let material = match source {
            KeySource::Passphrase { .. } => self.passphrase("passphrase of the vault", vault)?,
            KeySource::Keyring { account } => vault
                .wait(keyring::read(keyring::SERVICE, account))?
                .map_err(|problem| in_keyring(&problem))?,
            KeySource::File { path } => key_file(path)?,
            KeySource::Environment { name } => variable(name)?,
        };
        Ok(source.key(store, material.as_bytes())?)
    }

    /// A new key for a vault. What holds it is made if it is not there.
    pub(super) fn fresh(
        &self,
        choice: &KeyChoice,
        store: StoreId,
        vault: &Vault,
    ) -> Result<(KeySource, Key), CommandError> {
        let (source, material) = match choice {
            KeyChoice::Passphrase => {
                (KeySource::Passphrase { cost: Cost::fresh()? }, self.new_passphrase(vault)?)
            }
            KeyChoice::Keyring => {
                let account = fresh_material()?.chars().take(32).collect::<String>();
                let material = fresh_material()?;
                vault
                    .wait(keyring::write(keyring::SERVICE, &account, &material))?
                    .map_err(|problem| in_keyring(&problem))?;
                (KeySource::Keyring { account }, material)
            }
            KeyChoice::File(path) => {
                let path =
                    absolute(path).map_err(|error| CommandError::file("find", path, error))?;
                let path = path
                    .into_os_string()
                    .into_string()
                    .map_err(|_| CommandError::new("the path of the key is no UTF-8").usage())?;
                words::without_token(&path, "the path of the key")?;
                let path = PathBuf::from(path);
                make_key_file(&path).map_err(|error| CommandError::file("make", &path, error))?;
                let material = key_file(&path)?;
                (KeySource::File { path }, material)
            }
            KeyChoice::Environment(name) => {
                words::without_token(name, "the variable of the key")?;
                (KeySource::Environment { name: name.clone() }, variable(name)?)
            }
        };
        let key = source.key(store, material.as_bytes())?;
        Ok((source, key))
    }

    fn passphrase(&self, question: &str, vault: &Vault) -> Result<Zeroizing<String>, CommandError> {
        match &self.passphrase_file {
            Some(path) => first_line(path).map_err(|error| CommandError::file("read", path, error)),
            None if !prompt::is_possible() => Err(CommandError::new(
                "the vault takes a passphrase, and there is no terminal to ask for it on",
            )
            .hint("name a file that holds it with `--passphrase-file`, such as /dev/fd/3")
            .not_authenticated()),
            None => prompt::secret(question, &vault.stop),
        }
    }

    /// A passphrase that is typed twice, so that it is what its owner thinks.
    fn new_passphrase(&self, vault: &Vault) -> Result<Zeroizing<String>, CommandError> {
        let first = self.passphrase("new passphrase for the vault", vault)?;
        if self.passphrase_file.is_none() {
            let second = self.passphrase("the same again", vault)?;
            if *first != *second {
                return Err(CommandError::new("these were two passphrases").hint("try again"));
            }
        }
        Ok(first)
    }
}

/// The first line of a file, or of a pipe.
fn first_line(path: &Path) -> io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::with_capacity(ROOM));
    File::open(path)?.take(LIMIT).read_to_string(&mut text)?;
    let length = text.lines().next().map_or(0, str::len);
    text.truncate(length);
    Ok(text)
}

/// What is in the file of a key, which nobody else may read.
fn key_file(path: &Path) -> Result<Zeroizing<String>, CommandError> {
    let failed = |error| CommandError::file("read", path, error);
    let mut options = OpenOptions::new();
    let options = options.read(true).custom_flags(nix::libc::O_NONBLOCK);
    let file = options.open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() || metadata.mode() & 0o077 != 0 {
        return Err(CommandError::new(format!(
            "the key in `{}` is no file that only you can read",
            path.display()
        ))
        .hint("`chmod 600` it; if others may have read it, `bearhug vault rekey` gives another"));
    }
    let mut text = Zeroizing::new(String::with_capacity(ROOM));
    file.take(LIMIT).read_to_string(&mut text).map_err(failed)?;
    Ok(text)
}

/// Makes the file of a key, if it is not there.
fn make_key_file(path: &Path) -> io::Result<()> {
    let material = fresh_material().map_err(io::Error::other)?;
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
        Ok(mut file) => {
            file.write_all(material.as_bytes())?;
            file.write_all(b"\n")?;
            file.sync_all()
        }
    }
}

fn variable(name: &str) -> Result<Zeroizing<String>, CommandError> {
    let value = std::env::var_os(name).and_then(|value| value.into_string().ok());
    value.filter(|value| !value.is_empty()).map(Zeroizing::new).ok_or_else(|| {
        CommandError::new(format!("the key of the vault is not in the variable {name}"))
            .hint("export it; `openssl rand -hex 32` makes a new one for a new vault")
            .not_authenticated()
    })
}

fn in_keyring(problem: &Problem) -> CommandError {
    CommandError::new(format!("the key of the vault: {problem}"))
        .hint("unlock the keyring, or use another source of keys where there is none: `--key`")
        .not_authenticated()
}

impl From<KeyError> for CommandError {
    fn from(error: KeyError) -> Self {
        Self::new("that is no key for a vault").because(error).not_authenticated()
    }
}
