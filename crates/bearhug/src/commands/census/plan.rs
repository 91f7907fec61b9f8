//! Which identity each answer is about.

use std::collections::{BTreeMap, BTreeSet};

use bearhug_core::{
    identity::{Identity, IdentityId, Standing, Teller},
    owner::Owner,
};
use bearhug_guard::census::{
    Accounts, Entry, Match, Roster, Shown, Testimony, Word, examine, is_former, newcomer,
};
use bearhug_ledger::{Filter, Order};
use bearhug_view::census::{Census as Report, Doubt, Stranger};

use super::{
    Round,
    entries::{self, Context},
    organisation::Answers,
};
use crate::error::CommandError;

/// What the Hub said, by the identity that it is about.
pub(super) struct Plan {
    pub(super) items: BTreeMap<IdentityId, Item>,
    pub(super) owners: Vec<Owner>,
    /// Members who left: accounts with their organisation, and whose identities those are.
    pub(super) left: BTreeMap<(String, String), BTreeSet<IdentityId>>,
    roster: Roster,
    /// Tokens at hand that stay out of the ledger, so that a list does not count them again.
    outside: Roster,
    /// Identities that one of the organisations may have a word on.
    residents: BTreeMap<IdentityId, Identity>,
}

/// What is to be done with one identity.
pub(super) struct Item {
    /// What it starts as if the ledger does not have it.
    pub(super) newcomer: Option<Newcomer>,
    /// Another that turned out to be the same credential.
    pub(super) absorbs: Option<IdentityId>,
    pub(super) testimony: Testimony,
}

/// How a credential first came to be known.
#[derive(Clone)]
pub(super) enum Newcomer {
    /// By a list.
    Listed(Box<Entry>),
    /// By its value.
    Shown(Shown),
}

impl Newcomer {
    /// The identity that it becomes.
    pub(super) fn identity(&self, round: &Round<'_>) -> (Identity, bearhug_core::event::Happening) {
        match self {
            Self::Listed(entry) => {
                newcomer::listed(&round.hub.address(), entry, &round.author, round.now)
            }
            Self::Shown(shown) => newcomer::shown(shown, &round.author, round.now),
        }
    }
}

impl Plan {
    /// Nothing yet, with whom the ledger has.
    pub(super) fn of(round: &Round<'_>) -> Result<Self, CommandError> {
        let mut plan = Self {
            items: BTreeMap::new(),
            owners: match round.ledger() {
                Some(ledger) => ledger.wait(ledger.store.owners())?,
                None => Vec::new(),
            },
            left: BTreeMap::new(),
            roster: Roster::default(),
            outside: Roster::default(),
            residents: BTreeMap::new(),
        };
        let orgs = &round.arguments.orgs;
        if let Some(ledger) = round.ledger().filter(|_| !orgs.is_empty()) {
            ledger.each_identity(&Filter::default(), Order::Name, |identity| {
                plan.roster.enter(&identity);
                if concerns(&identity, orgs) {
                    plan.residents.insert(identity.id, identity);
                }
            })?;
        }
        Ok(plan)
    }

    fn item(&mut self, id: IdentityId, round: &Round<'_>) -> &mut Item {
        self.items.entry(id).or_insert_with(|| Item {
            newcomer: None,
            absorbs: None,
            testimony: Testimony::new(round.now),
        })
    }

    /// What whoami said of the values at hand, and where each is.
    pub(super) fn hear_values(
        &mut self,
        round: &Round<'_>,
        heard: Vec<(Shown, String)>,
        report: &mut Report,
    ) -> Result<(), CommandError> {
        let tokens: Vec<_> = heard.iter().map(|(shown, _)| shown.fingerprint).collect();
        let mut holders = match round.ledger() {
            Some(ledger) => ledger.wait(ledger.store.holders(&tokens))?,
            None => BTreeMap::new(),
        };
        for (shown, place) in heard {
            let known = holders.remove(&shown.fingerprint);
            let newcomer = known.is_none().then(|| Newcomer::Shown(shown.clone()));
            let is_wanted = known.is_some() || (round.arguments.adopt && shown.is_alive());
            let Some(mut identity) =
                known.or_else(|| newcomer.as_ref().map(|one| one.identity(round).0))
            else {
                continue;
            };
            let current = identity.versions.last().and_then(|version| version.fingerprint);
            let is_current = current == Some(shown.fingerprint);
            let testimony = Testimony { shown: Some(shown), ..Testimony::new(round.now) };
            // With what whoami said, a list can tell which one it is.
            examine(&mut identity, &testimony, None, &round.author);
            if is_wanted {
                self.roster.enter(&identity);
                // Of several values of one identity, the current one is worth hearing.
                if is_current || !self.items.contains_key(&identity.id) {
                    self.items.insert(identity.id, Item { newcomer, absorbs: None, testimony });
                }
            } else {
                self.outside.enter(&identity);
                report.strangers.push(stranger_at_hand(round, &identity, &place));
            }
        }
        Ok(())
    }

