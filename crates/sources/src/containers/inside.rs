//! What the reader of a container works with.

use std::io::{self, Read};

use bearhug_core::{Container, Gap, GapReason, Name, Origin, Step};

use super::{
    Opener,
    budget::{Budget, Metered},
};

/// Where in the nest something is read.
#[derive(Clone, Copy)]
pub(super) struct Level<'a> {
    pub(super) origin: &'a Origin,
    /// How many containers are around it.
    pub(super) depth: u8,
    pub(super) budget: &'a Budget,
}

/// The reading of a file is over: its budget is spent, which has been reported, or the user stopped
/// the hunt.
#[derive(Debug)]
pub(super) struct Ended;

/// Why the reading of one container ended early.
#[derive(Debug)]
pub(super) enum Cut {
    /// This container cannot be read, or not to its end. Others can.
    Gap(GapReason),
    /// Nothing more is read.
    Ended,
}

impl Cut {
    pub(super) fn damaged(error: &dyn std::fmt::Display) -> Self {
        Self::Gap(GapReason::Damaged(error.to_string()))
    }
}

impl From<io::Error> for Cut {
    fn from(error: io::Error) -> Self {
        Self::damaged(&error)
    }
}

impl From<Ended> for Cut {
    fn from(_: Ended) -> Self {
        Self::Ended
    }
}

/// A container that is being read, and where what it holds goes.
pub(super) struct Inside<'a> {
    pub(super) opener: &'a Opener<'a>,
    pub(super) container: Container,
    pub(super) level: Level<'a>,
}

impl Inside<'_> {
    /// Delivers a part under its name, and what that holds in turn. Damage to it is reported, and
    /// does not hide the parts after it.
    pub(super) fn part(&self, name: &str, content: &mut dyn Read) -> Result<(), Ended> {
        self.level.budget.count_part();
        let origin = self.level.origin.then(Step::Part(self.container, self.printable(name)));
        let level = Level { origin: &origin, ..self.level };
        let outcome = self.opener.content(content, level);
        self.opener.report(outcome, level)
    }

    /// Delivers the content of a container that holds but one.
    pub(super) fn only_part(&self, content: &mut dyn Read) -> Result<(), Cut> {
        let origin = self.level.origin.then(Step::Unpacked(self.container));
        self.opener.content(content, Level { origin: &origin, ..self.level })
    }

    /// Delivers the text of a part, put together from the pieces that it is written in. The part has a
    /// name that we gave it.
    pub(super) fn text_of(&self, name: &str, mut text: &[u8]) -> Result<(), Ended> {
        let part = self.level.origin.then(Step::Part(self.container, name.to_owned()));
        let origin = part.then(Step::Unpacked(Container::Markup));
        let level = Level { origin: &origin, ..self.level };
        self.opener.report(self.opener.content(&mut text, level), level)
    }

    /// Counts what is unpacked on the way to a part.
    pub(super) fn metered<R: Read>(&self, content: R) -> Metered<'_, R> {
        Metered { inner: content, budget: self.level.budget, sink: self.opener.sink }
    }

    /// Delivers what a part consists of, as parts of it.
    pub(super) fn within(
        &self,
        name: &str,
        deliver: impl FnOnce(&Inside<'_>) -> Result<(), Ended>,
    ) -> Result<(), Ended> {
        let origin = self.level.origin.then(Step::Part(self.container, self.printable(name)));
        deliver(&Inside { level: Level { origin: &origin, ..self.level }, ..*self })
    }

    /// Says that a part cannot be read.
    pub(super) fn unread(&self, name: &str, reason: GapReason) -> Result<(), Ended> {
        self.level.budget.count_part();
        let origin = self.level.origin.then(Step::Part(self.container, self.printable(name)));
        self.opener.report(Err(Cut::Gap(reason)), Level { origin: &origin, ..self.level })
    }

    /// Searches a name and returns it as it may be printed.
    fn printable(&self, name: &str) -> String {
        let within = Some((self.level.origin, self.container));
        self.opener.sink.name(Name { within, path: name, own_from: 0 })
    }

    /// Says that this container was not read to its end, although some other way to read it is left.
    pub(super) fn cut(&self, cut: Cut) -> Result<(), Ended> {
        self.opener.report(Err(cut), self.level)
    }

    /// Says that something about this container was not read.
    pub(super) fn gap(&self, reason: GapReason) {
        self.opener.sink.gap(Gap { origin: self.level.origin.clone(), reason });
    }
}
