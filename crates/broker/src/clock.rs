//! What time it is, for leases that must end.

use std::{
    fmt,
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};

/// A wall clock that is watched by a monotonic one: set back, it goes on as if it had not been, since a
/// lease must not live longer for it. Set forward, or after the computer slept, it is believed.
pub struct Clock {
    wall: Box<dyn Fn() -> Timestamp + Send + Sync>,
    first: Timestamp,
    since: Instant,
}

impl Clock {
    /// Starts to watch a wall clock.
    pub fn new(wall: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        let first = wall();
        Self { wall: Box::new(wall), first, since: Instant::now() }
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.since.elapsed()).unwrap_or(SignedDuration::MAX);
        let least = self.first.checked_add(passed).unwrap_or(Timestamp::MAX);
        (self.wall)().max(least)
    }

    /// How long it is until then: nothing if that is past.
    pub(crate) fn until(&self, then: Timestamp) -> Duration {
        Duration::try_from(then.duration_since(self.now())).unwrap_or(Duration::ZERO)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    };

    use super::*;

    #[test]
    fn a_clock_that_is_set_back_gains_nothing() {
        let seconds = Arc::new(AtomicI64::new(1_000));
        let shown = Arc::clone(&seconds);
        let wall = move || Timestamp::from_second(shown.load(Ordering::Relaxed)).unwrap();
        let clock = Clock::new(wall);
        seconds.store(10, Ordering::Relaxed);
        assert!(clock.now() >= Timestamp::from_second(1_000).unwrap());
        seconds.store(5_000, Ordering::Relaxed);
        assert_eq!(clock.now(), Timestamp::from_second(5_000).unwrap());
    }
}
