//! The commands at the head of a push: which branches and tags it makes, moves and deletes.
//!
//! The format is in git's gitprotocol-pack and gitprotocol-common. Only the list of commands is read;
//! what follows it, options and the pack, cannot change a ref.

use bearhug_core::scope::{Access, Resource};

use crate::routes::{Refusal, names, needs};

/// The longest packet that is read, in bytes. A ref has no more than 255 or so, and what the client is
/// able to do stands behind the first one.
const PACKET: usize = 8192;
/// The most commands.
const COMMANDS: usize = 10_000;

const MALFORMED: Refusal = Refusal::Ambiguous("the push does not start with a list of commands");

/// A push on its way.
#[derive(Debug)]
pub(super) struct Push {
    repository: Resource,
    /// The packet that is read, with its length of four digits.
    packet: Vec<u8>,
    commands: usize,
    at: At,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Commands,
    /// After a list without a command, as git sends it to see whether it is let in. Nothing may follow.
    Probe,
    Pack,
}

impl Push {
    pub(super) fn new(repository: Resource) -> Self {
        Self { repository, packet: Vec::new(), commands: 0, at: At::Commands }
    }

    pub(super) fn feed(
        &mut self,
        mut bytes: &[u8],
        needed: &mut Vec<Access>,
    ) -> Result<(), Refusal> {
        while !bytes.is_empty() {
            match self.at {
                At::Commands => {}
                At::Probe => return Err(MALFORMED),
                At::Pack => return Ok(()),
            }
            let length = if self.packet.len() < 4 { 4 } else { self.length()? };
            let missing = length.saturating_sub(self.packet.len()).min(bytes.len());
            let (more, rest) = bytes.split_at(missing);
            self.packet.extend_from_slice(more);
            bytes = rest;
            if self.packet.len() < 4 {
                return Ok(());
            }
            let length = self.length()?;
            if length == 0 {
                self.at = if self.commands == 0 { At::Probe } else { At::Pack };
                self.packet = Vec::new();
            } else if self.packet.len() == length {
                let need = self.command()?;
                needed.extend(need);
                self.packet.clear();
            }
        }
        Ok(())
    }

    pub(super) fn finish(&self) -> Result<(), Refusal> {
        if self.at == At::Commands { Err(MALFORMED) } else { Ok(()) }
    }

    /// The length that the packet states, its own four digits included; none for the end of the list.
    fn length(&self) -> Result<usize, Refusal> {
        let digits = self.packet.get(..4).ok_or(MALFORMED)?;
        let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
        let digits = std::str::from_utf8(digits).map_err(|_| MALFORMED)?;
        let length = usize::from_str_radix(digits, 16).map_err(|_| MALFORMED)?;
        let is_fine = is_hex && (length == 0 || (5..=PACKET).contains(&length));
        is_fine.then_some(length).ok_or(MALFORMED)
    }

    /// What the command needs that was read, if it is one.
    fn command(&mut self) -> Result<Option<Access>, Refusal> {
        let packet = self.packet.get(4..).ok_or(MALFORMED)?;
        let line = packet.split(|b| *b == 0).next().unwrap_or_default();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = std::str::from_utf8(line).map_err(|_| MALFORMED)?;
        let mut words = line.split(' ');
        let (one, two, three) = (words.next(), words.next(), words.next());
        match (one, two, three, words.next()) {
            // Where a shallow clone ends.
            (Some("shallow"), Some(id), None, None) if self.commands == 0 && is_id(id) => Ok(None),
            (Some(old), Some(new), Some(name), None) if is_id(old) && is_id(new) => {
                self.commands += 1;
                if self.commands > COMMANDS
                    || !name.starts_with("refs/")
                    || is_none(old) && is_none(new)
                {
                    return Err(MALFORMED);
                }
                let (repository, revision) = (self.repository.clone(), names::revision(name)?);
                // Whether a ref that exists is moved ahead or elsewhere cannot be seen from here.
                let is_made = is_none(old);
                Ok(Some(if is_made {
                    needs::add(repository, Some(revision))
                } else {
                    needs::delete(repository, revision)
                }))
            }
            _ => Err(MALFORMED),
        }
    }
}

/// Whether this is the id of an object, by SHA-1 or SHA-256.
fn is_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether the id stands for no object.
fn is_none(id: &str) -> bool {
    id.bytes().all(|b| b == b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: &str = "0000000000000000000000000000000000000000";
    const SOME: &str = "00000000000000000000000000000000000000a1";

    fn packet(line: &str) -> String {
        format!("{:04x}{line}", line.len() + 4)
    }

    fn read(body: &str) -> Result<Vec<String>, Refusal> {
        let mut push = Push::new(Resource::parse("acme/m").unwrap());
        let mut needed = Vec::new();
        push.feed(body.as_bytes(), &mut needed)?;
        push.finish()?;
        Ok(needed.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn commands_say_which_refs_they_change() {
        let body = [
            packet(&format!("shallow {SOME}\n")),
            packet(&format!("{NONE} {SOME} refs/heads/ci/x\0report-status side-band-64k")),
            packet(&format!("{SOME} {SOME} refs/heads/main\n")),
            packet(&format!("{SOME} {NONE} refs/tags/v1")),
            packet(&format!("{NONE} {SOME} refs/pr/1")),
            "0000".into(),
            "PACK anything at all".into(),
        ];
        assert_eq!(
            read(&body.concat()).unwrap(),
            [
                "write:acme/m@ci/x,no-delete",
                "write:acme/m@main",
                "write:acme/m@v1",
                "write:acme/m@refs/pr/1,no-delete",
            ]
        );
        assert_eq!(read("0000"), Ok(vec![]));
    }

    #[test]
    fn what_git_could_read_otherwise_is_refused() {
        let made = |name: &str| packet(&format!("{NONE} {SOME} {name}"));
        for body in [
            String::new(),
            "00".into(),
            "0000PACK".into(),
            "0001".into(),
            "0004".into(),
            "+004".into(),
            "ffff".into(),
            made("refs/heads/x"),
            made("heads/x") + "0000",
            made("refs/heads/../x") + "0000",
            made("refs/heads/x y") + "0000",
            made("refs/heads/x\n\n") + "0000",
            packet(&format!("{NONE} {NONE} refs/heads/x")) + "0000",
            packet(&format!("{NONE}  {SOME} refs/heads/x")) + "0000",
            packet("push-cert\0push-cert") + "0000",
            made("refs/heads/x") + &packet(&format!("shallow {SOME}")) + "0000",
        ] {
            assert!(read(&body).is_err(), "{body:?}");
        }
    }
}
