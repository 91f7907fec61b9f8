//! The keyring of the session: the Secret Service on Linux, by the program of libsecret, and the
//! keychain on macOS, by the program of the system.

use bearhug_core::Storage;

use super::{Question, host::Host};

/// What GNOME Keyring, `KWallet` and `KeePassXC` offer to other programs
/// (<https://specifications.freedesktop.org/secret-service/latest/>).
pub const SECRET_SERVICE: Storage = Storage {
    name: "secret_service",
    title: "Secret Service keyring",
    advice: "Delete it in the program that shows your keyring, or with `secret-tool clear` and the \
             attributes that this one was found by. Every program of your session can ask for it \
             while the keyring is unlocked.",
};

/// The keychain of macOS.
pub const KEYCHAIN: Storage =
    Storage { name: "keychain", title: "macOS keychain", advice: "Delete it in Keychain Access." };

/// The program that asks the Secret Service: secret-tool(1).
pub(super) const SECRET_TOOL: &str = "secret-tool";

/// Names that programs file tokens of the Hub under.
const SERVICES: [&str; 2] = ["huggingface", "huggingface_hub"];

/// What a bus says when nothing on it is a Secret Service: dbus-daemon and dbus-broker.
const NO_SERVICE: &[&str] = &["was not provided by any .service files", "is not activatable"];

/// What `security` says with its exit code 44.
const NOT_FOUND: &[&str] = &["could not be found in the keychain"];

/// Attributes are matched as a whole, so that each way of filing has its search: git's own helper
/// files by schema and server, Git Credential Manager by a service that starts with `git:`, and the
/// keyring libraries of Python and Rust by a service that programs choose. A bus without a Secret
/// Service is no failure unless there are keyrings.
pub(super) fn of_secret_service(hosts: &[Host], has_keyrings: bool) -> Vec<Question> {
    let mut searches = vec![("xdg:schema", "org.git.Password".to_owned())];
    for Host { protocol, name, .. } in hosts {
        searches.push(("server", name.clone()));
        searches.push(("service", name.clone()));
        searches.push(("service", format!("git:{protocol}://{name}")));
    }
    searches.extend(SERVICES.map(|name| ("service", name.to_owned())));
    let each = searches.into_iter().map(|(attribute, value)| Question {
        storage: &SECRET_SERVICE,
        asked: format!("{attribute} {value}"),
        arguments: [SECRET_TOOL, "search", "--all", "--unlock", attribute, &value]
            .map(str::to_owned)
            .to_vec(),
        environment: &[],
        input: String::new(),
        nothing: if has_keyrings { &[] } else { NO_SERVICE },
        // It says so of an item that stays locked, and ends as if all were well.
        complaint: Some("secret-tool: "),
    });
    each.collect()
}

/// Passwords for a host, and those that programs file under a name of their own.
pub(super) fn of_keychain(hosts: &[Host]) -> Vec<Question> {
    let of_hosts = hosts.iter().map(|host| ("find-internet-password", host.name.as_str()));
    let of_programs = SERVICES.iter().map(|&service| ("find-generic-password", service));
    let each = of_hosts.chain(of_programs).map(|(search, name)| Question {
        storage: &KEYCHAIN,
        asked: name.to_owned(),
        arguments: ["security", search, "-s", name, "-w"].map(str::to_owned).to_vec(),
        environment: &[],
        input: String::new(),
        nothing: NOT_FOUND,
        complaint: None,
    });
    each.collect()
}
