//! Where else a token is, as a URI.

use std::{fmt, path::PathBuf, str::FromStr};

use bearhug_core::resembles_token;

/// The longest that a reference may be, in bytes.
const LONGEST: usize = 2048;

/// A token in another vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// `env://NAME`: a variable of the environment.
    Environment {
        /// Its name.
        name: String,
    },
    /// `file:///path`: a file.
    File {
        /// Its path, from the root.
        path: PathBuf,
    },
    /// `keyring://service/account`: the keyring of the session.
    Keyring {
        /// What programs file it under.
        service: String,
        /// And for whom.
        account: String,
    },
    /// `vault://host/mount/path#field`: the key-value store, version 2, of `HashiCorp` Vault or `OpenBao`.
    Vault {
        /// A name or an address, with a port if need be; empty for the one that `VAULT_ADDR` names.
        host: String,
        /// Where the store is mounted.
        mount: String,
        /// The secret.
        path: String,
        /// The part of it that is the token.
        field: String,
    },
    /// `aws-sm://name-or-arn#field`: AWS Secrets Manager.
    Aws {
        /// The name of the secret, or its ARN.
        secret: String,
        /// The part that is the token, where the secret is a JSON object.
        field: Option<String>,
    },
}

/// The text is no reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a reference is env://NAME, file:///path, keyring://service/account, vault://host/mount/path#field \
     or aws-sm://name-or-arn#field, of plain characters, and holds no token"
)]
pub struct ParseReferenceError;

impl FromStr for Reference {
    type Err = ParseReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_plain = |c: char| !c.is_control() && !c.is_whitespace();
        if text.len() > LONGEST || !text.chars().all(is_plain) || resembles_token(text) {
            return Err(ParseReferenceError);
        }
        let (scheme, rest) = text.split_once("://").ok_or(ParseReferenceError)?;
        let read = match scheme {
            "env" => environment(rest),
            "file" => rest.starts_with('/').then(|| Self::File { path: rest.into() }),
            "keyring" => keyring(rest),
            "vault" => vault(rest),
            "aws-sm" => aws(rest),
            _ => None,
        };
        read.ok_or(ParseReferenceError)
    }
}

fn environment(rest: &str) -> Option<Reference> {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let is_variable = !rest.is_empty() && rest.bytes().all(is_name);
    is_variable.then(|| Reference::Environment { name: rest.to_owned() })
}

fn keyring(rest: &str) -> Option<Reference> {
    let (service, account) = rest.split_once('/')?;
    // They become arguments of another program, where one must not look like an option.
    let is_word = |word: &str| !word.is_empty() && !word.starts_with('-');
    let (service, account) = (service.to_owned(), account.to_owned());
    (is_word(&service) && is_word(&account)).then_some(Reference::Keyring { service, account })
}

fn vault(rest: &str) -> Option<Reference> {
    let (place, field) = rest.split_once('#')?;
    let mut parts = place.splitn(3, '/');
    let [host, mount, path] = [parts.next()?, parts.next()?, parts.next()?].map(str::to_owned);
    let is_host = |b: u8| b.is_ascii_alphanumeric() || b".-:[]".contains(&b);
    let is_there =
        host.bytes().all(is_host) && segments_are_plain(&mount) && segments_are_plain(&path);
    let field = field.to_owned();
    (is_there && !field.is_empty()).then_some(Reference::Vault { host, mount, path, field })
}

/// Whether each part of a path is a name, which leads nowhere else, in an address as well.
fn segments_are_plain(path: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"._-@+=".contains(&b);
    let is_name = |part: &str| !matches!(part, "" | "." | "..") && part.bytes().all(is_plain);
    path.split('/').all(is_name)
}

/// The characters of names and ARNs:
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html>.
fn aws(rest: &str) -> Option<Reference> {
    let (secret, field) = match rest.split_once('#') {
        Some((secret, field)) => (secret, Some(field.to_owned())),
        None => (rest, None),
    };
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"/_+=.@-:".contains(&b);
    let is_there = !secret.is_empty() && secret.bytes().all(is_plain);
    let has_field = field.as_ref().is_none_or(|field| !field.is_empty());
    (is_there && has_field).then(|| Reference::Aws { secret: secret.to_owned(), field })
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment { name } => write!(f, "env://{name}"),
            Self::File { path } => write!(f, "file://{}", path.display()),
            Self::Keyring { service, account } => write!(f, "keyring://{service}/{account}"),
            Self::Vault { host, mount, path, field } => {
                write!(f, "vault://{host}/{mount}/{path}#{field}")
            }
            Self::Aws { secret, field: None } => write!(f, "aws-sm://{secret}"),
            Self::Aws { secret, field: Some(field) } => write!(f, "aws-sm://{secret}#{field}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_written_as_it_was_read() {
        for text in [
            "env://HF_TOKEN",
            "file:///run/secrets/hf",
            "keyring://huggingface/ada",
            "vault:///secret/hf/ci#token",
            "vault://vault.example.org:8200/secret/hf/ci#token",
            "aws-sm://prod/hf",
            "aws-sm://arn:aws:secretsmanager:eu-west-1:123456789012:secret:hf-AbCdEf#token",
        ] {
            assert_eq!(text.parse::<Reference>().map(|r| r.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_leads_elsewhere_is_none() {
        let token = format!("aws-sm://hf_{}", "aB3dE5gH7j".repeat(4).split_at(34).0);
        for bad in [
            "",
            "env://",
            "env://A B",
            "env://A=B",
            "file://relative",
            "keyring://service",
            "keyring://-x/ada",
            "keyring:///ada",
            "vault://host/mount#field",
            "vault://host/mount/path",
            "vault://host/mount/path#",
            "vault://host/mount/../sys/seal#x",
            "vault://host/mount/a%2fb#x",
            "vault://ada@host/mount/path#x",
            "vault://host/mount/a?b#x",
            "aws-sm://",
            "aws-sm://a#",
            "https://example.org/x",
            &token,
        ] {
            assert_eq!(bad.parse::<Reference>(), Err(ParseReferenceError), "{bad}");
        }
    }
}
