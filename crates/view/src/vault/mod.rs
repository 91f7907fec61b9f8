//! The vault: `bearhug vault list` and `check`. Values are not among what is shown.

use std::io;

use bearhug_core::{Fingerprint, Kind};
use jiff::Timestamp;

use crate::{Options, Wording};

mod human;
mod json;

/// A vault, as its entries are listed.
pub struct Listing {
    /// Its file.
    pub path: String,
    /// Where its key comes from, in a word.
    pub key: &'static str,
    /// Its entries, by name.
    pub entries: Vec<Entry>,
}

/// A token that a vault keeps, or knows the place of.
pub struct Entry {
    /// What it is called.
    pub name: String,
    /// What sort of credential it is.
    pub kind: Kind,
    /// Its public name.
    pub fingerprint: Fingerprint,
    /// Its form that reports print.
    pub redacted: String,
    /// When it was put in.
    pub added_at: Timestamp,
    /// How often its value was put in.
    pub version: u32,
    /// The reference to where it is, unless it is in the vault's own file.
    pub reference: Option<String>,
    /// What came of looking, if somebody did.
    pub checked: Option<Checked>,
}

/// What came of opening an entry.
pub struct Checked {
    /// The token that is elsewhere by now, if it is another than before.
    pub replaced_by: Option<Fingerprint>,
    /// How the token is.
    pub condition: Condition,
}

/// How a token is.
pub enum Condition {
    /// The Hub takes it, for this account.
    Live(String),
    /// The Hub does not take it, and why.
    Dead(String),
    /// The Hub gave no answer, and why.
    Unanswered(String),
    /// The Hub cannot be asked about it, and why.
    Unasked(String),
    /// There is no token to ask about, and why.
    Unopened(String),
}

impl Condition {
    /// What programs call it.
    fn name(&self) -> &'static str {
        match self {
            Self::Live(_) => "live",
            Self::Dead(_) => "dead",
            Self::Unanswered(_) => "unanswered",
            Self::Unasked(_) => "unasked",
            Self::Unopened(_) => "unopened",
        }
    }

    /// The account of a live one, or the reason.
    fn detail(&self) -> &str {
        match self {
            Self::Live(text)
            | Self::Dead(text)
            | Self::Unanswered(text)
            | Self::Unasked(text)
            | Self::Unopened(text) => text,
        }
    }
}

impl Listing {
    /// Writes it.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn render(
        &self,
        wording: Wording,
        options: &Options,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        match wording {
            Wording::Human => human::render(self, options, out),
            Wording::Json => json::render(self, out),
            Wording::Jsonl => json::render_lines(self, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const EVIL: &str = "\u{1b}[2J\u{202e}";

    fn entry(name: &str, checked: Option<Checked>) -> Entry {
        Entry {
            name: name.to_owned(),
            kind: Kind::UserToken,
            fingerprint: Fingerprint::of(name),
            redacted: "hf_…abcd".to_owned(),
            added_at: "2026-11-24T12:00:00Z".parse().unwrap(),
            version: 2,
            reference: None,
            checked,
        }
    }

    fn listing() -> Listing {
        let replaced_by = Some(Fingerprint::of("new"));
        let changed = Checked { replaced_by, condition: Condition::Live("ada".to_owned()) };
        let dead = Checked { replaced_by: None, condition: Condition::Dead("no".to_owned()) };
        let at = Some("env://HF_TOKEN".to_owned());
        let entries = vec![
            Entry { reference: at, ..entry("ci", Some(changed)) },
            entry("prod", Some(dead)),
            entry("rest", None),
        ];
        Listing { path: "vault".to_owned(), key: "keyring", entries }
    }

    fn written(listing: &Listing, wording: Wording) -> String {
        let mut out = Vec::new();
        listing.render(wording, &Options::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn people_read_where_each_is_and_how() {
        let text = written(&listing(), Wording::Human);
        let squeezed = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(squeezed.contains("ci live hf_…abcd env://HF_TOKEN"), "{text}");
        assert!(squeezed.contains("another token than before"), "{text}");
        assert!(squeezed.contains("prod dead hf_…abcd sealed"), "{text}");
        assert!(squeezed.contains("3 tokens in vault"), "{text}");
    }

    #[test]
    fn programs_read_it_all() {
        let value: Value = serde_json::from_str(&written(&listing(), Wording::Json)).unwrap();
        assert_eq!(value["schema"], "bearhug.vault/1");
        let expected = json!({
            "schema": "bearhug.vault-entry/1",
            "name": "ci", "kind": "user_token", "fingerprint": Fingerprint::of("ci").to_string(),
            "redacted": "hf_…abcd", "added_at": "2026-11-24T12:00:00Z", "version": 2,
            "reference": "env://HF_TOKEN", "condition": "live", "detail": "ada",
            "replaced_by": Fingerprint::of("new").to_string(),
        });
        assert_eq!(value["entries"][0], expected);
        let lines = written(&listing(), Wording::Jsonl);
        let lines: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!((&lines[0], &lines[3]["entries"]), (&expected, &json!(3)));
        assert_eq!(lines[2]["condition"], Value::Null);
    }

    #[test]
    fn hostile_text_is_harmless() {
        let mut listing = listing();
        listing.path = EVIL.to_owned();
        for entry in &mut listing.entries {
            entry.name = EVIL.to_owned();
            entry.reference = Some(EVIL.to_owned());
            let condition = Condition::Dead(EVIL.to_owned());
            entry.checked = Some(Checked { replaced_by: None, condition });
        }
        for wording in [Wording::Human, Wording::Json, Wording::Jsonl] {
            let text = written(&listing, wording);
            assert!(!text.contains(['\u{1b}', '\u{202e}']), "{wording:?}: {text}");
        }
    }
}
