//! What a hunt says about a token that it found.

use crate::{Commit, Fingerprint, History, Kind, Origin, Told, Verdict};

/// How sure the detector is that it saw a credential and not something that looks like one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// The shape fits, but what surrounds it or what it is made of speaks against it.
    Low,
    /// Probably a credential; something about it is unusual.
    Medium,
    /// A credential's shape with a random body, where a credential would stand.
    High,
}

impl Confidence {
    /// The name that output uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// One observation that moved a confidence up or down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The body looks drawn at random, as a credential's is.
    RandomBody,
    /// The checksum that this kind carries fits.
    ChecksumFits,
    /// The JWT's header is the JSON of a signed token.
    JwtHeader,
    /// A name beside it says that it is a Hugging Face credential.
    NamedNearby,
    /// The other half of the pair stands beside it.
    PairedNearby,
    /// A length that fits precedes it, as serialised strings have.
    LengthPrefixed,
    /// It holds digits, which most tokens of this kind do not.
    HasDigits,
    /// All its letters have one case, which is improbable for a random body.
    OneCase,
    /// It is made of hexadecimal digits only, as a hash is.
    HashLike,
    /// It reads like an identifier made of words.
    IdentifierLike,
    /// It is a documentation placeholder: repeats, runs of the alphabet, or words such as `your`.
    PlaceholderLike,
    /// A letter, a digit or an underscore touches its start, so it may be part of something longer.
    TouchesBefore,
    /// An underscore or a hyphen joins it to what follows.
    TouchesAfter,
    /// It stands in binary data, where nothing marks its end.
    InBinary,
    /// Only the public half of the pair was found.
    SecretMissing,
    /// The issuer no longer honours this kind of credential.
    RetiredKind,
}

/// The detector's judgement of one candidate, with the grounds for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// How sure.
    pub confidence: Confidence,
    /// Whether it is a stand-in that nobody could log in with.
    pub placeholder: bool,
    /// Why, the weightiest first.
    pub reasons: Vec<Reason>,
}

/// One place where a token was seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sighting {
    /// The way to the bytes.
    pub origin: Origin,
    /// The line, from 1, where the bytes have lines.
    pub line: Option<u64>,
    /// The column in bytes, from 1.
    pub column: Option<u64>,
    /// The offset of the token's first byte in the file or object.
    pub offset: u64,
    /// The line it stands on, shortened, with every token on it redacted.
    pub context: Option<String>,
    /// The commit that brought it, for what was seen in a history.
    pub commit: Option<Commit>,
    /// What became of it since, for what was seen in a history.
    pub history: Option<History>,
}

/// A token with every place it was seen in.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The token's public name.
    pub fingerprint: Fingerprint,
    /// What sort of credential it is.
    pub kind: Kind,
    /// The value as reports print it.
    pub redacted: String,
    /// The public half of a pair: a client id, an access key id.
    pub companion: Option<String>,
    /// The best assessment among the sightings.
    pub assessment: Assessment,
    /// What the Hub said.
    pub verdict: Verdict,
    /// What it said beside that, if it was asked.
    pub told: Option<Told>,
    /// Where it was seen, in order of path and place.
    pub sightings: Vec<Sighting>,
}
