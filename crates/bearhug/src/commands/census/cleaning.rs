//! Keeping tokens out of what is recorded of the Hub's answers: somebody may have named theirs like one.

use bearhug_detect::{Detector, Options};
use bearhug_guard::hunt::redacted;
use serde::{Serialize, de::DeserializeOwned};

/// Redacts whatever the Hub tells, before it is compared with what is recorded.
pub(super) struct Cleaner {
    detector: Detector,
}

impl Cleaner {
    pub(super) fn new() -> Self {
        Self { detector: Detector::new(Options::default()) }
    }

    pub(super) fn text(&self, text: &str) -> String {
        redacted(&self.detector, text)
    }

    pub(super) fn maybe(&self, text: Option<&String>) -> Option<String> {
        text.map(|text| self.text(text))
    }

    /// The same with every name in it redacted. None if it cannot be told without its tokens.
    pub(super) fn whole<T: Serialize + DeserializeOwned>(&self, told: &T) -> Option<T> {
        let text = serde_json::to_string(told).ok()?;
        serde_json::from_str(&self.text(&text)).ok()
    }
}
