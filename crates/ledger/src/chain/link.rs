//! How events hang together: the hash of each covers its content and the hash of the one before.

use std::collections::BTreeMap;

use bearhug_core::event::Happening;
use sha2::{Digest as _, Sha256};

/// What stands for the hash before the first event.
pub const GENESIS: [u8; 32] = [0; 32];

/// Separates this use of SHA-256 from every other.
const DOMAIN: &[u8] = b"bearhug:event:v1\0";

/// The hash of an event in its place: SHA-256 over `"bearhug:event:v1\0"`, the hash of the event before
/// ([`GENESIS`] for the first), its place and its time in microseconds since 1970, both as eight
/// bytes with the highest first, and its kind, actor, identity (empty if there is none) and every key
/// and value of its details in the order of the keys, each as UTF-8 behind its length in four bytes.
pub fn link(previous: &[u8; 32], seq: u64, happening: &Happening) -> [u8; 32] {
    let identity = happening.identity.map(|id| id.to_string()).unwrap_or_default();
    let content = Content {
        at: happening.at.as_microsecond(),
        kind: happening.kind.name(),
        actor: &happening.actor,
        identity: &identity,
        details: &happening.details,
    };
    content.link(previous, seq)
}

/// What a hash covers, as it is written in databases.
pub(super) struct Content<'a> {
    /// Microseconds since 1970.
    pub(super) at: i64,
    pub(super) kind: &'a str,
    pub(super) actor: &'a str,
    /// Empty if there is none.
    pub(super) identity: &'a str,
    pub(super) details: &'a BTreeMap<String, String>,
}

impl Content<'_> {
    pub(super) fn link(&self, previous: &[u8; 32], seq: u64) -> [u8; 32] {
        let mut hash = Sha256::new()
            .chain_update(DOMAIN)
            .chain_update(previous)
            .chain_update(seq.to_be_bytes())
            .chain_update(self.at.to_be_bytes());
        let details = self.details.iter().flat_map(|(key, value)| [key.as_str(), value.as_str()]);
        for text in [self.kind, self.actor, self.identity].into_iter().chain(details) {
            // No text here comes near four gigabytes, where two lengths would be written alike.
            let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
            hash.update(length.to_be_bytes());
            hash.update(text);
        }
        hash.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        env,
        io::Write as _,
        process::{Command, Stdio},
    };

    use bearhug_core::{Fingerprint, event::EventKind, identity::IdentityId};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// Works out the hashes of a chain from its description in JSON, by other code than this.
    const ORACLE: &str = r"
import hashlib, json, struct, sys
previous = bytes(32)
for seq, event in enumerate(json.load(sys.stdin), 1):
    details = [text for pair in sorted(event['details'].items(), key=lambda p: p[0].encode()) for text in pair]
    data = b'bearhug:event:v1\0' + previous + struct.pack('>Qq', seq, event['at'])
    for text in [event['kind'], event['actor'], event['identity'] or ''] + details:
        data += struct.pack('>I', len(text.encode())) + text.encode()
    previous = hashlib.sha256(data).digest()
    print(previous.hex())
";

    fn python(input: &str) -> Vec<String> {
        let program = env::var_os("BEARHUG_TEST_PYTHON").unwrap_or_else(|| "python3".into());
        let mut python = Command::new(program)
            .args(["-c", ORACLE])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        python.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = python.wait_with_output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
    }

    fn hex(hash: &[u8]) -> String {
        data_encoding::HEXLOWER.encode(hash)
    }

    fn happening(n: i64) -> Happening {
        let kind = EventKind::ALL[usize::try_from(n).unwrap() % EventKind::ALL.len()].clone();
        let texts = ["", "née \u{1f43b}", "a\0b\nc", "a=b;c"];
        let details = (0..n % 5).map(|i| {
            let text = |at: i64| texts[usize::try_from(at).unwrap() % texts.len()];
            (format!("{}{i}", text(n + i)), text(n * i).to_owned())
        });
        Happening {
            at: jiff::Timestamp::from_microsecond(n * 1_234_567_891 - 62_135_596_800).unwrap(),
            kind,
            actor: texts[usize::try_from(n).unwrap() % texts.len()].to_owned(),
            identity: (n % 3 > 0)
                .then(|| IdentityId::of_token(Fingerprint::of(&format!("sample {n}")))),
            details: details.collect(),
        }
    }

    #[test]
    fn python_works_out_the_same_chain() {
        let all: Vec<_> = (0..64).map(happening).collect();
        let told: Vec<_> = all
            .iter()
            .map(|h| {
                json!({
                    "at": h.at.as_microsecond(), "kind": h.kind.name(), "actor": h.actor,
                    "identity": h.identity, "details": h.details,
                })
            })
            .collect();
        let mut previous = GENESIS;
        let ours: Vec<_> = (1..)
            .zip(&all)
            .map(|(seq, happening)| {
                previous = link(&previous, seq, happening);
                hex(&previous)
            })
            .collect();
        assert_eq!(ours, python(&json!(told).to_string()));
    }

    #[test]
    fn everything_about_an_event_counts() {
        let base = happening(7);
        let hash = link(&GENESIS, 1, &base);
        let mut others = vec![link(&[1; 32], 1, &base), link(&GENESIS, 2, &base)];
        let mut change = |change: &dyn Fn(&mut Happening)| {
            let mut other = base.clone();
            change(&mut other);
            others.push(link(&GENESIS, 1, &other));
        };
        change(&|h| h.at += jiff::SignedDuration::from_micros(1));
        change(&|h| h.kind = EventKind::Census);
        change(&|h| h.actor.push('x'));
        change(&|h| h.identity = None);
        change(&|h| drop(h.details.pop_first()));
        change(&|h| drop(h.details.insert(String::new(), String::new())));
        others.push(hash);
        let distinct: std::collections::BTreeSet<_> = others.iter().collect();
        assert_eq!(distinct.len(), others.len());
    }

    proptest! {
        #[test]
        fn no_two_contents_are_written_alike(
            a in prop::collection::vec("[ab]{0,2}", 2..8), b in prop::collection::vec("[ab]{0,2}", 2..8)
        ) {
            let event = |texts: &[String]| {
                let mut event = happening(0);
                event.actor.clone_from(&texts[0]);
                event.details = texts[1..].chunks(2)
                    .map(|pair| (pair[0].clone(), pair.get(1).cloned().unwrap_or_default()))
                    .collect();
                event
            };
            let (a, b) = (event(&a), event(&b));
            prop_assert_eq!(a == b, link(&GENESIS, 1, &a) == link(&GENESIS, 1, &b));
        }
    }
}
