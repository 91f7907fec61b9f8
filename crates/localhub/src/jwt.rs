//! Signed tokens: JSON Web Tokens in compact form (RFC 7515, RFC 7519) by Ed25519 and RSA keys.
//!
//! The signatures are aws-lc-rs's; what is here joins three base64url parts with dots. The crates that
//! do the same bring second versions of libraries that this workspace has already.

use aws_lc_rs::{
    error::Unspecified,
    rand::SystemRandom,
    rsa::{self, KeySize},
    signature::{
        ED25519, Ed25519KeyPair, KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
        RsaPublicKeyComponents, UnparsedPublicKey,
    },
};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use crate::ids;

/// A private key with the id that verifiers find its public half by.
#[derive(Debug)]
pub(crate) struct SigningKey {
    kid: String,
    key: Key,
}

#[derive(Debug)]
enum Key {
    Ed25519(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>),
}

impl SigningKey {
    /// A new Ed25519 key, as the Hub signs with (`EdDSA`).
    pub(crate) fn ed25519() -> Result<Self, Unspecified> {
        Ok(Self { kid: ids::object_id(), key: Key::Ed25519(Ed25519KeyPair::generate()?) })
    }

    /// A new RSA key of 2048 bits, as issuers of identity tokens sign with (`RS256`).
    pub(crate) fn rsa() -> Result<Self, Unspecified> {
        let key = RsaKeyPair::generate(KeySize::Rsa2048)?;
        Ok(Self { kid: ids::object_id(), key: Key::Rsa(Box::new(key)) })
    }

    fn algorithm(&self) -> &'static str {
        match self.key {
            Key::Ed25519(_) => "EdDSA",
            Key::Rsa(_) => "RS256",
        }
    }

    /// Signs claims.
    pub(crate) fn sign(&self, claims: &Value) -> Result<String, Unspecified> {
        let header = json!({ "alg": self.algorithm(), "kid": self.kid, "typ": "JWT" });
        let encode = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", encode(&header), encode(claims));
        let signature = match &self.key {
            Key::Ed25519(key) => key.try_sign(signed.as_bytes())?.as_ref().to_vec(),
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                let random = SystemRandom::new();
                key.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature)?;
                signature
            }
        };
        Ok(format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature)))
    }

    /// The public half, as a set of one JSON Web Key (RFC 7517).
    pub(crate) fn jwks(&self) -> Value {
        let mut key = match &self.key {
            Key::Ed25519(key) => {
                let x = BASE64URL_NOPAD.encode(key.public_key().as_ref());
                json!({ "kty": "OKP", "crv": "Ed25519", "x": x })
            }
            Key::Rsa(key) => rsa_jwk(key.public_key()),
        };
        key["kid"] = json!(self.kid);
        key["alg"] = json!(self.algorithm());
        key["use"] = json!("sig");
        json!({ "keys": [key] })
    }
}

fn rsa_jwk(key: &rsa::PublicKey) -> Value {
    let modulus = BASE64URL_NOPAD.encode(key.modulus().big_endian_without_leading_zero());
    let exponent = BASE64URL_NOPAD.encode(key.exponent().big_endian_without_leading_zero());
    json!({ "kty": "RSA", "n": modulus, "e": exponent })
}

/// The claims of a token that a key of the set signed. Expiry and audience are the caller's to check.
pub(crate) fn verify(token: &str, jwks: &Value) -> Option<Value> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let decode = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).ok();
    let header: Value = serde_json::from_slice(&decode(header)?).ok()?;
    let keys = jwks["keys"].as_array()?;
    let key = keys.iter().find(|key| key["kid"] == header["kid"])?;
    let member = |name: &str| decode(key[name].as_str()?);
    let signature = decode(signature)?;
    let is_valid = match (header["alg"].as_str()?, key["kty"].as_str()?) {
        ("EdDSA", "OKP") => UnparsedPublicKey::new(&ED25519, member("x")?)
            .verify(signed.as_bytes(), &signature)
            .is_ok(),
        ("RS256", "RSA") => RsaPublicKeyComponents { n: member("n")?, e: member("e")? }
            .verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature)
            .is_ok(),
        _ => false,
    };
    is_valid.then(|| serde_json::from_slice(&decode(claims)?).ok())?
}

/// The issuer that a token claims to be of, to know whose keys to verify it by.
pub(crate) fn claimed_issuer(token: &str) -> Option<String> {
    let claims = token.split('.').nth(1)?;
    let claims: Value =
        serde_json::from_slice(&BASE64URL_NOPAD.decode(claims.as_bytes()).ok()?).ok()?;
    claims["iss"].as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_key_signed_it_verifies_and_nothing_else() {
        for key in [SigningKey::ed25519().unwrap(), SigningKey::rsa().unwrap()] {
            let token = key.sign(&json!({ "sub": "a" })).unwrap();
            assert_eq!(verify(&token, &key.jwks()), Some(json!({ "sub": "a" })));
            let forged = BASE64URL_NOPAD.encode(br#"{"sub":"b"}"#);
            let parts: Vec<&str> = token.split('.').collect();
            let forged = [parts[0], &forged, parts[2]].join(".");
            assert_eq!(verify(&forged, &key.jwks()), None);
            let other = SigningKey::ed25519().unwrap();
            assert_eq!(verify(&token, &other.jwks()), None);
        }
    }

    #[test]
    fn an_unsigned_token_is_none() {
        let key = SigningKey::ed25519().unwrap();
        let encode = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
        let header = format!(r#"{{"alg":"none","kid":"{}"}}"#, key.kid);
        let token = format!("{}.{}.", encode(&header), encode("{}"));
        assert_eq!(verify(&token, &key.jwks()), None);
    }
}
