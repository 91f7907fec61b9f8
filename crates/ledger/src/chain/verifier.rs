//! Holds a chain to what it should be, row by row.

use std::collections::{BTreeMap, BTreeSet};

use bearhug_core::chain::{Fault, FaultKind, Verification};
use data_encoding::HEXLOWER;

use super::{Anchor, Checkpoint, GENESIS, PublicKey, link::Content};

/// A row of the chain as it is stored, whatever somebody made of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredEvent {
    /// Its place.
    pub seq: i64,
    /// Microseconds since 1970.
    pub at: i64,
    /// The name of its kind.
    pub kind: String,
    /// Who made it happen.
    pub actor: String,
    /// The identity that it concerns.
    pub identity: Option<String>,
    /// The particulars, as a JSON object.
    pub details: String,
    /// The hash that it says it has, in hexadecimal.
    pub hash: String,
}

impl StoredEvent {
    fn hash(&self) -> Option<[u8; 32]> {
        HEXLOWER.decode(self.hash.as_bytes()).ok()?.try_into().ok()
    }

    /// The hash that its content has after another event's. None if it is no content of an event.
    fn link(&self, previous: &[u8; 32], seq: u64) -> Option<[u8; 32]> {
        // It would have the hash of an event without.
        if self.identity.as_deref() == Some("") {
            return None;
        }
        let details: BTreeMap<String, String> = serde_json::from_str(&self.details).ok()?;
        // A key that stands there twice is read as one or the other, depending on who reads.
        if serde_json::to_string(&details).ok()? != self.details {
            return None;
        }
        let content = Content {
            at: self.at,
            kind: &self.kind,
            actor: &self.actor,
            identity: self.identity.as_deref().unwrap_or_default(),
            details: &details,
        };
        Some(content.link(previous, seq))
    }
}

/// The end of a chain: the place of its last event, and its hash.
pub type Head = (u64, [u8; 32]);

/// Looks through a chain from one place on, and remembers all that is wrong.
#[derive(Debug)]
pub struct Verifier {
    last: u64,
    /// The hash of the row before, if that is known.
    previous: Option<[u8; 32]>,
    hash: [u8; 32],
    events: u64,
    checkpoints: BTreeSet<u64>,
    /// What trusted checkpoints vouch for.
    vouched: BTreeMap<u64, [u8; 32]>,
    anchor: Option<Anchor>,
    head: Option<Head>,
    faults: Faults,
}

impl Verifier {
    /// Starts after an event whose hash is beyond doubt.
    pub fn after((seq, hash): Head) -> Self {
        Self {
            last: seq,
            previous: Some(hash),
            hash,
            events: 0,
            checkpoints: BTreeSet::new(),
            vouched: BTreeMap::new(),
            anchor: None,
            head: None,
            faults: Faults::default(),
        }
    }

    /// Starts at the beginning.
    pub fn from_the_start() -> Self {
        Self::after((0, GENESIS))
    }

    /// Starts with the event in a place, whose hash a checkpoint or an anchor is to say. 0 is the
    /// beginning.
    pub fn starting_at(seq: u64) -> Self {
        match seq {
            0 | 1 => Self::from_the_start(),
            _ => Self { previous: None, ..Self::after((seq - 1, GENESIS)) },
        }
    }

    /// Holds the chain to its checkpoints, of which those by these keys are trusted.
    #[must_use]
    pub fn with_checkpoints(mut self, checkpoints: &[Checkpoint], trusted: &[PublicKey]) -> Self {
        self.checkpoints = checkpoints.iter().map(|checkpoint| checkpoint.seq).collect();
        for checkpoint in checkpoints {
            match checkpoint.signer() {
                None => self.faults.add(checkpoint.seq, FaultKind::Forged),
                Some(key) if !trusted.contains(&key) => {
                    self.faults.add(checkpoint.seq, FaultKind::UnknownKey);
                }
                Some(_) => {
                    self.vouched.insert(checkpoint.seq, checkpoint.hash);
                    self.expect_checkpoint(checkpoint.previous);
                }
            }
        }
        self
    }

