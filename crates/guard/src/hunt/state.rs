//! What earlier hunts have read of histories, so that the next reads only what is new.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

const SCHEMA: &str = "bearhug.state/1";

/// The packs and loose objects that were read, by the path of their repository.
pub type Read = BTreeMap<String, BTreeSet<String>>;

/// What was read, and by which detector: another one may find what this one did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    schema: String,
    detector: String,
    repositories: Read,
}

/// Why a text is no state.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// It is not the JSON of a state.
    #[error("it is not a state's JSON")]
    Json(#[from] serde_json::Error),
    /// It is of another version.
    #[error("its schema is `{0}`, and this version of bearhug reads `{SCHEMA}`")]
    Schema(String),
}

impl State {
    /// Nothing has been read by this detector.
    pub fn new(detector: String) -> Self {
        Self { schema: SCHEMA.to_owned(), detector, repositories: Read::new() }
    }

    /// Reads a state. What another detector has read counts as not read.
    ///
    /// # Errors
    ///
    /// If the text is not a state of this version.
    pub fn parse(text: &str, detector: String) -> Result<Self, StateError> {
        let state: Self = serde_json::from_str(text)?;
        if state.schema != SCHEMA {
            return Err(StateError::Schema(state.schema));
        }
        Ok(if state.detector == detector { state } else { Self::new(detector) })
    }

    /// What has been read.
    pub fn read(&self) -> &Read {
        &self.repositories
    }

    /// The state after another hunt, which met these repositories as they are now.
    #[must_use]
    pub fn after(mut self, read: Read) -> Self {
        self.repositories.extend(read);
        self
    }

    /// Writes the state.
    ///
    /// # Errors
    ///
    /// If it cannot be written as JSON, which none is known to cause.
    pub fn to_text(&self) -> Result<String, StateError> {
        Ok(serde_json::to_string(self)? + "\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_as_it_was_written_and_only_for_its_detector() {
        let read = Read::from([("/x".to_owned(), BTreeSet::from(["pack-1.pack".to_owned()]))]);
        let state = State::new("1".to_owned()).after(read.clone());
        let text = state.to_text().unwrap();
        assert_eq!(*State::parse(&text, "1".to_owned()).unwrap().read(), read);
        assert!(State::parse(&text, "2".to_owned()).unwrap().read().is_empty());
        assert!(State::parse("{}", "1".to_owned()).is_err());
        assert!(State::parse(&text.replace("state/1", "state/2"), "1".to_owned()).is_err());
    }
}
