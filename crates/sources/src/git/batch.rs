//! A `git cat-file --batch` that is asked for one object after another.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use bearhug_core::Origin;

use crate::{containers::Opener, pieces::PIECE};

pub(super) struct Batch {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    buffer: Vec<u8>,
}

impl Batch {
    pub(super) fn start(mut command: Command) -> io::Result<Self> {
        let mut child = command
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let no_pipe = || io::Error::other("no pipe to the process");
        let requests = child.stdin.take().ok_or_else(no_pipe)?;
        let answers = BufReader::new(child.stdout.take().ok_or_else(no_pipe)?);
        Ok(Self { child, requests, answers, buffer: Vec::new() })
    }

    /// Delivers an object's content. False if the repository does not have it. Trees are left
    /// out: the names in them come with the objects.
    pub(super) fn deliver(
        &mut self,
        id: &str,
        origin: &Origin,
        opener: &Opener<'_>,
    ) -> io::Result<bool> {
        writeln!(self.requests, "{id}")?;
        self.requests.flush()?;
        let mut header = String::new();
        self.answers.read_line(&mut header)?;
        let fields: Vec<&str> = header.split_whitespace().collect();
        let (kind, size) = match fields[..] {
            [_, "missing"] => return Ok(false),
            [_, kind, size] => (kind, size.parse::<u64>().map_err(io::Error::other)?),
            _ => return Err(unreadable()),
        };
        if kind != "tree" && size > PIECE as u64 {
            let mut content = self.answers.by_ref().take(size);
            opener.stream(&mut content, origin);
            // A limit may have ended that early, and the next answer comes behind the rest.
            io::copy(&mut content, &mut io::sink())?;
            if content.limit() > 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        } else {
            self.buffer.resize(usize::try_from(size).map_err(io::Error::other)?, 0);
            self.answers.read_exact(&mut self.buffer)?;
            if kind != "tree" {
                opener.held(&self.buffer, origin);
            }
        }
        let mut end = [0];
        self.answers.read_exact(&mut end)?;
        if end == *b"\n" { Ok(true) } else { Err(unreadable()) }
    }
}

fn unreadable() -> io::Error {
    io::Error::other("an answer that cannot be read")
}

impl Drop for Batch {
    fn drop(&mut self) {
        // It ends by itself when its input closes; a scan that was interrupted does not wait.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
