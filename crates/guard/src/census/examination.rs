//! Taking down what the Hub says of an identity.

use bearhug_core::{
    Fingerprint, Told, Verdict,
    event::{EventKind, Happening},
    grant::{Credential, Grant},
    identity::{Condition, Identity, Life, State, Teller, Version},
    lifecycle::{Author, Move},
};
use jiff::{SignedDuration, Timestamp};

use super::{
    Entry, Said, Shown, Testimony, Word, drift, grants, naming,
    suggest::{self},
};

/// How long it is not worth a write that the Hub was asked again and said the same, or that a token was used
/// once more: whoever asks for a list uses one.
const SAME_NEWS: SignedDuration = SignedDuration::from_hours(24);

/// Takes down what the Hub says of an identity, and returns what happened. Without an event the identity
/// may be new in nothing but the moment at which it was last asked about; [`None`] is one that is as it was.
/// What whoami says of a token that was replaced is not said of the identity, which goes on with another.
///
/// `dormant_after` is how long a token may go unused.
pub fn examine(
    identity: &mut Identity,
    testimony: &Testimony,
    dormant_after: Option<SignedDuration>,
    author: &Author,
) -> Option<Vec<Happening>> {
    let is_of_past = testimony.shown.as_ref().is_some_and(|shown| !is_current(identity, shown));
    if is_of_past && testimony.lists.is_empty() {
        return None;
    }
    let before = identity.clone();
    let lives = testimony.shown.as_ref().filter(|shown| shown.is_alive());
    let lives = lives.map(|shown| shown.fingerprint);
    let is_listed = testimony.lists.iter().any(|word| matches!(word, Word::Listed(_)));
    let mut clerk = Clerk { author, at: testimony.at, lives, is_listed, events: Vec::new() };
    for word in &testimony.lists {
        clerk.hear(identity, word);
    }
    if let Some(shown) = &testimony.shown {
        clerk.see(identity, shown);
    }
    clerk.notice_expiry(identity);
    clerk.judge_use(identity, dormant_after);
    naming::follow(&before, identity);
    let told = drift::between(&before, identity);
    if !told.is_empty() {
        clerk.record(identity, EventKind::Drifted, told);
    }
    let is_stale =
        before.standing.asked_at.is_none_or(|at| testimony.at.duration_since(at) > SAME_NEWS);
    let is_same = *identity == before && clerk.events.is_empty();
    if is_same && !is_stale {
        return None;
    }
    identity.standing.asked_at = Some(testimony.at);
    identity.updated_at = testimony.at;
    Some(clerk.events)
}

/// Who writes down what is said, when, and what was written so far.
struct Clerk<'a> {
    author: &'a Author,
    at: Timestamp,
    /// The token that the Hub took when it was shown it.
    lives: Option<Fingerprint>,
    /// Whether any of the lists has it.
    is_listed: bool,
    events: Vec<Happening>,
}