    /// What an organisation's administrator was told.
    pub(super) fn hear_organisation(
        &mut self,
        round: &Round<'_>,
        org: &str,
        answers: &Answers,
        report: &mut Report,
    ) {
        // It was typed, and may be anything.
        let org = &*round.cleaner.text(org);
        let accounts = entries::accounts(answers, &round.cleaner);
        let owners = std::mem::take(&mut self.owners);
        let context =
            Context { org, cleaner: &round.cleaner, owners: &owners, accounts: &accounts };
        let members = answers.tokens.iter().flat_map(|list| &list.items);
        let members = members.map(|token| context.of_member(token));
        let services = answers.services.iter().flatten().flat_map(|account| {
            let tokens = account.access_tokens.iter();
            tokens.map(|token| context.of_service(account, token, &answers.makers))
        });
        let all: Vec<_> = members.chain(services).collect();
        self.owners.clone_from(&owners);
        let mut listed = BTreeSet::new();
        for entry in all {
            listed.extend(self.place(round, entry, report));
        }
        self.notice_absence(round, org, (answers, &accounts), &listed);
    }

    /// Finds the identity of a listed token, or makes one. All that it may be are accounted for, and none
    /// of them is missing from the list.
    fn place(
        &mut self,
        round: &Round<'_>,
        entry: Entry,
        report: &mut Report,
    ) -> BTreeSet<IdentityId> {
        let (mut accounted, mut absorbs, mut newcomer) = (BTreeSet::new(), None, None);
        let id = match self.roster.find(&entry) {
            Match::Known(id) => id,
            Match::Twice { listed, valued } => {
                accounted.insert(listed);
                absorbs = Some(listed);
                valued
            }
            Match::Ambiguous(candidates) => {
                let why = "all of them fit, so nothing was recorded of it";
                report.doubts.push(doubt(&entry, &candidates, why));
                return candidates;
            }
            Match::New | Match::Possible(_) if !round.arguments.adopt => {
                if !matches!(self.outside.find(&entry), Match::Known(_)) {
                    report.strangers.push(stranger_listed(&entry));
                }
                return accounted;
            }
            found => {
                if let Match::Possible(candidates) = &found {
                    let why = "they end the same, and the Hub was not asked whose they are; until it is, \
                               it is an identity of its own";
                    report.doubts.push(doubt(&entry, candidates, why));
                }
                newcomer = Some(Newcomer::Listed(Box::new(entry.clone())));
                self.adopt(round, &entry)
            }
        };
        let item = self.item(id, round);
        item.absorbs = item.absorbs.or(absorbs);
        item.newcomer = newcomer.or(item.newcomer.take());
        item.testimony.lists.push(Word::Listed(Box::new(entry)));
        accounted.insert(id);
        accounted
    }

    /// Gives what was said of an identity to the one that absorbs it, since each is written once: an
    /// organisation that was asked before may have had a word on it.
    pub(super) fn settle(&mut self) {
        let mut taken = BTreeMap::new();
        for (id, item) in &mut self.items {
            item.absorbs = item.absorbs.filter(|other| !taken.contains_key(other));
            taken.extend(item.absorbs.map(|other| (other, *id)));
        }
        for (other, id) in taken {
            let words = self.items.remove(&other).map(|item| item.testimony.lists);
            if let Some(item) = self.items.get_mut(&id) {
                item.testimony.lists.extend(words.into_iter().flatten());
            }
            for identities in self.left.values_mut() {
                if identities.remove(&other) {
                    identities.insert(id);
                }
            }
        }
    }

