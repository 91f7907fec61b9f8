//! What whoami said not long ago, by fingerprint.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bearhug_core::Fingerprint;
use tokio::time::{Duration, Instant};

use super::Whoami;

/// How many answers are kept before those that are out of date are dropped.
const ANSWERS: usize = 4096;

/// Answers of whoami. They are held in memory and nowhere else, and never the token.
#[derive(Debug)]
pub(crate) struct Memory {
    lasts: Duration,
    answers: Mutex<BTreeMap<Fingerprint, (Instant, Arc<Whoami>)>>,
}

impl Memory {
    pub(crate) fn new(lasts: Duration) -> Self {
        Self { lasts, answers: Mutex::default() }
    }

    /// An answer that is recent enough.
    pub(crate) fn recall(&self, token: Fingerprint) -> Option<Arc<Whoami>> {
        let answers = self.locked();
        let (told, answer) = answers.get(&token)?;
        (told.elapsed() < self.lasts).then(|| Arc::clone(answer))
    }

    pub(crate) fn keep(&self, token: Fingerprint, answer: Arc<Whoami>) {
        let mut answers = self.locked();
        if answers.len() >= ANSWERS {
            answers.retain(|_, (told, _)| told.elapsed() < self.lasts);
        }
        answers.insert(token, (Instant::now(), answer));
    }

    pub(crate) fn forget(&self, token: Fingerprint) {
        self.locked().remove(&token);
    }

    fn locked(&self) -> MutexGuard<'_, BTreeMap<Fingerprint, (Instant, Arc<Whoami>)>> {
        // A panic elsewhere leaves whole answers.
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
