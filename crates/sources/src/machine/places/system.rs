//! Where the system keeps what every user, or a service, starts with.

use bearhug_core::Storage;

use super::{Place, storage};

pub(super) const PLACES: &[Place] = &[
    shared(
        storage(
            "system_environment",
            "system environment",
            "Take the line out: every user and every service is handed the token.",
        ),
        &[
            "/etc/environment",
            "/etc/environment.d/",
            "/etc/profile",
            "/etc/profile.d/",
            "/etc/bash.bashrc",
            "/etc/zsh/",
            "/etc/fish/",
            "/etc/security/pam_env.conf",
        ],
    ),
    shared(
        storage(
            "system_service",
            "system service",
            "Encrypt it with `systemd-creds encrypt`, name it in `LoadCredentialEncrypted=`, and \
             take the line out: any user can read a unit with `systemctl cat`.",
        ),
        &["/etc/systemd/", "/run/systemd/system/", "/etc/default/", "/etc/sysconfig/"],
    ),
    shared(
        storage(
            "cloud_init",
            "cloud-init data",
            "Take it out of the instance's user data, which the metadata service hands to every \
             process, and create the instance anew.",
        ),
        &[
            "/var/lib/cloud/instance/user-data.txt*",
            "/var/lib/cloud/instance/scripts/",
            "/run/cloud-init/instance-data*.json",
            "/etc/cloud/",
        ],
    ),
    shared(
        storage("cron", "cron table", "Have the job read it from a file that only it can read."),
        &["/etc/crontab", "/etc/cron.d/", "/var/spool/cron/"],
    ),
    shared(
        storage(
            "container_secret",
            "secret mounted into this container",
            "It is where it belongs. Whoever can enter the container can read it.",
        ),
        &["/run/secrets/"],
    ),
    shared(
        storage(
            "system_config",
            "system configuration",
            "Take it out: every user can use what stands there.",
        ),
        &["/etc/gitconfig", "/etc/pip.conf", "/etc/npmrc", "/etc/containers/auth.json"],
    ),
];

/// A place of the system's.
const fn shared(storage: Storage, paths: &'static [&'static str]) -> Place {
    Place { storage, paths, of_system: true }
}
