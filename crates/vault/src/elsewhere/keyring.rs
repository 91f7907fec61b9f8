//! The keyring of the session: the Secret Service
//! (<https://specifications.freedesktop.org/secret-service/latest/>), asked by the program of libsecret,
//! secret-tool(1). Secrets go through pipes, and never through arguments.

use std::{io, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    process::{ChildStdin, ChildStdout, Command},
    time::timeout,
};
use zeroize::Zeroizing;

use super::{LONGEST, Problem};

/// What vaults file their keys under.
pub const SERVICE: &str = "bearhug-vault";

/// The program that asks.
const PROGRAM: &str = "secret-tool";

/// How long it may take: a person may have to type a password.
const PATIENCE: Duration = Duration::from_mins(1);

/// The attributes that name the account. The keyring libraries of Python and Rust file under the first,
/// Git Credential Manager under the second.
const ACCOUNTS: [&str; 2] = ["username", "account"];

/// What is filed under a service and an account.
///
/// # Errors
///
/// If there is nothing, or the keyring cannot be asked.
pub async fn read(service: &str, account: &str) -> Result<Zeroizing<String>, Problem> {
    for attribute in ACCOUNTS {
        let arguments = ["lookup", "service", service, attribute, account];
        let (is_found, value) = ask(&arguments, "").await?;
        if is_found && !value.is_empty() {
            return Ok(value);
        }
    }
    Err(Problem::Missing)
}

/// Files a value under a service and an account, in the place of what is filed there.
///
/// # Errors
///
/// If the keyring does not take it.
pub async fn write(service: &str, account: &str, value: &str) -> Result<(), Problem> {
    let label = format!("{service} {account}");
    let arguments = ["store", "--label", &label, "service", service, "username", account];
    match ask(&arguments, value).await? {
        (true, _) => Ok(()),
        (false, _) => Err(Problem::Keyring("it does not take the secret".to_owned())),
    }
}

/// Forgets what is filed under a service and an account.
///
/// # Errors
///
/// If the keyring cannot be asked.
pub async fn clear(service: &str, account: &str) -> Result<(), Problem> {
    ask(&["clear", "service", service, "username", account], "").await.map(drop)
}

/// Whether the program says that all is well, and what it answers.
async fn ask(arguments: &[&str], input: &str) -> Result<(bool, Zeroizing<String>), Problem> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Problem::Keyring(
            "`secret-tool`, which asks it, is not installed (Debian: libsecret-tools)".to_owned(),
        ),
        _ => Problem::Keyring(error.to_string()),
    };
    let mut command = Command::new(PROGRAM);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.kill_on_drop(true).spawn().map_err(failed)?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let mut stderr = child.stderr.take();
    let exchange = async {
        tell(stdin, input).await?;
        let answer = hear(stdout).await?;
        let mut complaint = Vec::new();
        if let Some(stderr) = &mut stderr {
            stderr.take(LONGEST as u64).read_to_end(&mut complaint).await?;
        }
        let status = child.wait().await?;
        Ok((status.success(), !complaint.is_empty(), answer))
    };
    match timeout(PATIENCE, exchange).await {
        Err(_) => Err(Problem::Keyring("it takes too long".to_owned())),
        Ok(Err(error)) => Err(failed(error)),
        // What is not there is no complaint: it says nothing and ends with 1.
        Ok(Ok((false, true, _))) => {
            Err(Problem::Keyring("there is none on the session bus, or it stays locked".to_owned()))
        }
        Ok(Ok((is_well, _, answer))) => Ok((is_well, answer)),
    }
}

async fn tell(pipe: Option<ChildStdin>, input: &str) -> io::Result<()> {
    let Some(mut pipe) = pipe else { return Ok(()) };
    match pipe.write_all(input.as_bytes()).await {
        // What reads nothing has its reasons, and gives them.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

async fn hear(pipe: Option<ChildStdout>) -> io::Result<Zeroizing<String>> {
    let mut answer = Zeroizing::new(String::with_capacity(LONGEST + 1));
    if let Some(pipe) = pipe {
        pipe.take(LONGEST as u64 + 1).read_to_string(&mut answer).await?;
    }
    Ok(answer)
}