    /// Holds the chain to what this computer remembers of it.
    #[must_use]
    pub fn with_anchor(mut self, anchor: Option<Anchor>) -> Self {
        if let Some(anchor) = &anchor {
            self.expect_checkpoint(anchor.checkpoint);
        }
        self.anchor = anchor;
        self
    }

    /// Holds the chain to what the ledger noted of its end before the first row was read.
    #[must_use]
    pub fn with_head(mut self, head: Head) -> Self {
        self.head = Some(head);
        self
    }

    /// What comes before the start is not looked at.
    fn expect_checkpoint(&mut self, seq: u64) {
        if seq > self.last && !self.checkpoints.contains(&seq) {
            self.faults.add(seq, FaultKind::CheckpointMissing);
        }
    }

    /// The next row, in the order of places.
    pub fn read(&mut self, row: &StoredEvent) {
        self.events += 1;
        let seq = match u64::try_from(row.seq) {
            Ok(seq) if seq > self.last => seq,
            unplaced => {
                return self.faults.add(unplaced.unwrap_or_default(), FaultKind::Misplaced);
            }
        };
        if seq > self.last + 1 {
            self.faults.add_all(self.last + 1, seq - 1, FaultKind::Missing);
            self.previous = None;
        }
        let hash = row.hash();
        // What follows a gap has nothing to be held to, but it must be an event.
        let linked = row.link(&self.previous.unwrap_or_default(), seq);
        match (hash, linked) {
            (Some(hash), Some(linked)) if self.previous.is_some() && hash != linked => {
                self.faults.add(seq, FaultKind::Altered);
            }
            (Some(_), Some(_)) => {}
            _ => self.faults.add(seq, FaultKind::Unreadable),
        }
        self.compare(seq, hash);
        self.last = seq;
        self.previous = hash;
        self.hash = hash.unwrap_or_default();
    }

    /// Compares a hash with what others say that it is.
    fn compare(&mut self, seq: u64, hash: Option<[u8; 32]>) {
        if self.vouched.get(&seq).is_some_and(|vouched| Some(*vouched) != hash) {
            self.vouched.remove(&seq);
            self.faults.add(seq, FaultKind::Contradicted);
        }
        let differs = |at, other| at == seq && Some(other) != hash;
        if self.anchor.as_ref().is_some_and(|anchor| differs(anchor.seq, anchor.hash)) {
            self.anchor = None;
            self.faults.add(seq, FaultKind::Rewritten);
        }
        if self.head.is_some_and(|(at, other)| differs(at, other)) {
            self.faults.add(seq, FaultKind::Head);
        }
    }

    /// What all of it came to. `head` is what the ledger noted of its end after the last row was read.
    pub fn finish(mut self, head: Head) -> Verification {
        let last = self.last;
        if let Some(anchor) = self.anchor.take_if(|anchor| anchor.seq > last) {
            self.faults.add_all(last + 1, anchor.seq, FaultKind::Forgotten);
        }
        for seq in self.vouched.split_off(&(last + 1)).into_keys() {
            self.faults.add(seq, FaultKind::CutOff);
        }
        // Events may have been added meanwhile, and none can have gone.
        if self.head.is_some_and(|(noted, _)| noted > last) || head.0 < last {
            self.faults.add(last, FaultKind::Head);
        }
        Verification {
            events: self.events,
            last,
            hash: self.hash,
            checkpoints: self.checkpoints.len() as u64,
            vouched_until: self.vouched.last_key_value().map(|(seq, _)| *seq),
            remembered_until: self.anchor.map(|anchor| anchor.seq),
            faults: self.faults.told(),
            mismatches: Vec::new(),
        }
    }
}

/// Faults, with neighbours of one kind put together.
#[derive(Debug, Default)]
struct Faults {
    open: BTreeMap<FaultKind, (u64, u64)>,
    closed: Vec<Fault>,
}

