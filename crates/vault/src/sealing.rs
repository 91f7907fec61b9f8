//! Secret keys, and what is done with them: AES-256-GCM with random nonces, and HMAC-SHA-256.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hmac,
    rand::{SecureRandom as _, SystemRandom},
};
use zeroize::{Zeroize as _, Zeroizing};

use crate::VaultError;

/// The bytes of a key.
pub(crate) const KEY_LEN: usize = 32;

/// The bytes of the code that vouches for a file.
pub(crate) const MAC_LEN: usize = 32;

/// What a data key seals entries with, and what it vouches with, are keys of their own: one key, one use.
const SEALS: &[u8] = b"bearhug:vault:seal:v1";
const VOUCHES: &[u8] = b"bearhug:vault:file:v1";

/// A secret key. It is erased when it is dropped.
pub(crate) struct SecretKey(Zeroizing<[u8; KEY_LEN]>);

impl SecretKey {
    /// A new one.
    pub(crate) fn random() -> Result<Self, VaultError> {
        let mut bytes = Zeroizing::new([0; KEY_LEN]);
        fill(&mut *bytes)?;
        Ok(Self(bytes))
    }

    /// The key with these bytes, if they are as many.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    /// A key that follows from a secret and a public salt, as HKDF extracts one (RFC 5869, section 2.2).
    /// The secret must not be guessable.
    pub(crate) fn extract(salt: &[u8], secret: &[u8]) -> Self {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, salt), secret);
        let mut key = Zeroizing::new([0; KEY_LEN]);
        key.copy_from_slice(tag.as_ref());
        Self(key)
    }

    fn derived(&self, purpose: &[u8]) -> Self {
        Self::extract(&*self.0, purpose)
    }

    /// Seals another key.
    pub(crate) fn wrap(&self, context: &[u8], key: &Self) -> Result<Vec<u8>, VaultError> {
        seal(self, context, &*key.0)
    }

    /// Opens what [`wrap`](Self::wrap) sealed, if this is the key and the context.
    pub(crate) fn unwrap(&self, context: &[u8], wrapped: &[u8]) -> Option<Self> {
        Self::of(&open(self, context, wrapped)?)
    }

    /// Seals a text.
    pub(crate) fn seal(&self, context: &[u8], text: &[u8]) -> Result<Vec<u8>, VaultError> {
        seal(&self.derived(SEALS), context, text)
    }

    /// Opens what [`seal`](Self::seal) sealed, if this is the key and the context.
    pub(crate) fn open(&self, context: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        open(&self.derived(SEALS), context, sealed)
    }

    /// Vouches for some bytes.
    pub(crate) fn vouch(&self, bytes: &[u8]) -> Vec<u8> {
        hmac::sign(&self.mac(), bytes).as_ref().to_vec()
    }

    /// Whether this key vouched for these bytes.
    pub(crate) fn vouches(&self, bytes: &[u8], mac: &[u8]) -> bool {
        hmac::verify(&self.mac(), bytes, mac).is_ok()
    }

    fn mac(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &*self.derived(VOUCHES).0)
    }
}

/// Fills a buffer with random bytes.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), VaultError> {
    SystemRandom::new().fill(bytes).map_err(|_| VaultError::Cryptography)
}

/// Nonce, ciphertext and tag of a text.
fn seal(key: &SecretKey, context: &[u8], text: &[u8]) -> Result<Vec<u8>, VaultError> {
    let failed = |_| VaultError::Cryptography;
    let key = RandomizedNonceKey::new(&AES_256_GCM, &*key.0).map_err(failed)?;
    // It never grows, which would leave a copy of the text behind.
    let mut sealed = Zeroizing::new(Vec::with_capacity(text.len() + AES_256_GCM.tag_len()));
    sealed.extend_from_slice(text);
    let nonce = key.seal_in_place_append_tag(Aad::from(context), &mut *sealed).map_err(failed)?;
    Ok([&nonce.as_ref()[..], &sealed].concat())
}

fn open(key: &SecretKey, context: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let key = RandomizedNonceKey::new(&AES_256_GCM, &*key.0).ok()?;
    let mut text = Zeroizing::new(sealed.to_vec());
    let length = key.open_in_place(nonce, Aad::from(context), &mut text).ok()?.len();
    // What is behind the text is the tag.
    text.get_mut(length..)?.zeroize();
    text.truncate(length);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_and_the_context_open_what_was_sealed() {
        let [key, other] = [(); 2].map(|()| SecretKey::random().unwrap());
        let sealed = key.seal(b"here", b"text").unwrap();
        assert_eq!(key.open(b"here", &sealed).unwrap().as_slice(), b"text");
        assert_ne!(sealed, key.seal(b"here", b"text").unwrap(), "nonces repeat");
        assert!(other.open(b"here", &sealed).is_none());
        assert!(key.open(b"there", &sealed).is_none());
        for length in 0..sealed.len() {
            assert!(key.open(b"here", &sealed[..length]).is_none(), "{length}");
        }
    }

    /// The expected bytes are those of Python's `hmac.new(bytes(range(16)), b"secret", "sha256")`.
    #[test]
    fn a_key_is_extracted_as_python_does() {
        let salt: Vec<u8> = (0..16).collect();
        let key = SecretKey::extract(&salt, b"secret");
        let hex = data_encoding::HEXLOWER.encode(&*key.0);
        assert_eq!(hex, "9cc810f633736c73be6be79d4c9b53872b1b01fd14b9fdf17f796ffadbbb613e");
    }
}
