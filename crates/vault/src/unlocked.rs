//! A vault that is open.

use std::{
    collections::BTreeMap,
    fmt,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use bearhug_core::{
    Token,
    lending::{Keeper, Permit},
};

use zeroize::Zeroizing;

use crate::{
    Elsewhere, ElsewhereError, Entry, Key, KeySource, Place, StoreId, VaultError,
    sealing::SecretKey,
    store::{Contents, Draft, file},
};

/// A vault that is open. It holds the tokens of its entries in memory, and erases them when it is dropped.
/// Those that are elsewhere are there once they were [fetched](Self::fetch).
pub struct Unlocked {
    path: PathBuf,
    contents: Contents,
    data_key: SecretKey,
    tokens: RwLock<BTreeMap<String, Held>>,
}

/// The token of an entry, or why there is none.
type Held = Result<Arc<Token>, String>;

impl Unlocked {
    pub(crate) fn of(
        path: PathBuf,
        contents: Contents,
        data_key: SecretKey,
    ) -> Result<Self, VaultError> {
        let tokens = RwLock::new(held(&contents, &data_key)?);
        Ok(Self { path, contents, data_key, tokens })
    }

    /// The entries, by name.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.contents.entries()
    }

    /// Where its key comes from.
    pub fn source(&self) -> &KeySource {
        &self.contents.source
    }

    /// Its name.
    pub fn store(&self) -> StoreId {
        self.contents.store
    }

    /// Changes the vault. `edit` is handed what the file says now, which others may have changed.
    ///
    /// # Errors
    ///
    /// Those of `edit`, whereupon nothing is changed, and those of writing.
    pub fn change<T>(
        &mut self,
        edit: impl FnOnce(&mut Draft) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        let _lock = file::Lock::take(&self.path)?;
        let mut draft = Draft::of(self.current()?);
        let outcome = edit(&mut draft)?;
        let contents = draft.sealed(&self.data_key)?;
        file::write(&self.path, &contents.bytes())?;
        self.take_over(contents)?;
        Ok(outcome)
    }

    /// Gives the vault another key, and seals everything anew: what opened an old copy of the file does
    /// not open this one.
    ///
    /// # Errors
    ///
    /// If it cannot be written, whereupon it keeps its key.
    pub fn rekey(&mut self, source: KeySource, key: &Key) -> Result<(), VaultError> {
        let _lock = file::Lock::take(&self.path)?;
        let current = self.current()?;
        let data_key = SecretKey::random()?;
        let wrapped = data_key.under(current.store, &source, key)?;
        let tokens = current.tokens(&self.data_key)?;
        let mut draft = Draft::of(current);
        draft.rekey(source, wrapped, tokens);
        let contents = draft.sealed(&data_key)?;
        file::write(&self.path, &contents.bytes())?;
        self.data_key = data_key;
        self.take_over(contents)
    }

    /// What the file says now.
    fn current(&self) -> Result<Contents, VaultError> {
        let bytes = file::read(&self.path)?.ok_or(VaultError::Gone)?;
        let current = Contents::parse(&bytes)?;
        match current.check(&self.data_key) {
            Ok(()) => Ok(current),
            Err(_) if !current.is_keyed_as(&self.contents) => Err(VaultError::Rekeyed),
            Err(error) => Err(error),
        }
    }

    /// Holds what was written. What was fetched for an entry that stayed is kept.
    fn take_over(&mut self, contents: Contents) -> Result<(), VaultError> {
        let mut tokens = held(&contents, &self.data_key)?;
        let before: BTreeMap<_, _> =
            self.contents.entries().map(|entry| (&entry.name, entry)).collect();
        let known = self.tokens.get_mut().unwrap_or_else(PoisonError::into_inner);
        for entry in contents.entries() {
            let is_same = before.get(&entry.name) == Some(&entry);
            if let Some(fetched) = known.remove(&entry.name).filter(|_| is_same) {
                tokens.insert(entry.name.clone(), fetched);
            }
        }
        *known = tokens;
        self.contents = contents;
        Ok(())
    }

    /// Fetches the tokens that are elsewhere, each anew. Where nobody answers, what was fetched before
    /// stays: that a vault cannot be asked does not end a token.
    pub async fn fetch(&self, elsewhere: &Elsewhere) {
        for entry in self.entries() {
            let Place::At(reference) = &entry.place else { continue };
            let fetched = elsewhere.fetch(reference).await;
            let is_passing = fetched.as_ref().is_err_and(ElsewhereError::is_passing);
            let token =
                |value: Zeroizing<String>| Token::new(entry.kind, value.as_str().to_owned());
            let fetched = fetched.map(|value| Arc::new(token(value)));
            let fetched = fetched.map_err(|error| error.to_string());
            let mut tokens = self.tokens.write().unwrap_or_else(PoisonError::into_inner);
            let has_one = tokens.get(&entry.name).is_some_and(Result::is_ok);
            if !(is_passing && has_one) {
                tokens.insert(entry.name.clone(), fetched);
            }
        }
    }
}

impl Keeper for Unlocked {
    fn open(&self, permit: &Permit) -> Result<Arc<Token>, String> {
        let tokens = self.tokens.read().unwrap_or_else(PoisonError::into_inner);
        match tokens.get(permit.entry()) {
            Some(held) => held.clone(),
            None => Err(format!("the vault has no entry `{}`", permit.entry())),
        }
    }
}

impl fmt::Debug for Unlocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unlocked").field("path", &self.path).finish_non_exhaustive()
    }
}

/// What is sealed, opened, and nothing yet of what is elsewhere.
fn held(contents: &Contents, data_key: &SecretKey) -> Result<BTreeMap<String, Held>, VaultError> {
    let sealed = contents.tokens(data_key)?.into_iter();
    let mut tokens: BTreeMap<String, Held> =
        sealed.map(|(name, token)| (name, Ok(Arc::new(token)))).collect();
    for entry in contents.entries() {
        let unfetched = || Err("it was not fetched yet".to_owned());
        tokens.entry(entry.name.clone()).or_insert_with(unfetched);
    }
    Ok(tokens)
}
