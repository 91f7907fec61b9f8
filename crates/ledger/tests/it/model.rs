//! Random commits against a model that keeps everything in plain maps.

use std::collections::{BTreeMap, BTreeSet};

use bearhug_core::{
    identity::{Exposure, Identity, IdentityId},
    owner::Owner,
};
use bearhug_ledger::{
    Changes, Clearance, Filter, Ledger, LedgerError, Order, Presence, Sighting, SightingFilter,
};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use tokio::{runtime::Handle, task::block_in_place};

use crate::{
    chain::is_intact,
    support::{
        Place, on_both_databases,
        things::{at, event, first, id, identity, owner, sighting, version},
    },
};

on_both_databases!(random_commits_do_what_the_model_does);

/// Something to commit, told by small numbers.
#[derive(Debug, Clone)]
enum Act {
    /// Write an identity, as it was read or with a revision that may be an old one.
    Write { number: usize, note: u8, revision: Option<u64> },
    /// Write two identities, the second with a token of its own and one that the first may have.
    Rotate { number: usize, token: usize },
    /// See tokens in places.
    See(Vec<(usize, u8, i64, u8)>),
    /// Look through a source.
    Clear { source: u8, second: i64 },
    /// Let things happen.
    Happen(u8),
    /// Say something of an owner, perhaps as read long ago.
    Own { name: u8, revision: Option<u64> },
}

fn act() -> impl Strategy<Value = Act> {
    let number = 0..5_usize;
    prop_oneof![
        (number.clone(), any::<u8>(), prop::option::of(0..3_u64))
            .prop_map(|(number, note, revision)| Act::Write { number, note, revision }),
        (number.clone(), 0..8_usize).prop_map(|(number, token)| Act::Rotate { number, token }),
        vec((number, 0..4_u8, 0..9_i64, 0..3_u8), 1..6).prop_map(Act::See),
        (0..2_u8, 0..9_i64).prop_map(|(source, second)| Act::Clear { source, second }),
        (1..4_u8).prop_map(Act::Happen),
        (any::<u8>(), prop::option::of(0..3_u64))
            .prop_map(|(name, revision)| Act::Own { name, revision }),
    ]
}

/// What a ledger should hold.
#[derive(Debug, Clone, Default)]
struct Model {
    identities: BTreeMap<IdentityId, Identity>,
    sightings: BTreeMap<(String, String, String), Sighting>,
    owners: BTreeMap<String, Owner>,
    events: u64,
}

/// What one act in a world of its own comes to.
fn changes(acts: &[Act], world: usize, model: &Model) -> Changes {
    let mut changes = Changes::default();
    for act in acts {
        add(&mut changes, act, world, model);
    }
    changes
}

fn add(changes: &mut Changes, act: &Act, world: usize, model: &Model) {
    let known = |number: usize| {
        let new = identity(world + number);
        model.identities.get(&new.id).cloned().unwrap_or(new)
    };
    match act {
        Act::Write { number, note, revision } => {
            let mut it = known(*number);
            it.purpose.notes = Some((note % 4).to_string());
            it.revision = revision.unwrap_or(it.revision);
            changes.identities.push(it);
        }
        Act::Rotate { number, token } => {
            let mut it = known(*number);
            it.versions.push(version(world + token));
            changes.identities.push(it);
        }
        Act::See(places) => changes.sightings.extend(places.iter().map(|place| {
            let (number, origin, second, presence) = *place;
            let mut it = sighting(world + number, &format!("file:{origin}"), second);
            it.source = source(world, origin % 2);
            it.presence = match presence {
                0 => Presence::Present,
                1 => Presence::InHistory,
                _ => Presence::Gone { since: at(second + 1) },
            };
            it
        })),
        Act::Clear { source: number, second } => {
            changes.clearances.push(Clearance { source: source(world, *number), at: at(*second) });
        }
        Act::Happen(count) => {
            changes.events.extend((0..*count).map(|n| event(world, i64::from(n))));
        }
        Act::Own { name, revision } => {
            let new = owner(&format!("{world}-{}", name % 3));
            let mut it = model.owners.get(&new.name).cloned().unwrap_or(new);
            it.email = Some((name / 3 % 2).to_string());
            it.revision = revision.unwrap_or(it.revision);
            changes.owners.push(it);
        }
    }
}

fn source(world: usize, number: u8) -> String {
    format!("world {world}, source {number}")
}

impl Model {
    /// Does what a commit should do, or tells that it must be refused.
    fn commit(&mut self, changes: &Changes) -> Result<(), ()> {
        let mut next = self.clone();
        next.write_identities(&changes.identities)?;
        for sighting in &changes.sightings {
            next.see(sighting)?;
        }
        for clearance in &changes.clearances {
            let gone =
                |it: &&mut Sighting| it.source == clearance.source && it.last_seen < clearance.at;
            for it in next.sightings.values_mut().filter(gone) {
                if !matches!(it.presence, Presence::Gone { .. }) {
                    it.presence = Presence::Gone { since: clearance.at };
                }
            }
        }
        for owner in &changes.owners {
            next.write_owner(owner)?;
        }
        next.events += changes.events.len() as u64;
        *self = next;
        Ok(())
    }

    fn write_owner(&mut self, owner: &Owner) -> Result<(), ()> {
        let known = self.owners.get(&owner.name);
        if known == Some(owner) {
            return Ok(());
        }
        let revision = known.map_or(0, |known| known.revision);
        if revision != owner.revision {
            return Err(());
        }
        let written = Owner { revision: revision + 1, ..owner.clone() };
        self.owners.insert(owner.name.clone(), written);
        Ok(())
    }

