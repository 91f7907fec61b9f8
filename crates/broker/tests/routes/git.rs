//! What real git writes at the head of a push.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use crate::support::Request;

fn git(folder: &Path, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=a", "-c", "user.email=a@example.test"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("git runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input).expect("git reads");
    drop(stdin);
    child.wait_with_output().expect("git ends").stdout
}

/// The body of the request that a push makes: git hands it to its HTTP helper in packets.
fn push(folder: &Path, refspecs: &[&str]) -> Vec<u8> {
    let refs = git(folder, &["receive-pack", "--stateless-rpc", "--advertise-refs", "there"], b"");
    let mut arguments = vec!["send-pack", "--stateless-rpc", "there"];
    arguments.extend(refspecs);
    let packets = git(folder, &arguments, &refs);
    let (mut rest, mut body) = (packets.as_slice(), Vec::new());
    while let Some((digits, after)) = rest.split_at_checked(4) {
        let length = std::str::from_utf8(digits).expect("digits");
        let length = usize::from_str_radix(length, 16).expect("a length").max(4);
        let (packet, after) = after.split_at(length - 4);
        body.extend_from_slice(packet);
        rest = after;
    }
    body
}

#[test]
fn commands_of_real_git_are_understood() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    git(folder, &["init", "-q", "-b", "main"], b"");
    git(folder, &["init", "-q", "--bare", "there"], b"");
    git(folder, &["commit", "-q", "--allow-empty", "-m", "one"], b"");
    git(folder, &["push", "-q", "there", "main", "main:old"], b"");
    git(folder, &["commit", "-q", "--allow-empty", "-m", "two"], b"");

    let body = push(folder, &["main", "main:refs/heads/ci/x", ":old", "main:refs/tags/v1"]);
    let content_type = Some("application/x-git-receive-pack-request");
    let request = Request::new("POST /acme/m.git/git-receive-pack", content_type, &body);
    let operations = request.operations(5).expect("a push");
    let mut needs: Vec<_> = operations[1].needs.iter().map(ToString::to_string).collect();
    needs.sort();
    assert!(body.windows(4).any(|bytes| bytes == b"PACK"), "with a pack");
    assert_eq!(
        needs,
        [
            "write:acme/m@ci/x,no-delete",
            "write:acme/m@main",
            "write:acme/m@old",
            "write:acme/m@v1,no-delete",
        ]
    );
}