impl Faults {
    fn add(&mut self, seq: u64, kind: FaultKind) {
        self.add_all(seq, seq, kind);
    }

    fn add_all(&mut self, first: u64, last: u64, kind: FaultKind) {
        let range = self.open.entry(kind).or_insert((first, last));
        if first <= range.1.saturating_add(1) && first >= range.0 {
            range.1 = range.1.max(last);
            return;
        }
        self.closed.push(Fault { first: range.0, last: range.1, kind });
        *range = (first, last);
    }

    fn told(mut self) -> Vec<Fault> {
        let open = self.open.into_iter();
        self.closed.extend(open.map(|(kind, (first, last))| Fault { first, last, kind }));
        self.closed.sort_unstable();
        self.closed
    }
}

#[cfg(test)]
mod tests {
    use bearhug_core::event::{EventKind, Happening};
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;
    use crate::chain::{SigningKey, link};

    const END: u64 = 20;

    /// A chain of twenty events with checkpoints at 5, 10 and 20, and all that is known of it elsewhere.
    #[derive(Clone)]
    struct World {
        rows: Vec<StoredEvent>,
        checkpoints: Vec<Checkpoint>,
        anchor: Anchor,
        head: Head,
        trusted: Vec<PublicKey>,
    }

    fn key(name: &str) -> SigningKey {
        let folder = tempfile::tempdir().unwrap();
        SigningKey::open_or_make(&folder.path().join(name)).unwrap()
    }

    impl World {
        fn new(key: &SigningKey) -> Self {
            let rows: Vec<_> = (1..).map(row).take(usize::try_from(END).unwrap()).collect();
            let mut world = Self {
                rows,
                checkpoints: Vec::new(),
                anchor: Anchor { seq: END, hash: GENESIS, checkpoint: END },
                head: (END, GENESIS),
                trusted: vec![key.public()],
            };
            world.work_out();
            world.anchor.hash = world.hash(END);
            let hash = |seq| world.hash(seq);
            world.checkpoints = [(5, 0), (10, 5), (20, 10)]
                .map(|(seq, previous)| {
                    Checkpoint::sign(key, (seq, hash(seq)), previous, Timestamp::UNIX_EPOCH)
                })
                .to_vec();
            world
        }

        fn hash(&self, seq: u64) -> [u8; 32] {
            self.rows[usize::try_from(seq).unwrap() - 1].hash().unwrap()
        }

        /// Works out all hashes anew, as somebody does who knows how.
        fn work_out(&mut self) {
            let mut previous = GENESIS;
            for (seq, row) in (1..).zip(&mut self.rows) {
                row.seq = i64::try_from(seq).unwrap();
                previous = row.link(&previous, seq).unwrap();
                row.hash = HEXLOWER.encode(&previous);
            }
            self.head = (self.rows.len() as u64, previous);
        }

        fn verified(&self) -> Verification {
            let mut verifier = Verifier::from_the_start()
                .with_checkpoints(&self.checkpoints, &self.trusted)
                .with_anchor(Some(self.anchor.clone()))
                .with_head(self.head);
            self.rows.iter().for_each(|row| verifier.read(row));
            verifier.finish(self.head)
        }

        /// The faults after somebody did something to it.
        fn after(&self, tamper: impl FnOnce(&mut Self)) -> Vec<(u64, u64, &'static str)> {
            let mut world = self.clone();
            tamper(&mut world);
            let faults = world.verified().faults;
            faults.iter().map(|f| (f.first, f.last, f.kind.name())).collect()
        }
    }

    fn row(seq: i64) -> StoredEvent {
        StoredEvent {
            seq,
            at: seq * 1_000_000,
            kind: "identity.moved".to_owned(),
            actor: "ada".to_owned(),
            identity: (seq % 2 == 0).then(|| "id_sample".to_owned()),
            details: format!("{{\"from\":\"active\",\"n\":\"{seq}\"}}"),
            hash: String::new(),
        }
    }

