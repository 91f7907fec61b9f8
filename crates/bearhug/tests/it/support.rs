//! A place to run bearhug in, tokens to plant there, and other programs to ask.

mod environment;
mod forge;
mod hub;
mod oracle;
mod outcome;
mod secrets;
mod writing;

pub(crate) use environment::{PATIENCE, TestEnvironment};
pub(crate) use forge::Forge;
pub(crate) use hub::LocalHub;
pub(crate) use oracle::{fingerprint, grep_count, hub_client, moto, python, skopeo};
pub(crate) use outcome::Outcome;
pub(crate) use secrets::{keyring_path, keyring_session};
pub(crate) use writing::{FORMS, base64, written};

/// The number of line breaks before an offset, and the distance from the last one, both from 1.
pub(crate) fn line_and_column(bytes: &[u8], offset: usize) -> (u64, u64) {
    let before = &bytes[..offset];
    let line = before.split(|&b| b == b'\n').count();
    let column = before.iter().rev().take_while(|&&b| b != b'\n').count() + 1;
    (line as u64, column as u64)
}
