//! Images that were named as such, and not met.

use std::{
    fs::File,
    io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom},
};

use bearhug_core::{Container, GapReason, Origin, Step};

use super::{
    Catalogue, Plan, config,
    plan::Role,
    tar::{not_understood, read, survey, survey_stream},
};
use crate::containers::{
    Limits, Opener,
    budget::{Budget, Earning, Metered, most_unpacked},
    compressed,
    inside::{Cut, Inside, Level},
    recognise::recognise,
    stopping::Stopping,
};

/// How much of a file is looked at to see how it is compressed.
const HEAD: u64 = 4096;

/// Why it is not known which images a file holds.
pub(crate) enum Unsurveyed {
    /// It unpacks to more than may be.
    TooLarge {
        /// The limit in force, in bytes.
        limit: u64,
    },
    /// It cannot be read, or is no tar.
    Failed(io::Error),
}

impl From<io::Error> for Unsurveyed {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// Finds out which images a file holds that is a tar, compressed or not.
pub(crate) fn survey_file(file: &mut File, limits: Limits) -> Result<Catalogue, Unsurveyed> {
    let limit = most_unpacked(limits, file.metadata()?.len());
    let Some(container) = compression(file)? else { return Ok(survey(file)?) };
    let decoder = compressed::decoder(container, BufReader::new(file), 1);
    let Ok(Some(decoder)) = decoder else {
        return Err(io::Error::other("it cannot be unpacked").into());
    };
    let mut unpacked = decoder.take(limit);
    let catalogue = survey_stream(&mut unpacked);
    if unpacked.limit() == 0 { Err(Unsurveyed::TooLarge { limit }) } else { Ok(catalogue?) }
}

/// How a file is compressed, if it is.
fn compression(file: &mut File) -> io::Result<Option<Container>> {
    let mut head = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.by_ref().take(HEAD).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(recognise(&head, "").filter(|container| compressed::is_compression(*container)))
}

impl Opener<'_> {
    /// Delivers what a plan names of a tar, which may be compressed.
    pub(crate) fn image_file(&self, file: &mut File, plan: &Plan, origin: &Origin) {
        let size = file.metadata().map_or(0, |metadata| metadata.len());
        let compression = compression(file);
        let mut file = Stopping { inner: file, sink: self.sink };
        match compression {
            Ok(None) => self.image(origin, size, &mut |inside| {
                tell_of_cut(inside, plan);
                read(inside, &mut file, plan)
            }),
            Ok(Some(container)) => {
                let origin = origin.then(Step::Unpacked(container));
                self.image(&origin, size, &mut |inside| {
                    tell_of_cut(inside, plan);
                    let decoder = compressed::decoder(container, BufReader::new(&mut file), 1)?;
                    let Some(mut decoder) = decoder else { return Ok(()) };
                    let (budget, sink) = (inside.level.budget, self.sink);
                    read(inside, &mut Metered { inner: &mut decoder, budget, sink }, plan)
                });
            }
            Err(error) => self.image(origin, size, &mut |_| {
                Err(Cut::Gap(GapReason::Unreadable(error.to_string())))
            }),
        }
    }

    /// Delivers an image that an engine describes, and then the tar that it exports.
    pub(crate) fn image_stream(
        &self,
        description: &[u8],
        tar: &mut dyn Read,
        plan: &Plan,
        origin: &Origin,
    ) {
        self.image(origin, 0, &mut |inside| {
            config::read(inside, "config", &mut &*description)?;
            let mut tar = Stopping { inner: &mut *tar, sink: self.sink };
            read(inside, &mut Earning { inner: &mut tar, budget: inside.level.budget }, plan)
        });
    }

    /// Delivers what a plan names of a layout whose files `open` opens.
    pub(crate) fn image_layout(
        &self,
        open: &dyn Fn(&str) -> io::Result<File>,
        plan: &Plan,
        origin: &Origin,
    ) {
        let size = |path| open(path).and_then(|file| file.metadata()).map_or(0, |m| m.len());
        let total = plan.paths().map(size).fold(0, u64::saturating_add);
        self.image(origin, total, &mut |inside| {
            tell_of_cut(inside, plan);
            for path in plan.paths() {
                let Some((role, name)) = plan.member(path) else { continue };
                let file = open(path).map(|inner| Stopping { inner, sink: self.sink });
                match (file, role) {
                    (Ok(mut file), Some(Role::Config)) => config::read(inside, &name, &mut file)?,
                    (Ok(mut file), Some(Role::Unread)) => not_understood(inside, &name, &mut file)?,
                    // An index may list what is for other platforms and elsewhere.
                    (Err(error), Some(Role::Unread)) if error.kind() == ErrorKind::NotFound => {}
                    (Ok(mut file), _) => inside.part(&name, &mut file)?,
                    (Err(error), _) => {
                        inside.unread(&name, GapReason::Unreadable(error.to_string()))?;
                    }
                }
            }
            Ok(())
        });
    }

    fn image(
        &self,
        origin: &Origin,
        size: u64,
        read: &mut dyn FnMut(&Inside<'_>) -> Result<(), Cut>,
    ) {
        let budget = Budget::new(self.reading.containers.unwrap_or_default(), size);
        let level = Level { origin, depth: 0, budget: &budget };
        let outcome = self.enter(Container::Image, level).and_then(|inside| read(&inside));
        if self.report(outcome, level).is_ok() {
            self.sink.done();
        }
    }
}

fn tell_of_cut(inside: &Inside<'_>, plan: &Plan) {
    if plan.is_cut() {
        inside.gap(GapReason::Damaged(
            "it lists more images or layers than are told apart".to_owned(),
        ));
    }
}