impl Clerk<'_> {
    fn record(
        &mut self,
        identity: &Identity,
        kind: EventKind,
        details: impl IntoIterator<Item = (String, String)>,
    ) {
        self.events.push(Happening {
            at: self.at,
            kind,
            actor: self.author.name.clone(),
            identity: Some(identity.id),
            details: details.into_iter().collect(),
        });
    }

    /// Makes a move where it is legal. Whether it was.
    fn step(&mut self, identity: &mut Identity, step: Move) -> bool {
        let happened = identity.apply(step, self.author, self.at);
        happened.map(|event| self.events.push(event)).is_ok()
    }

    fn hear(&mut self, identity: &mut Identity, word: &Word) {
        match word {
            Word::Listed(entry) => self.hear_entry(identity, entry),
            Word::Missing { organisation } => self.hear_missing(identity, organisation),
            Word::Left { organisation } => {
                if let Some(grant) = &identity.standing.grant {
                    identity.standing.grant = Some(grants::without(grant, organisation));
                }
            }
        }
    }

    fn hear_entry(&mut self, identity: &mut Identity, entry: &Entry) {
        if !self.is_proved_alive(identity) && is_renewed(identity, entry) {
            self.renew(identity, entry);
        }
        if let Some(current) = identity.versions.last_mut() {
            current.hub_id.get_or_insert_with(|| entry.hub_id.clone());
            current.last4 = current.last4.take().or_else(|| entry.last4.clone());
        }
        let standing = &mut identity.standing;
        standing.organisation.get_or_insert_with(|| entry.organisation.clone());
        standing.account = entry.account.clone().or(standing.account.take());
        standing.role = entry.role.clone().or(standing.role.take());
        standing.issued_at = entry.issued_at.or(standing.issued_at);
        standing.expires_at = entry.expires_at.or(standing.expires_at);
        standing.last_used_at = latest_use(standing.last_used_at, entry.last_used_at);
        // What a list lacked, a list brings back; what the Hub called dead it does not.
        let is_alive = standing.missing_from.take().is_some() || !standing.verdict.is_dead();
        if let Some(grant) = grants::updated(standing.grant.as_ref(), entry) {
            if is_alive {
                standing.verdict = Told::of(&grant).0;
            }
            standing.grant = Some(grant);
            let teller =
                if entry.is_service { Teller::ServiceAccount } else { Teller::Organisation };
            standing.told_by.get_or_insert(teller);
        } else if is_alive {
            standing.verdict = Verdict::Active;
        }
        suggest::add(identity, &entry.suggestions);
    }

    /// A list without a token that it had. A token that reaches an organisation by its role alone is gone
    /// from its list only if it is gone. One whose permissions are listed may have lost those there, and
    /// one whose account left may live on. That is concluded and was not told, so the state stays: another
    /// list may have it yet.
    fn hear_missing(&mut self, identity: &mut Identity, organisation: &str) {
        let is_proved_alive = self.is_proved_alive(identity);
        let standing = &mut identity.standing;
        let Some(grant) = &standing.grant else { return };
        let is_in = grant.orgs.iter().any(|org| org.name.eq_ignore_ascii_case(organisation));
        let by_role = matches!(standing.role.as_deref(), Some("read" | "write" | "god"));
        let is_service = standing.told_by == Some(Teller::ServiceAccount);
        if (is_service || (is_in && by_role)) && !is_proved_alive && !self.is_listed {
            if !standing.verdict.is_dead() {
                standing.verdict = Verdict::Inactive;
                standing.missing_from = Some(organisation.to_owned());
            }
            return;
        }
        standing.grant = Some(grants::without_scopes(grant, organisation));
    }

    /// Whether the Hub took the current token itself, which outweighs what a list lets one conclude.
    fn is_proved_alive(&self, identity: &Identity) -> bool {
        let current = identity.versions.last().and_then(|version| version.fingerprint);
        current.is_some() && current == self.lives
    }

    /// What whoami said, if it is about the current token.
    fn see(&mut self, identity: &mut Identity, shown: &Shown) {
        if !is_current(identity, shown) {
            return;
        }
        match &shown.said {
            Said::Nothing => {}
            Said::KeptOut => self.see_kept_out(identity),
            Said::Unknown => {
                self.end(identity, Verdict::Inactive, "the Hub no longer knows it".to_owned());
            }
            Said::Expired => self.end(identity, Verdict::Expired, "it has expired".to_owned()),
            Said::Alive(grant) => self.see_alive(identity, grant, &shown.last4),
        }
    }

    fn see_kept_out(&self, identity: &mut Identity) {
        // An end that is over was not the end of what the Hub takes.
        let is_ahead = |end: &Timestamp| *end > self.at;
        let standing = &mut identity.standing;
        standing.verdict = Verdict::BlockedByOrg;
        standing.missing_from = None;
        standing.expires_at = standing.expires_at.filter(is_ahead);
        if let Some(grant) = &mut standing.grant {
            grant.expires_at = grant.expires_at.filter(is_ahead);
        }
    }

    fn see_alive(&mut self, identity: &mut Identity, grant: &Grant, last4: &str) {
        let mut grant = grants::in_order(grant.clone());
        // An end that is over was not the end of what the Hub takes.
        let is_ahead = |end: &Timestamp| *end > self.at;
        grant.expires_at = grant.expires_at.filter(is_ahead);
        let (verdict, told) = Told::of(&grant);
        if let Some(current) = identity.versions.last_mut() {
            current.last4.get_or_insert_with(|| last4.to_owned());
        }
        let standing = &mut identity.standing;
        standing.verdict = verdict;
        standing.missing_from = None;
        standing.account = told.account;
        standing.role = told.role;
        if let Credential::AccessToken(token) = &grant.credential {
            standing.issued_at = token.created_at.or(standing.issued_at);
        }
        standing.expires_at = grant.expires_at.or(standing.expires_at.filter(is_ahead));
        standing.grant = Some(grant);
        standing.told_by = Some(Teller::Whoami);
        if identity.state == State::Adopted {
            let why = "the Hub takes it".to_owned();
            self.step(identity, Move::Activate { why });
        }
    }

    /// The Hub gave the credential a new value, which nobody here has.
    fn renew(&mut self, identity: &mut Identity, entry: &Entry) {
        let version = Version {
            fingerprint: None,
            hub_id: Some(entry.hub_id.clone()),
            last4: entry.last4.clone(),
            since: entry.issued_at.unwrap_or(self.at),
            until: None,
        };
        let why = "it was rotated on the Hub".to_owned();
        let standing = identity.standing.clone();
        if matches!(identity.state, State::Adopted | State::Active) {
            self.step(identity, Move::StartRotation { why: why.clone() });
        }
        let step = Move::Replace { version: version.clone(), why: why.clone() };
        if !self.step(identity, step) {
            let replaced = identity.versions.last().map(Version::label).unwrap_or_default();
            let details =
                [("token", version.label()), ("replaces", replaced), ("why", why)].map(owned);
            if let Some(old) = identity.versions.last_mut() {
                old.until.get_or_insert(self.at);
            }
            identity.versions.push(version);
            self.record(identity, EventKind::Versioned, details);
        }
        // It is still the same credential, with the same rights: only the value is another.
        identity.standing = standing;
        identity.standing.verdict = Verdict::Active;
    }

    /// The token no longer works, by the Hub's word.
    fn end(&mut self, identity: &mut Identity, verdict: Verdict, why: String) {
        identity.standing.missing_from = None;
        self.step(identity, Move::Revoke { why });
        // Revoking makes doubtful what was believed, and this is the Hub's own word.
        identity.standing.verdict = verdict;
    }

    fn notice_expiry(&mut self, identity: &mut Identity) {
        let is_over = identity.expires_at().is_some_and(|at| at <= self.at);
        if is_over && !identity.standing.verdict.is_dead() {
            let why = "the end that the Hub told is over".to_owned();
            self.end(identity, Verdict::Expired, why);
        }
    }

    /// Whether nobody uses it. Where no use is told but the Hub tells of uses, it counts from the issue.
    fn judge_use(&mut self, identity: &mut Identity, dormant_after: Option<SignedDuration>) {
        let standing = &identity.standing;
        let is_listed = identity.versions.last().is_some_and(|version| version.hub_id.is_some());
        let issued = standing.issued_at.filter(|_| is_listed);
        let Some((allowed, since)) = dormant_after.zip(standing.last_used_at.or(issued)) else {
            return;
        };
        let condition = Condition::Dormant;
        let idle = self.at.duration_since(since);
        let is_idle = idle > allowed && identity.life(self.at) != Life::Dead;
        if is_idle && !identity.conditions.contains(&condition) {
            let why = format!("nobody has used it for {} days", idle.as_hours() / 24);
            self.step(identity, Move::SetCondition { condition, why });
        } else if !is_idle && identity.conditions.contains(&condition) {
            let why = "it was used again, or no longer works".to_owned();
            self.step(identity, Move::ClearCondition { condition, why });
        }
    }
}

/// Whether what was shown is the current token.
fn is_current(identity: &Identity, shown: &Shown) -> bool {
    identity.versions.last().is_some_and(|now| now.fingerprint == Some(shown.fingerprint))
}

/// Whether the listed token has another value than the one on record. The Hub keeps its identifier, and tells
/// the moment at which it got the value.
fn is_renewed(identity: &Identity, entry: &Entry) -> bool {
    let Some(current) = identity.versions.last() else { return false };
    let is_same_token = current.hub_id.as_deref() == Some(entry.hub_id.as_str());
    let last4 = current.last4.as_ref().zip(entry.last4.as_ref());
    let is_later =
        entry.issued_at > identity.standing.issued_at && identity.standing.issued_at.is_some();
    is_same_token && is_later && last4.is_none_or(|(old, new)| old != new)
}

/// The last use, to the day.
fn latest_use(known: Option<Timestamp>, told: Option<Timestamp>) -> Option<Timestamp> {
    let is_same_day =
        |(known, told): (Timestamp, Timestamp)| told.duration_since(known) < SAME_NEWS;
    if known.zip(told).is_some_and(is_same_day) { known } else { known.max(told) }
}

fn owned((key, value): (&str, String)) -> (String, String) {
    (key.to_owned(), value)
}
