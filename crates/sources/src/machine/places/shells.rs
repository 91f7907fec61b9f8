//! Where shells and other interactive programs keep what was typed, and what they start with.

use super::{Place, own, storage};

pub(super) const PLACES: &[Place] = &[
    own(
        storage(
            "bash_history",
            "bash history",
            "Delete the line in the file, and run `history -d NUMBER` in every open shell: each \
             writes its own copy back.",
        ),
        &["~/.bash_history", "~/.bash_sessions/"],
    ),
    own(
        storage(
            "zsh_history",
            "zsh history",
            "Delete the line in the file, then close every open shell: each may write its own copy \
             back. With HIST_IGNORE_SPACE a line that starts with a space is not kept.",
        ),
        &[
            "~/.zsh_history",
            "$ZDOTDIR/.zsh_history",
            "~/.zhistory",
            "~/.histfile",
            "~/.zsh_sessions/",
        ],
    ),
    own(
        storage(
            "fish_history",
            "fish history",
            "Run `history delete --contains hf_` in fish. A line that starts with a space is not \
             kept.",
        ),
        &["$XDG_DATA_HOME/fish/*_history"],
    ),
    own(
        storage(
            "shell_history",
            "shell history",
            "Delete the line with the history's own command or an editor, with other shells closed.",
        ),
        &[
            "$HISTFILE",
            "~/.history",
            "~/.sh_history",
            "~/.ash_history",
            "~/.ksh_history",
            "~/.tcsh_history",
            "$XDG_CONFIG_HOME/nushell/history.*",
            "$XDG_DATA_HOME/atuin/history.db*",
            "$XDG_DATA_HOME/powershell/PSReadLine/",
        ],
    ),
    own(
        storage("python_history", "Python history", "Delete the line in the file."),
        &["$PYTHON_HISTORY", "~/.python_history", "$XDG_STATE_HOME/python_history"],
    ),
    own(
        storage(
            "ipython_history",
            "IPython history",
            "Run `ipython history clear`, or delete the row. Read tokens with `getpass`, which \
             leaves no trace.",
        ),
        &["$IPYTHONDIR/profile_*/history.sqlite*"],
    ),
    own(
        storage(
            "program_history",
            "history of an interactive program",
            "Delete the line in the file while the program is closed.",
        ),
        &[
            "~/.node_repl_history",
            "~/.psql_history",
            "~/.duckdb_history",
            "~/.sqlite_history",
            "~/.mysql_history",
            "~/.rediscli_history",
            "~/.Rhistory",
            "~/.julia/logs/repl_history.jl",
            "~/.lesshst",
            "~/.wget-hsts",
        ],
    ),
    own(
        storage(
            "editor_history",
            "editor history",
            "Delete the file while the editor is closed: it holds registers, searches and commands.",
        ),
        &[
            "~/.viminfo",
            "$XDG_STATE_HOME/nvim/",
            "$XDG_DATA_HOME/nvim/shada/",
            "~/.local/share/nano/",
        ],
    ),
    own(
        storage(
            "shell_startup",
            "shell start-up file",
            "Take the line out: every program you start is handed the token. Export it only in the \
             shell that needs it.",
        ),
        &[
            "~/.bashrc",
            "~/.bashrc.d/",
            "~/.bash_profile",
            "~/.bash_login",
            "~/.bash_aliases",
            "~/.bash_logout",
            "~/.profile",
            "$ZDOTDIR/.zshenv",
            "$ZDOTDIR/.zprofile",
            "$ZDOTDIR/.zshrc",
            "$ZDOTDIR/.zlogin",
            "~/.zshenv",
            "~/.kshrc",
            "~/.cshrc",
            "~/.tcshrc",
            "~/.login",
            "~/.xprofile",
            "~/.xsessionrc",
            "~/.pam_environment",
            "~/.tmux.conf",
            "$XDG_CONFIG_HOME/fish/",
            "$XDG_CONFIG_HOME/nushell/",
        ],
    ),
    own(
        storage(
            "environment_file",
            "environment file",
            "Take the line out and rotate the token if the file was ever committed or copied. A \
             secret manager can fill the variable when a program starts.",
        ),
        &["~/.env*", "./.env*", "$XDG_CONFIG_HOME/direnv/", "~/.secrets"],
    ),
    own(
        storage(
            "systemd_user",
            "systemd user configuration",
            "Encrypt it with `systemd-creds encrypt`, name it in `LoadCredentialEncrypted=`, and \
             take the line out.",
        ),
        &[
            "$XDG_CONFIG_HOME/environment.d/",
            "$XDG_CONFIG_HOME/systemd/",
            "$XDG_DATA_HOME/systemd/user/",
        ],
    ),
];
