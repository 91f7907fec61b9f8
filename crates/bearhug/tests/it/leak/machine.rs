//! The places of a computer and its processes, with canaries in everything that has a name.

use std::{fs, os::unix::fs::PermissionsExt as _, process::Stdio};

use super::{plants::Plants, watch::Watch};
use crate::support::{FORMS, Outcome, TestEnvironment, written};

const FORMATS: [&str; 6] = ["human", "json", "jsonl", "csv", "sarif", "html"];

#[test]
fn the_places_of_a_computer_leak_nothing() {
    let env = TestEnvironment::new();
    let mut plants = Plants::everywhere(21, &env);
    fs::rename(env.path("tree"), env.root().join("home/.claude")).unwrap();
    let home = env.root().join("home");
    for name in [".netrc", ".git-credentials", ".bash_history", ".env"] {
        fs::write(home.join(name), plants.token()).unwrap();
    }
    let hostile = plants.token();
    fs::write(home.join(format!(".env{hostile}")), plants.token()).unwrap();
    fs::write(home.join(format!(".envshut{hostile}")), "").unwrap();
    let shut = fs::Permissions::from_mode(0o000);
    fs::set_permissions(home.join(format!(".envshut{hostile}")), shut).unwrap();
    let watch = Watch::over(&env, &plants.secrets);
    for format in FORMATS {
        for options in [&["-v", "--include-placeholders", "--color", "always"][..], &["--fast"]] {
            let all = [&["scan", "--machine", "--format", format][..], options].concat();
            watch.heard(format, env.run(all)).exits(3);
        }
        let script = format!("exec \"$0\" scan --machine -v --format {format}");
        watch.heard(format, Outcome::of(env.unprivileged(&script)));
    }
    watch.heard("a folder above", env.run(["scan", "--machine", "-v", "../home"])).exits(3);
    watch.seen(&env);
}

#[test]
fn variables_that_name_places_leak_nothing() {
    let env = TestEnvironment::new();
    let mut plants = Plants::new(22);
    let token = plants.token();
    fs::write(env.root().join("home/.netrc"), plants.token()).unwrap();
    let folder = env.folder(format!("a-{token}"));
    fs::write(folder.join("token"), plants.token()).unwrap();
    let watch = Watch::over(&env, &plants.secrets);
    for name in ["HOME", "HF_HOME", "HF_TOKEN_PATH", "HISTFILE", "XDG_CONFIG_HOME", "KUBECONFIG"] {
        for value in
            [token.clone(), format!("a-{token}"), format!("a-{token}/token"), format!("a:{token}")]
        {
            for format in ["human", "json", "sarif"] {
                let mut command = env.bearhug();
                command.args(["scan", "--machine", "-v", "--format", format]).env(name, &value);
                watch.heard(&format!("{name}={value}"), Outcome::of(command)).exits(3);
            }
        }
    }
}

/// What keepers say, complaints and garbage included, and the host that they are asked for.
#[test]
fn keepers_leak_nothing() {
    let env = TestEnvironment::new();
    let mut plants = Plants::new(24);
    let mut said = Vec::new();
    for (_, write) in FORMS {
        said.extend(write(plants.token().as_bytes()));
        said.push(b'\n');
    }
    let said = env.write("said", said);
    let tools = env.path("tools");
    let git = "#!/bin/sh\ncat $SAID >&2; printf password=; cat $SAID; exit $CODE\n";
    let tool = "#!/bin/sh\nprintf 'secret-tool: ' >&2; cat $SAID >&2; printf '[/1]\\nsecret = '; \
                cat $SAID; exit $CODE\n";
    env.install(&tools.join("git"), git.as_bytes());
    env.install(&tools.join("secret-tool"), tool.as_bytes());
    let host = plants.token();
    let path = format!("{}:/usr/bin:/bin", tools.display());
    let watch = Watch::over(&env, &plants.secrets);
    for format in FORMATS {
        for code in ["0", "1", "128"] {
            let mut command = env.bearhug();
            command.args(["scan", "--machine", "--keyring", "-v", "--format", format]);
            command.env("PATH", &path).env("SAID", &said).env("CODE", code);
            command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
            command.env("HF_ENDPOINT", format!("https://{host}:x@{host}/{host}"));
            watch.heard(format, Outcome::of(command)).exits(3);
        }
    }
    watch.seen(&env);
}

#[test]
fn processes_leak_nothing() {
    let env = TestEnvironment::new();
    let mut plants = Plants::new(23);
    let mut children = Vec::new();
    for (form, write) in FORMS {
        let (value, name, argument) = (plants.token(), plants.token(), plants.token());
        let mut text = write(value.as_bytes());
        text.retain(|&b| b != 0);
        let mut command = env.command("bash");
        // One token ends where a command that is shown is cut.
        let cut = format!("{}{argument}", "x ".repeat(17));
        command.args(["-c", "read -r _", &argument, &cut, &written("percent", &argument)]);
        command.env("A", String::from_utf8_lossy(&text).as_ref());
        command.env(&name, form).env(format!("B_{name}"), format!("{value} {argument}"));
        command.env("C", format!("{value}\n{name}\n{argument}x"));
        children.push(command.stdin(Stdio::piped()).spawn().unwrap());
    }
    let watch = Watch::over(&env, &plants.secrets);
    for format in FORMATS {
        for options in [&["-v"][..], &["--fast", "-v"]] {
            let all = [&["scan", "--machine", "--format", format][..], options].concat();
            watch.heard(format, env.run(all)).exits(3);
        }
    }
    for mut child in children {
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