    /// A name for a listed token, by which another organisation's list finds it too.
    fn adopt(&mut self, round: &Round<'_>, entry: &Entry) -> IdentityId {
        let (identity, _) = Newcomer::Listed(Box::new(entry.clone())).identity(round);
        self.roster.enter(&identity);
        identity.id
    }

    /// What it means that an organisation, whose lists are complete, no longer has something.
    fn notice_absence(
        &mut self,
        round: &Round<'_>,
        org: &str,
        (answers, accounts): (&Answers, &Accounts),
        listed: &BTreeSet<IdentityId>,
    ) {
        let knows_all = answers.members.is_some() && answers.services.is_some();
        let knows_people = answers.members.is_some() && !answers.offers_services;
        let knows_tokens = answers.tokens.as_ref().is_some_and(|list| list.is_complete);
        let mut words = Vec::new();
        for identity in self.residents.values().filter(|one| !listed.contains(&one.id)) {
            let organisation = org.to_owned();
            // Only a member's tokens are listed: without knowing the members, nothing is known of those.
            let is_complete = if belongs_to_service(identity, accounts) {
                answers.services.is_some()
            } else {
                knows_tokens && is_member(identity, accounts)
            };
            // Without the service accounts, only what the list of members' tokens had is surely a member's.
            let was_of_person =
                was_listed(identity, org) && !belongs_to_service(identity, accounts);
            let knows_whose = knows_all || (knows_people && was_of_person);
            if knows_whose && is_former(identity, org, accounts) {
                words.push((identity.id, Word::Left { organisation }));
            } else if is_complete && was_listed(identity, org) {
                words.push((identity.id, Word::Missing { organisation }));
            }
        }
        for (id, word) in words {
            if let (Word::Left { organisation }, Some(identity)) = (&word, self.residents.get(&id))
            {
                let account = identity.standing.account.clone().unwrap_or_default();
                self.left.entry((account, organisation.clone())).or_default().insert(id);
            }
            self.item(id, round).testimony.lists.push(word);
        }
    }
}

/// Whether one of the organisations may have a word on it.
fn concerns(identity: &Identity, orgs: &[String]) -> bool {
    let standing = &identity.standing;
    let is_one = |name: &String| orgs.iter().any(|org| org.eq_ignore_ascii_case(name));
    standing.organisation.as_ref().is_some_and(is_one)
        || standing.grant.iter().flat_map(|grant| &grant.orgs).any(|org| is_one(&org.name))
}

fn belongs_to_service(identity: &Identity, accounts: &Accounts) -> bool {
    let standing = &identity.standing;
    standing.told_by == Some(Teller::ServiceAccount)
        || standing.account.as_ref().is_some_and(|account| accounts.services.contains_key(account))
}

fn is_member(identity: &Identity, accounts: &Accounts) -> bool {
    let account = identity.standing.account.as_ref();
    account.is_some_and(|account| accounts.members.contains_key(account))
}

/// Whether this organisation listed its current token.
fn was_listed(identity: &Identity, org: &str) -> bool {
    let has_id = identity.versions.last().is_some_and(|version| version.hub_id.is_some());
    let by = identity.standing.organisation.as_ref();
    has_id && by.is_some_and(|name| name.eq_ignore_ascii_case(org))
}

fn doubt(entry: &Entry, candidates: &BTreeSet<IdentityId>, why: &str) -> Doubt {
    Doubt {
        token: called(entry),
        organisation: entry.organisation.clone(),
        candidates: candidates.iter().copied().collect(),
        why: why.to_owned(),
    }
}

fn stranger_listed(entry: &Entry) -> Stranger {
    Stranger {
        token: called(entry),
        place: format!("listed by {}", entry.organisation),
        account: entry.account.clone(),
        role: entry.role.clone(),
    }
}

fn stranger_at_hand(round: &Round<'_>, identity: &Identity, place: &str) -> Stranger {
    let Standing { account, role, .. } = identity.standing.clone();
    let token = identity.versions.last().and_then(|version| version.last4.as_deref());
    let token = token.map_or_else(|| identity.name.clone(), |last4| format!("…{last4}"));
    Stranger { token, place: format!("in {}", round.cleaner.text(place)), account, role }
}

fn called(entry: &Entry) -> String {
    entry.last4.as_ref().map_or_else(|| entry.hub_id.clone(), |last4| format!("…{last4}"))
}
