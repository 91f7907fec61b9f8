//! Where git and other programs keep the passwords of hosts.

use super::{Place, own, storage};

pub(super) const PLACES: &[Place] = &[
    own(
        storage(
            "git_credentials",
            "git credential store",
            "Run `printf 'url=https://huggingface.co\\n\\n' | git credential reject`, then use a helper \
             that encrypts, such as libsecret: `git config --global credential.helper libsecret`.",
        ),
        &["~/.git-credentials", "$XDG_CONFIG_HOME/git/credentials"],
    ),
    own(
        storage(
            "git_config",
            "git configuration",
            "Run `git config --global --edit` and take the token out of the address or header. \
             Git then asks its credential helper.",
        ),
        &["$GIT_CONFIG_GLOBAL", "~/.gitconfig*", "~/.gitconfig.d/", "$XDG_CONFIG_HOME/git/"],
    ),
    own(
        storage(
            "netrc",
            "netrc file",
            "Delete the line of this host. Every program that reads the file sends the token \
             unasked.",
        ),
        &["$NETRC", "~/.netrc", "~/_netrc", "~/.authinfo"],
    ),
    own(
        storage("database_passwords", "database password file", "Delete the line that holds it."),
        &["~/.pgpass", "~/.pg_service.conf", "~/.my.cnf"],
    ),
    own(
        storage(
            "ssh_config",
            "ssh configuration",
            "Delete the `SetEnv` line: the token goes to every host that it matches.",
        ),
        &["~/.ssh/config", "~/.ssh/config.d/", "~/.ssh/environment"],
    ),
    own(
        storage(
            "forge_client",
            "code host client",
            "Log out with that client, or take the line out of its settings.",
        ),
        &[
            "$XDG_CONFIG_HOME/gh/",
            "$XDG_CONFIG_HOME/glab-cli/",
            "$XDG_CONFIG_HOME/hub",
            "$XDG_CONFIG_HOME/tea/",
        ],
    ),
];
