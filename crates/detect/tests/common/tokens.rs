//! Tokens of every kind, and their fingerprints.

use bearhug_core::Kind;
use sha2::{Digest as _, Sha256};

use super::{dice::Dice, layers::base64};

const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ALPHANUMERIC: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const BASE64URL: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

/// The kinds that one value makes; the halves of an S3 key pair are no such kind.
pub(crate) const KINDS: [Kind; 9] = [
    Kind::UserToken,
    Kind::OrgToken,
    Kind::OauthAccessToken,
    Kind::OauthRefreshToken,
    Kind::TrustedPublisherToken,
    Kind::S3SessionToken,
    Kind::AppToken,
    Kind::OauthAppSecret,
    Kind::Lease,
];

/// A credential as the Hub would issue it.
#[derive(Clone)]
pub(crate) struct Credential {
    pub(crate) kind: Kind,
    pub(crate) value: String,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A test's output may end up in a log that some scanner reads.
        write!(f, "{} {} … {}", self.kind, &self.value[..6], &self.value[self.value.len() - 4..])
    }
}

impl Credential {
    /// A value of a kind, drawn with a seed of its own so that shrinking its surroundings leaves
    /// it as it is.
    pub(crate) fn draw(kind: Kind, seed: u64) -> Self {
        let seed = seed.to_le_bytes();
        let mut dice = Dice::new(&seed);
        // The seed's own bytes would show in the value.
        dice.text(seed.len(), LETTERS);
        let body = match kind {
            Kind::UserToken if dice.once_in(4) => dice.text(34, ALPHANUMERIC),
            Kind::UserToken | Kind::OrgToken | Kind::OauthAppSecret => dice.text(34, LETTERS),
            Kind::OauthRefreshToken => dice.text(34, ALPHANUMERIC),
            Kind::AppToken => dice.text(32, LETTERS),
            Kind::Lease => with_checksum(&dice.text(34, ALPHANUMERIC)),
            _ => jwt(&mut dice),
        };
        Self { kind, value: format!("{}{body}", prefix(kind)) }
    }

    /// The public name, computed as its definition says.
    pub(crate) fn fingerprint(&self) -> String {
        let digest = Sha256::digest([&b"bearhug:token:v1\0"[..], self.value.as_bytes()].concat());
        format!("fp_{}", base32(&digest[..16]))
    }
}

fn prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::OrgToken => "api_org_",
        Kind::OauthAccessToken => "hf_oauth_",
        Kind::OauthRefreshToken => "hf_oauth__refresh_",
        Kind::TrustedPublisherToken => "hf_jwt_",
        Kind::S3SessionToken => "hf_s3_",
        Kind::AppToken => "hf_app_",
        Kind::OauthAppSecret => "oauth_app_secret_",
        Kind::Lease => "hf_lease",
        _ => "hf_",
    }
}

fn jwt(dice: &mut Dice<'_>) -> String {
    let header = base64::url(br#"{"alg":"EdDSA","typ":"JWT"}"#);
    let id = dice.text(24, b"0123456789abcdef");
    let claims = format!(r#"{{"scope":["openid","profile"],"sub":"{id}","exp":1790000000}}"#);
    format!("{header}.{}.{}", base64::url(claims.as_bytes()), dice.text(86, BASE64URL))
}

/// The lower-case base32 of RFC 4648, bit by bit.
fn base32(bytes: &[u8]) -> String {
    let bits: Vec<u8> = bytes.iter().flat_map(|b| (0..8).rev().map(move |i| b >> i & 1)).collect();
    bits.chunks(5)
        .map(|chunk| {
            let value = (0..5).fold(0, |v, i| v << 1 | chunk.get(i).copied().unwrap_or(0));
            char::from(b"abcdefghijklmnopqrstuvwxyz234567"[usize::from(value)])
        })
        .collect()
}

/// The random part of a lease with its checksum: CRC-32 in six base62 digits.
fn with_checksum(random: &str) -> String {
    let mut rest = crc32(random.as_bytes());
    let mut digits = Vec::new();
    for _ in 0..6 {
        let digit = usize::try_from(rest % 62).unwrap_or_default();
        digits.push(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[digit]);
        rest /= 62;
    }
    let digits: String = digits.into_iter().rev().map(char::from).collect();
    format!("{random}{digits}")
}

/// CRC-32 (IEEE), bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &b| {
        (0..8).fold(crc ^ u32::from(b), |crc: u32, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}
