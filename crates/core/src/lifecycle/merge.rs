//! Two identities that turn out to be one credential.

use std::mem;

use jiff::Timestamp;

use super::{Author, Details, IllegalMove, Move};
use crate::{
    event::{EventKind, Happening},
    identity::{Identity, Purpose, State},
};

impl Identity {
    /// Takes in what was recorded of the same credential under another name: it was listed by the Hub, say,
    /// before its value was found. The other becomes history and keeps no token, so that nothing is
    /// found twice. Where somebody answers for the other and nobody for this one, that goes with it.
    ///
    /// # Errors
    ///
    /// If different people answer for the two, or either is history. Neither is changed then.
    pub fn absorb(
        &mut self,
        other: &mut Self,
        author: &Author,
        now: Timestamp,
    ) -> Result<Vec<Happening>, IllegalMove> {
        self.may_absorb(other)?;
        let mut events = self.take_ownership(other, author, now)?;
        let mut told = Details::default();
        told.add("same_as", &other.id.to_string());
        told.add("known_as", &other.name);
        self.take_tokens(other);
        if self.purpose == Purpose::default() {
            self.purpose = mem::take(&mut other.purpose);
        }
        self.conditions.append(&mut other.conditions);
        // What the Hub said is about the token, which the other has no more.
        let (own, theirs) = (&mut self.standing, mem::take(&mut other.standing));
        own.organisation = own.organisation.take().or(theirs.organisation);
        own.expires_at = own.expires_at.or(theirs.expires_at);
        own.last_used_at = own.last_used_at.max(theirs.last_used_at);
        events.push(self.happened(EventKind::Drifted, author, now, told));

        let mut told = Details::default();
        told.add("from", other.state.name());
        told.add("to", State::Retired.name());
        told.add("why", &format!("it is the same credential as {}, which goes on", self.id));
        other.state = State::Retired;
        events.push(other.happened(EventKind::Moved, author, now, told));
        Ok(events)
    }

    fn may_absorb(&self, other: &Self) -> Result<(), IllegalMove> {
        if [self.state, other.state].contains(&State::Retired) {
            return Err(IllegalMove::because("one of the two is retired, and stays as it is"));
        }
        let owners = (&self.ownership.owner, &other.ownership.owner);
        match owners {
            (Some(one), Some(two)) if one != two => Err(IllegalMove::because(format!(
                "`{one}` answers for {} and `{two}` for {}: say with `token assign` who does",
                self.id, other.id
            ))),
            _ => Ok(()),
        }
    }

    fn take_ownership(
        &mut self,
        other: &mut Self,
        author: &Author,
        now: Timestamp,
    ) -> Result<Vec<Happening>, IllegalMove> {
        let mut events = Vec::new();
        let theirs = &mut other.ownership;
        if let (State::Discovered, None, Some(owner)) =
            (self.state, &self.ownership.owner, &theirs.owner)
        {
            let why = format!("as {} it was taken on already", other.id);
            // Nothing is taken before this, which may be refused.
            events.push(self.apply(Move::Adopt { owner: owner.clone(), why }, author, now)?);
            self.ownership.backup = theirs.backup.take();
            self.ownership.attested = theirs.attested.take();
        }
        self.ownership.suggestions.append(&mut theirs.suggestions);
        Ok(events)
    }

    /// The current tokens are one, and those before it were the other's as well.
    fn take_tokens(&mut self, other: &mut Self) {
        let mut theirs = mem::take(&mut other.versions);
        if let Some((own, listed)) = self.versions.last_mut().zip(theirs.pop()) {
            own.hub_id = own.hub_id.take().or(listed.hub_id);
            own.last4 = own.last4.take().or(listed.last4);
            own.since = own.since.min(listed.since);
        }
        theirs.append(&mut self.versions);
        self.versions = theirs;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Fingerprint, Kind, Verdict,
        identity::{IdentityId, Life, Suggestion, Version},
        lifecycle::{Assignment, Discovery},
    };

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn author() -> Author {
        Author { name: "ada@host".to_owned() }
    }

    fn version(fingerprint: Option<Fingerprint>, hub_id: Option<&str>) -> Version {
        let last4 = Some("Ab3x".to_owned());
        Version { fingerprint, hub_id: hub_id.map(str::to_owned), last4, since: NOW, until: None }
    }

    fn pair() -> (Identity, Identity) {
        let found =
            |id, version| Discovery { id, name: "ci".to_owned(), kind: Kind::UserToken, version };
        let fingerprint = Fingerprint::of("x");
        let valued = found(IdentityId::of_token(fingerprint), version(Some(fingerprint), None));
        let listed =
            found(IdentityId::of_listed("http://hub", "acme", "1"), version(None, Some("1")));
        (Identity::discover(valued, &author(), NOW).0, Identity::discover(listed, &author(), NOW).0)
    }

    #[test]
    fn what_was_taken_on_stays_taken_on() {
        let (mut valued, mut listed) = pair();
        let adopt = Move::Adopt { owner: "ml".to_owned(), why: String::new() };
        listed.apply(adopt, &author(), NOW).unwrap();
        let events = valued.absorb(&mut listed, &author(), NOW).unwrap();
        let kinds: Vec<_> = events.iter().map(|event| event.kind.name()).collect();
        assert_eq!(kinds, ["identity.adopted", "identity.drifted", "identity.moved"]);
        assert_eq!((valued.state, listed.state), (State::Adopted, State::Retired));
        assert_eq!(valued.ownership.owner.as_deref(), Some("ml"));
        assert_eq!(valued.versions, [version(Some(Fingerprint::of("x")), Some("1"))]);
        assert!(listed.versions.is_empty());
        assert!(valued.absorb(&mut listed, &author(), NOW).is_err(), "it is history");
    }

    #[test]
    fn what_went_on_under_another_name_is_not_taken_to_be_alive() {
        let (mut valued, mut listed) = pair();
        listed.standing.verdict = Verdict::Active;
        listed.standing.organisation = Some("acme".to_owned());
        valued.absorb(&mut listed, &author(), NOW).unwrap();
        assert_eq!(listed.life(NOW), Life::Dead);
        assert_eq!(valued.standing.organisation.as_deref(), Some("acme"));
    }

    #[test]
    fn a_refusal_changes_neither() {
        let (mut valued, mut listed) = pair();
        let evidence = "the Hub lists it as `ada`'s".to_owned();
        let suggestion = Suggestion { owner: "ada".to_owned(), evidence };
        listed.ownership.suggestions.push(suggestion);
        listed.ownership.owner = Some(" ".to_owned());
        let before = (valued.clone(), listed.clone());
        valued.absorb(&mut listed, &author(), NOW).unwrap_err();
        assert_eq!((valued, listed), before);
    }

    #[test]
    fn two_owners_are_not_made_one() {
        let (mut valued, mut listed) = pair();
        for (identity, owner) in [(&mut valued, "ada"), (&mut listed, "bob")] {
            let to = Assignment { owner: Some(owner.to_owned()), ..Assignment::default() };
            identity.assign(to, &author(), NOW).unwrap();
        }
        let before = (valued.clone(), listed.clone());
        let refused = valued.absorb(&mut listed, &author(), NOW).unwrap_err();
        assert!(refused.to_string().contains("`ada` answers for"), "{refused}");
        assert_eq!((valued, listed), before);
    }
}