    fn write_identities(&mut self, written: &[Identity]) -> Result<(), ()> {
        let mut seen = BTreeSet::new();
        for identity in written {
            let before = self.identities.get(&identity.id).cloned();
            let revision = before.as_ref().map_or(0, |before| before.revision);
            let is_same = before.is_some_and(|before| before == *identity);
            if !seen.insert(identity.id) || identity.revision != revision {
                return Err(());
            }
            if !is_same {
                let written = Identity { revision: revision + 1, ..identity.clone() };
                self.identities.insert(identity.id, written);
            }
        }
        let mut holders = BTreeMap::new();
        for identity in self.identities.values() {
            for token in identity.versions.iter().filter_map(|version| version.fingerprint) {
                if holders.insert(token, identity.id).is_some_and(|other| other != identity.id) {
                    return Err(());
                }
            }
        }
        for sighting in self.sightings.values_mut() {
            sighting.identity =
                holders.get(&sighting.fingerprint).copied().unwrap_or(sighting.identity);
        }
        Ok(())
    }

    fn see(&mut self, sighting: &Sighting) -> Result<(), ()> {
        let holds = |it: &&Identity| {
            it.versions.iter().any(|v| v.fingerprint == Some(sighting.fingerprint))
        };
        let holder = self.identities.values().find(holds).ok_or(())?;
        let key =
            (sighting.fingerprint.to_string(), sighting.source.clone(), sighting.origin.clone());
        let new = Sighting { identity: holder.id, ..sighting.clone() };
        let looked = |it: &Sighting| match it.presence {
            Presence::Gone { since } => since,
            _ => it.last_seen,
        };
        let Some(old) = self.sightings.get_mut(&key) else {
            self.sightings.insert(key, new);
            return Ok(());
        };
        if looked(&new) >= looked(old) {
            old.presence = new.presence;
        }
        old.first_seen = old.first_seen.min(new.first_seen);
        old.last_seen = old.last_seen.max(new.last_seen);
        Ok(())
    }

    fn exposure(&self, of: IdentityId) -> Exposure {
        let mut exposure = Exposure::default();
        for it in self.sightings.values().filter(|it| it.identity == of) {
            exposure.places += 1;
            if !matches!(it.presence, Presence::Gone { .. }) {
                exposure.present += 1;
                exposure.keepings.insert(it.keeping);
                exposure.sources.insert(it.source.clone());
                exposure.environments.extend(it.environment.clone());
            }
            exposure.in_history += u64::from(it.presence == Presence::InHistory);
        }
        exposure
    }
}

async fn random_commits_do_what_the_model_does(place: Place) {
    let ledger = place.open().await;
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        cases: 40,
        max_shrink_iters: 200,
        ..Config::default()
    });
    let runs = std::cell::Cell::new(0);
    let commits = vec(vec(act(), 1..4), 1..14);
    let result = runner.run(&commits, |commits| {
        // Each run has tokens of its own, in the one ledger.
        runs.set(runs.get() + 1);
        let world = runs.get() * 1000;
        block_in_place(|| Handle::current().block_on(check(&ledger, world, &commits)));
        Ok(())
    });
    result.unwrap();
    is_intact(&ledger).await;
}

async fn check(ledger: &Ledger, world: usize, commits: &[Vec<Act>]) {
    let mut model = Model::default();
    let start = ledger.head().await.unwrap().0;
    let mut refused = 0;
    for acts in commits {
        let changes = changes(acts, world, &model);
        let expected = model.commit(&changes);
        let result = ledger.commit(&changes).await;
        assert_eq!(result.is_ok(), expected.is_ok(), "{acts:?}: {result:?}");
        if let Err(error) = result {
            refused += 1;
            let is_told = matches!(
                error,
                LedgerError::Conflict(_) | LedgerError::Taken { .. } | LedgerError::Unknown(_)
            );
            assert!(is_told, "{error:?}");
        }
    }
    assert!(refused <= commits.len());
    compare(ledger, world, &model).await;
    assert_eq!(ledger.head().await.unwrap().0, start + model.events);
}

async fn compare(ledger: &Ledger, world: usize, model: &Model) {
    let ids: Vec<IdentityId> = (0..5).map(|number| id(world + number)).collect();
    for id in &ids {
        let found = ledger.identity(*id).await.unwrap();
        assert_eq!(found.as_ref(), model.identities.get(id));
    }
    let tokens: Vec<_> =
        (0..13).map(|number| crate::support::things::token(world + number)).collect();
    for (token, holder) in ledger.holders(&tokens).await.unwrap() {
        assert!(holder.versions.iter().any(|version| version.fingerprint == Some(token)));
        assert_eq!(model.identities[&holder.id], holder);
    }
    let exposures = ledger.exposures(&ids).await.unwrap();
    for id in &ids {
        assert_eq!(exposures[id], model.exposure(*id));
    }
    let mut found = Vec::new();
    for number in 0..2 {
        let filter =
            SightingFilter { source: Some(source(world, number)), ..SightingFilter::default() };
        found.extend(ledger.sightings(&filter, &first(1000)).await.unwrap().items);
    }
    let key = |it: &Sighting| (it.fingerprint.to_string(), it.source.clone(), it.origin.clone());
    let found: BTreeMap<_, _> = found.into_iter().map(|it| (key(&it), it)).collect();
    assert_eq!(found, model.sightings);
    let owners = ledger.owners().await.unwrap();
    assert!(model.owners.values().all(|owner| owners.contains(owner)));
    let filter = Filter { text: Some(format!("token-{world}")), ..Filter::default() };
    let named = ledger.identities(&filter, Order::Name, &first(9)).await.unwrap().items;
    assert_eq!(named.len(), usize::from(model.identities.contains_key(&id(world))));
}
