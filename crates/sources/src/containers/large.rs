//! Files that are too large for a buffer: what they hold is read from where they lie, and their own
//! bytes are left to whoever reads them piece by piece.

use std::io::SeekFrom;

use bearhug_core::{Blob, Container, Gap, GapReason, Lead, Origin, Step};

use super::{
    Opener, Seekable, archives,
    budget::Budget,
    formats::{Rest, rest_of},
    inside::{Cut, Ended, Level},
    recognise::recognise,
};

impl Opener<'_> {
    /// Delivers what a file holds that starts with `head` and is too large for a buffer. Returns
    /// what is to be done with its own bytes.
    pub(crate) fn file(
        &self,
        file: &mut dyn Seekable,
        head: &[u8],
        (origin, budget): (&Origin, Option<&Budget>),
    ) -> Rest {
        let Some(budget) = budget else { return Rest::Search };
        let level = Level { origin, depth: 0, budget };
        let Some(container) = recognise(head, &origin.path) else {
            return self.archive_behind(file, level);
        };
        if container == Container::Notebook {
            let delivered = self.whole_file(file, level).is_ok_and(|delivered| delivered);
            return if delivered { Rest::Nothing } else { Rest::Follow };
        }
        let outcome = self.open(container, file, level);
        let rest = if outcome.is_ok() { rest_of(container) } else { Rest::Follow };
        let ended = self.report(outcome, level);
        match rest {
            Rest::Nothing => self.done(),
            Rest::Follow if ended.is_err() => return Rest::Search,
            Rest::Follow | Rest::Search => {}
        }
        rest
    }

    /// The budget of a file of `size` bytes, if what it holds is read.
    pub(crate) fn budget(&self, size: u64) -> Option<Budget> {
        self.reading.containers.map(|limits| Budget::new(limits, size))
    }

    /// Opens the archive that a file ends with, if it does: a program that unpacks itself.
    fn archive_behind(&self, file: &mut dyn Seekable, level: Level<'_>) -> Rest {
        if !archives::zip::ends_with_one(file).unwrap_or(false) {
            return Rest::Follow;
        }
        match self.open(Container::Zip, file, level) {
            Err(Cut::Gap(_)) => Rest::Follow,
            outcome => {
                drop(self.report(outcome, level));
                Rest::Search
            }
        }
    }

    /// Opens what is embedded in a piece of a large file. Returns what reaches out of the piece.
    pub(crate) fn piece(
        &self,
        leads: &[Lead],
        blob: &Blob<'_>,
        budget: Option<&Budget>,
    ) -> Vec<Lead> {
        let Some(budget) = budget.filter(|_| !leads.is_empty()) else { return Vec::new() };
        let level = Level { origin: blob.origin, depth: 0, budget };
        let goes_on = blob.own.end < blob.bytes.len();
        self.follow(leads, (blob, goes_on), level).unwrap_or_default()
    }

    /// Opens what reaches out of a piece of a large file. `blob` starts where it does and is as much
    /// of the file as may be held, and `goes_on` says whether there is more.
    pub(crate) fn reaching(&self, lead: Lead, (blob, goes_on): (&Blob<'_>, bool), budget: &Budget) {
        let level = Level { origin: blob.origin, depth: 0, budget };
        let start = Lead { at: 0, ..lead };
        if let Ok(cut) = self.follow(&[start], (blob, goes_on), level) {
            self.report_cut(&cut, blob, budget.limits().held);
        }
    }

    /// Says what could not be held to be opened.
    pub(super) fn report_cut(&self, cut: &[Lead], blob: &Blob<'_>, limit: u64) {
        for lead in cut {
            let origin = blob.origin.then(Step::Offset(blob.offset + lead.at as u64));
            self.sink.gap(Gap { origin, reason: GapReason::TooLargeToHold { limit } });
        }
    }

    /// Delivers a file as one piece if it may be held, and says whether.
    fn whole_file(&self, file: &mut dyn Seekable, level: Level<'_>) -> std::io::Result<bool> {
        file.seek(SeekFrom::Start(0))?;
        let mut bytes = Vec::new();
        let hold = level.budget.hold(&mut bytes, file)?;
        if hold.is_some() {
            let _: Result<(), Ended> = self.memory(&bytes, level);
            self.done();
        }
        Ok(hold.is_some())
    }
}
