//! An image archive: what `docker save` writes, or an OCI layout in a tar, compressed or not.

use std::{fs::File, path::PathBuf};

use bearhug_core::{Gap, GapReason, Name, Sink, Source};

use super::{ImageError, plan};
use crate::{
    Reading,
    containers::{
        Opener,
        images::{Plan, Unsurveyed, survey_file},
    },
    files::{file_origin, shown},
};

/// A file that is read as an archive of images.
#[derive(Debug)]
pub struct Archive {
    path: PathBuf,
    plan: Plan,
    reading: Reading,
}

impl Archive {
    /// Prepares to read the images of a tag, or all of them. The file is read through if it is
    /// compressed.
    ///
    /// # Errors
    ///
    /// If it cannot be read, is no image archive or holds no image of that tag.
    pub fn open(path: PathBuf, tag: Option<&str>, reading: Reading) -> Result<Self, ImageError> {
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(source) => return Err(ImageError::Unreadable { path, source }),
        };
        match survey_file(&mut file, reading.containers.unwrap_or_default()) {
            Ok(catalogue) => Ok(Self { plan: plan(&catalogue, path.clone(), tag)?, path, reading }),
            Err(Unsurveyed::TooLarge { limit }) => Err(ImageError::TooLarge { path, limit }),
            Err(Unsurveyed::Failed(error)) => {
                Err(ImageError::NoImage { path, source: Some(error) })
            }
        }
    }
}

impl Source for Archive {
    fn walk(&self, sink: &dyn Sink) {
        let path = shown(&self.path);
        let origin = file_origin(sink.name(Name { within: None, path: &path, own_from: 0 }));
        match File::open(&self.path) {
            Ok(mut file) => {
                let opener = Opener { sink, reading: self.reading };
                opener.image_file(&mut file, &self.plan, &origin);
            }
            Err(error) => {
                let reason = GapReason::Unreadable(error.to_string());
                sink.gap(Gap { origin, reason });
            }
        }
    }
}
