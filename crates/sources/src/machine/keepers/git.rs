//! Git's credential helpers, asked by `git credential fill` (git-credential(1)), which knows all of
//! them: libsecret, the keychain of macOS, the one of Windows, cache and store.

use bearhug_core::Storage;

use super::{Question, host::Host};

/// What git asks before it asks a person.
pub const GIT_HELPER: Storage = Storage {
    name: "git_credential_helper",
    title: "git credential helper",
    advice: "Run `printf 'url=https://huggingface.co\\n\\n' | git credential reject`, and the helper \
             forgets it. A token that git still needs is better kept by a helper that encrypts than \
             in a file.",
};

/// The name that the clients of the Hub file a token under: `huggingface_hub/utils/_git_credential.py`
/// of 2.4.0.
const CLIENTS: &str = "hf_user";

/// Git runs helpers and nobody else: it would otherwise ask a person, and so would those helpers that
/// heed the last two settings, among them Git Credential Manager.
const ARGUMENTS: &[&str] =
    &["git", "-c", "core.askPass=", "-c", "credential.interactive=false", "credential", "fill"];
const ENVIRONMENT: &[(&str, &str)] = &[
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_ASKPASS", ""),
    ("SSH_ASKPASS", ""),
    ("GCM_INTERACTIVE", "never"),
];

/// What git and Git Credential Manager say when they would have to ask a person. They do not
/// translate it.
const NOTHING: &[&str] = &[
    "terminal prompts disabled",
    "unable to get password from user",
    "user interactivity has been disabled",
];

/// For every host, whatever there is and what the clients of the Hub filed.
pub(super) fn questions(hosts: &[Host]) -> Vec<Question> {
    let users = [String::new(), format!("username={CLIENTS}\n")];
    let each = hosts.iter().flat_map(|host| users.iter().map(move |user| (host, user)));
    each.map(|(host, user)| {
        let (protocol, name) = (&host.protocol, host.with_port());
        Question {
            storage: &GIT_HELPER,
            input: format!("protocol={protocol}\nhost={name}\n{user}\n"),
            asked: name,
            arguments: ARGUMENTS.iter().map(|&argument| argument.to_owned()).collect(),
            environment: ENVIRONMENT,
            nothing: NOTHING,
            complaint: None,
        }
    })
    .collect()
}