    #[test]
    fn a_stored_row_has_the_hash_that_was_given_to_its_event() {
        let happening = Happening {
            at: Timestamp::from_microsecond(1_000_000).unwrap(),
            kind: EventKind::Moved,
            actor: "ada".to_owned(),
            identity: None,
            details: [("from", "active"), ("n", "1")]
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into(),
        };
        let world = World::new(&key("ours"));
        assert_eq!(world.rows[0].hash(), Some(link(&GENESIS, 1, &happening)));
    }

    #[test]
    fn a_sound_chain_has_no_faults() {
        let world = World::new(&key("ours"));
        let sound = world.verified();
        assert_eq!(sound.faults, []);
        assert_eq!((sound.events, sound.last, sound.checkpoints), (END, END, 3));
        assert_eq!((sound.vouched_until, sound.remembered_until), (Some(END), Some(END)));
        assert_eq!(sound.hash, world.hash(END));
        // Others may write on meanwhile.
        let mut noted = world.clone();
        noted.head = (15, world.hash(15));
        let mut verifier = Verifier::from_the_start().with_head(noted.head);
        world.rows.iter().for_each(|row| verifier.read(row));
        assert_eq!(verifier.finish(world.head).faults, []);
        let mut rest = Verifier::after((10, world.hash(10)));
        world.rows[10..].iter().for_each(|row| rest.read(row));
        assert_eq!(rest.finish(world.head).faults, []);
    }

    #[test]
    fn an_edited_row_is_named_and_no_other() {
        let world = World::new(&key("ours"));
        let edits: [&dyn Fn(&mut StoredEvent); 5] = [
            &|row| row.at += 1,
            &|row| row.kind.push('x'),
            &|row| row.actor = "eve".to_owned(),
            &|row| row.identity = None,
            &|row| row.details = row.details.replace("active", "revoked"),
        ];
        for edit in edits {
            assert_eq!(world.after(|w| edit(&mut w.rows[13])), [(14, 14, "altered")]);
        }
        for details in ["", "[]", "{\"n\":1}", "{\"n\":\"0\",\"from\":\"active\",\"n\":\"14\"}"] {
            let found = world.after(|w| details.clone_into(&mut w.rows[13].details));
            assert_eq!(found, [(14, 14, "unreadable")], "{details}");
        }
        let empty = world.after(|w| w.rows[12].identity = Some(String::new()));
        assert_eq!(empty, [(13, 13, "unreadable")]);
        let both = world.after(|w| {
            w.rows[2].at = 0;
            w.rows[3].at = 0;
            w.rows[6].actor.clear();
        });
        assert_eq!(both, [(3, 4, "altered"), (7, 7, "altered")]);
    }

    #[test]
    fn rows_that_went_came_or_changed_places() {
        let world = World::new(&key("ours"));
        assert_eq!(world.after(|w| drop(w.rows.remove(6))), [(7, 7, "missing")]);
        assert_eq!(world.after(|w| drop(w.rows.drain(6..9))), [(7, 9, "missing")]);
        let swapped = world.after(|w| {
            w.rows.swap(6, 7);
            let seq = w.rows[6].seq;
            w.rows[6].seq = std::mem::replace(&mut w.rows[7].seq, seq);
        });
        assert_eq!(swapped, [(7, 9, "altered")]);
        let inserted = world.after(|w| {
            w.rows.insert(6, w.rows[6].clone());
            w.rows[7..].iter_mut().for_each(|row| row.seq += 1);
        });
        assert!(inserted.contains(&(8, 21, "altered")), "{inserted:?}");
        assert!(inserted.contains(&(20, 20, "rewritten")), "{inserted:?}");
        let stray = world.after(|w| w.rows.insert(0, StoredEvent { seq: 0, ..row(1) }));
        assert_eq!(stray, [(0, 0, "misplaced")]);
        assert_eq!(world.after(|w| w.rows.insert(3, w.rows[2].clone())), [(3, 3, "misplaced")]);
    }

