//! A GNOME Keyring on a bus of its own.

use std::{ffi::OsString, fs, path::PathBuf, process::Command};

use super::{TestEnvironment, oracle::keyring};

/// A shell script on a bus of its own, with a keyring that runs in the background and is ended. `$0`
/// is bearhug. `unlock` is what the daemon is told to do with its keyring.
pub(crate) fn keyring_session(env: &TestEnvironment, unlock: &str, script: &str) -> Command {
    let runtime = env.root().join("run");
    drop(fs::create_dir(&runtime));
    let script = format!(
        "printf word | gnome-keyring-daemon {unlock} --foreground --components=secrets \
         > /dev/null 2>&1 & daemon=$!
         for i in $(seq 100); do
             secret-tool search none none > /dev/null 2>&1 && break
             sleep 0.1
         done
         {script}
         code=$?; kill $daemon; exit $code"
    );
    let mut command = env.command("dbus-run-session");
    command.args(["--", "bash", "-c", &script]).arg(TestEnvironment::program());
    command.env("PATH", keyring_path()).env("XDG_RUNTIME_DIR", runtime);
    command
}

/// Where the programs of the keyring are found, and the usual ones.
pub(crate) fn keyring_path() -> OsString {
    let usual = ["/usr/local/bin", "/usr/bin", "/bin"].map(PathBuf::from);
    std::env::join_paths([keyring()].into_iter().chain(usual)).unwrap()
}
