//! Other programs that know the answer.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::Outcome;

/// The public name of a value: the first 16 bytes of SHA-256 over a tag and the value, in base32.
/// sha256sum and base32 work it out.
pub(crate) fn fingerprint(value: &str) -> String {
    let input = ["bearhug:token:v1\0", value].concat();
    let answer = Outcome::fed(Command::new("sha256sum"), input.as_bytes()).exits(0).stdout();
    let byte = |at: usize| u8::from_str_radix(&answer[at..at + 2], 16).unwrap();
    let digest: Vec<u8> = (0..16).map(|i| byte(2 * i)).collect();
    let base32 = Outcome::fed(Command::new("base32"), &digest).exits(0).stdout();
    format!("fp_{}", base32.trim_end_matches(['=', '\n']).to_ascii_lowercase())
}

/// How often grep finds an extended regular expression below a folder.
pub(crate) fn grep_count(folder: &Path, pattern: &str) -> usize {
    let mut grep = Command::new("grep");
    grep.env("LC_ALL", "C").args(["-rohaE", "--", pattern]).arg(folder);
    Outcome::of(grep).stdout().lines().count()
}

/// The Python that `./test` made ready.
pub(crate) fn python() -> PathBuf {
    made_ready("BEARHUG_TEST_PYTHON", "test-venv/bin/python")
}

/// The skopeo that `./test` made ready: it copies images between their formats.
pub(crate) fn skopeo() -> PathBuf {
    made_ready("BEARHUG_TEST_SKOPEO", "test-skopeo/skopeo")
}

/// The folder with the GNOME Keyring and the `secret-tool` that `./test` made ready.
pub(super) fn keyring() -> PathBuf {
    made_ready("BEARHUG_TEST_KEYRING", "test-keyring/bin")
}

/// The server of moto, which plays AWS, that `./test` made ready.
pub(crate) fn moto() -> PathBuf {
    made_ready("BEARHUG_TEST_MOTO", "test-moto/bin").join("moto_server")
}

/// A program of the environment of one version of `huggingface_hub` that `./test` made ready.
pub(crate) fn hub_client(version: &str, name: &str) -> PathBuf {
    let environments = made_ready("BEARHUG_TEST_HUB_CLIENTS", "test-hub-clients");
    environments.join(version).join("bin").join(name)
}

fn made_ready(variable: &str, place: &str) -> PathBuf {
    let program = std::env::var_os(variable).map(PathBuf::from);
    program.unwrap_or_else(|| {
        panic!(
            "This test asks another program. Run ./test, or after it: \
             {variable}=$PWD/target/{place} cargo test"
        )
    })
}