    #[test]
    fn an_end_that_was_cut_off() {
        let world = World::new(&key("ours"));
        let cut = |w: &mut World| {
            w.rows.truncate(17);
            w.head = (17, w.hash(17));
        };
        assert_eq!(world.after(|w| w.rows.truncate(17))[0], (17, 17, "head"));
        assert_eq!(world.after(cut), [(18, 20, "forgotten"), (20, 20, "cut_off")]);
        let with_checkpoint = world.after(|w| {
            cut(w);
            w.checkpoints.pop();
        });
        assert_eq!(with_checkpoint, [(18, 20, "forgotten"), (20, 20, "checkpoint_missing")]);
        let all = world.after(|w| {
            w.rows.clear();
            w.checkpoints.clear();
            w.head = (0, GENESIS);
        });
        assert_eq!(all, [(1, 20, "forgotten"), (20, 20, "checkpoint_missing")]);
    }

    #[test]
    fn a_chain_that_was_worked_out_anew() {
        let world = World::new(&key("ours"));
        let edit = |w: &mut World| {
            w.rows[7].actor = "eve".to_owned();
            w.work_out();
        };
        let found = world.after(edit);
        let expected = [(10, 10, "contradicted"), (20, 20, "contradicted"), (20, 20, "rewritten")];
        assert_eq!(found, expected);
        let without_checkpoints = world.after(|w| {
            edit(w);
            w.checkpoints.truncate(1);
        });
        assert_eq!(without_checkpoints, [(20, 20, "checkpoint_missing"), (20, 20, "rewritten")]);
        let signed_anew = world.after(|w| {
            edit(w);
            let eve = key("eve");
            let heads = [(10, w.hash(10)), (20, w.hash(20))];
            w.checkpoints[1] = Checkpoint::sign(&eve, heads[0], 5, Timestamp::UNIX_EPOCH);
            w.checkpoints[2] = Checkpoint::sign(&eve, heads[1], 10, Timestamp::UNIX_EPOCH);
        });
        let expected = [(10, 10, "unknown_key"), (20, 20, "unknown_key"), (20, 20, "rewritten")];
        assert_eq!(signed_anew, expected);
    }

    #[test]
    fn checkpoints_that_were_forged_or_taken_away() {
        let world = World::new(&key("ours"));
        let forged = world.after(|w| w.checkpoints[1].signature[0] ^= 1);
        assert_eq!(forged, [(10, 10, "forged")]);
        assert_eq!(world.after(|w| w.checkpoints[1].seq = 11)[0], (10, 10, "checkpoint_missing"));
        let taken = world.after(|w| drop(w.checkpoints.remove(1)));
        assert_eq!(taken, [(10, 10, "checkpoint_missing")]);
        let last = world.after(|w| drop(w.checkpoints.pop()));
        assert_eq!(last, [(20, 20, "checkpoint_missing")]);
        assert_eq!(world.after(|w| w.trusted.clear()).len(), 3, "none of them is trusted");
    }

    proptest! {
        /// Whatever single byte of whatever row is changed, and with whatever is the same, it is found.
        #[test]
        fn no_change_goes_unseen(at in 0_usize..20, field in 0_usize..6, with: u8) {
            let world = World::new(&key("ours"));
            let mut changed = world.clone();
            let row = &mut changed.rows[at];
            match field {
                0 => row.seq += i64::from(with),
                1 => row.at += i64::from(with),
                2 => row.kind.push(with.into()),
                3 => row.actor.insert(0, with.into()),
                4 => row.identity = Some(char::from(with).to_string()),
                _ => row.hash.replace_range(usize::from(with % 64)..=usize::from(with % 64), "0"),
            }
            prop_assert_eq!(changed.rows == world.rows, changed.verified().is_sound());
        }
    }
}
