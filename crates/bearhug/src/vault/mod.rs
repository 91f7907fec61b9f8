//! The vault that a command works on: where it is, and how it is opened.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};

use bearhug_vault::{Elsewhere, Proxy, StoreId, Surroundings, Unlocked, VaultError, keyring};
use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::{
    cli::{Global, KeyChoice, WhichVault},
    config,
    error::CommandError,
    hub::{self, variable},
    interrupt::{self, Interrupted},
    words,
};

mod keys;

use keys::Keys;

/// The vault of a command.
pub(crate) struct Vault {
    path: PathBuf,
    pub(crate) elsewhere: Elsewhere,
    keys: Keys,
    runtime: tokio::runtime::Runtime,
    stop: Arc<AtomicBool>,
    is_quiet: bool,
}

impl Vault {
    /// The vault that the user means. Nothing is read yet.
    pub(crate) fn meant(
        which: &WhichVault,
        global: &Global,
        stop: &Arc<AtomicBool>,
    ) -> Result<Self, CommandError> {
        let configured = config::load(global)?.vault;
        let named = which.vault.clone().or_else(|| variable(&["BEARHUG_VAULT"]).map(PathBuf::from));
        let path = match named.or_else(|| configured.map(PathBuf::from)) {
            Some(path) => path,
            None => data_folder()?.join("bearhug/vault"),
        };
        // It would become the name of files.
        words::without_token(&path.to_string_lossy(), "the path of the vault")?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime =
            runtime.map_err(|error| CommandError::new("nothing can be asked").because(error))?;
        Ok(Self {
            path,
            elsewhere: Elsewhere::new(surroundings()),
            keys: Keys { passphrase_file: which.passphrase_file.clone() },
            runtime,
            stop: Arc::clone(stop),
            is_quiet: global.quiet,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Waits for an answer, unless the user interrupts.
    pub(crate) fn wait<T>(&self, answer: impl Future<Output = T>) -> Result<T, Interrupted> {
        self.runtime.block_on(interrupt::unless_raised(&self.stop, answer))
    }

    /// The vault as it can be read without a key.
    pub(crate) fn read(&self) -> Result<bearhug_vault::Vault, CommandError> {
        bearhug_vault::Vault::read(&self.path)?.ok_or_else(|| {
            CommandError::new(format!("there is no vault at `{}`", self.path.display()))
                .hint("`bearhug vault add NAME` makes one; `--vault` names another")
        })
    }

    /// The vault, open.
    pub(crate) fn unlock(&self) -> Result<Unlocked, CommandError> {
        self.unlocked(self.read()?)
    }

    fn unlocked(&self, vault: bearhug_vault::Vault) -> Result<Unlocked, CommandError> {
        let key = self.keys.of(vault.source(), vault.store(), self)?;
        Ok(vault.unlock(&key)?)
    }

    /// The vault, open, and made if it is not there.
    pub(crate) fn unlock_or_make(
        &self,
        choice: Option<&KeyChoice>,
    ) -> Result<Unlocked, CommandError> {
        if let Some(vault) = bearhug_vault::Vault::read(&self.path)? {
            if choice.is_some() {
                return Err(CommandError::new("the vault has a key already")
                    .hint("`bearhug vault rekey --key …` gives it another")
                    .usage());
            }
            return self.unlocked(vault);
        }
        let store = StoreId::random()?;
        let choice = choice.unwrap_or(&KeyChoice::Passphrase);
        let (source, key) = self.keys.fresh(choice, store, self)?;
        let unlocked = bearhug_vault::Vault::create(&self.path, store, source, &key)?;
        if !self.is_quiet {
            let (path, source) = (self.path.display(), unlocked.source().name());
            words::say(&format!("made a vault at {path}, whose key comes from: {source}"));
        }
        Ok(unlocked)
    }

    /// Gives an open vault another key.
    pub(crate) fn rekey(
        &self,
        unlocked: &mut Unlocked,
        choice: &KeyChoice,
        passphrase_file: Option<PathBuf>,
    ) -> Result<(), CommandError> {
        let before = unlocked.source().clone();
        let keys = Keys { passphrase_file };
        let (source, key) = keys.fresh(choice, unlocked.store(), self)?;
        unlocked.rekey(source, &key)?;
        if let bearhug_vault::KeySource::Keyring { account } = before {
            // It opens old copies of the file alone, which nobody wants.
            let cleared = self.wait(keyring::clear(keyring::SERVICE, &account))?;
            if let Err(problem) = cleared {
                words::say(&format!("warning: the old key is still in the keyring: {problem}"));
            }
        }
        Ok(())
    }
}

/// What other vaults are asked with.
fn surroundings() -> Surroundings {
    let proxy = hub::proxy();
    Surroundings {
        variable: Box::new(|name| {
            let value = std::env::var_os(name)?.into_string().ok();
            value.map(Zeroizing::new)
        }),
        home: std::env::home_dir().filter(|home| home.is_absolute()),
        now: Timestamp::now,
        user_agent: format!("bearhug/{}", env!("CARGO_PKG_VERSION")),
        proxy: proxy.map(|proxy| Proxy { address: proxy.address, exceptions: proxy.exceptions }),
    }
}

/// Where programs keep what is the user's
/// (<https://specifications.freedesktop.org/basedir-spec/latest/>). A relative path there is no valid one.
fn data_folder() -> Result<PathBuf, CommandError> {
    let named = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|p| p.is_absolute());
    let at_home = || std::env::home_dir().filter(|home| home.is_absolute());
    named.or_else(|| at_home().map(|home| home.join(".local/share"))).ok_or_else(|| {
        CommandError::new("it is unknown where your vault is")
            .hint("set HOME to the path of your home, or name a vault with `--vault`")
    })
}

impl From<VaultError> for CommandError {
    fn from(error: VaultError) -> Self {
        let hint = match &error {
            VaultError::Exposed(_) => "`chmod 600` it, once you know that nobody touched it",
            VaultError::WrongKey => {
                "try again; if the key is right, the file was changed: restore a copy of it"
            }
            VaultError::Tampered => "do not use it: restore a copy that you trust",
            VaultError::Busy | VaultError::Rekeyed => "nothing was changed: try again",
            VaultError::Taken(_) => "`--replace` replaces it",
            VaultError::Unknown(_) => "`bearhug vault list` lists what there is",
            VaultError::Format(_) => "name another with `--vault`, or restore a copy of it",
            VaultError::Name(_) => "choose a short name, such as ci or acme-prod",
            VaultError::File { .. } => "check who owns it and its mode, and that it is no link",
            _ => "name another with `--vault`",
        };
        let (is_key, is_name) =
            (matches!(error, VaultError::WrongKey), matches!(error, VaultError::Name(_)));
        let said = Self::new("the vault cannot be used").because(error).hint(hint);
        match () {
            () if is_key => said.not_authenticated(),
            () if is_name => said.usage(),
            () => said,
        }
    }
}
