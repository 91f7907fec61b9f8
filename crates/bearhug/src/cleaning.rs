//! Keeping tokens out of what is recorded of the Hub's answers: somebody may have named theirs like one.

use bearhug_detect::{Detector, Options};
use bearhug_guard::{census::Said, hunt::redacted};
use bearhug_hub::Reason;
use serde::{Serialize, de::DeserializeOwned};

use crate::hub::Standing;

/// Redacts whatever the Hub tells, before it is compared with what is recorded.
pub(crate) struct Cleaner {
    detector: Detector,
}

impl Cleaner {
    pub(crate) fn new() -> Self {
        Self { detector: Detector::new(Options::default()) }
    }

    pub(crate) fn text(&self, text: &str) -> String {
        redacted(&self.detector, text)
    }

    pub(crate) fn maybe(&self, text: Option<&String>) -> Option<String> {
        text.map(|text| self.text(text))
    }

    /// The same with every name in it redacted. None if it cannot be told without its tokens.
    pub(crate) fn whole<T: Serialize + DeserializeOwned>(&self, told: &T) -> Option<T> {
        let text = serde_json::to_string(told).ok()?;
        serde_json::from_str(&self.text(&text)).ok()
    }

    /// What whoami said, as it may be recorded; or why nothing can be, in a sentence without a full stop.
    pub(crate) fn said(&self, standing: Standing) -> Result<Said, String> {
        match standing {
            Standing::Live(whoami) => match self.whole(&whoami.grant) {
                Some(grant) => Ok(Said::Alive(Box::new(grant))),
                None => Err("the answer is full of tokens and cannot be recorded".to_owned()),
            },
            Standing::Dead(refused) if refused.reason == Reason::ExpiredToken => Ok(Said::Expired),
            Standing::Dead(_) => Ok(Said::Unknown),
            Standing::Unanswered(why) => Err(why),
        }
    }
}
