//! Asking the Hub no faster than it allows.
//!
//! The Hub counts requests in windows of five minutes: for each owner of a token, and for each
//! network address of those who show none or a dead one
//! (<https://huggingface.co/docs/hub/rate-limits>). It tells what is left in every response. Besides,
//! whoami has a limit of its own for each address, which is strict and not documented, so those
//! questions are also spread over time from the start.

mod headers;

use std::{collections::BTreeMap, sync::Mutex};

use bearhug_core::Fingerprint;
use reqwest::{StatusCode, header::HeaderMap};
use tokio::time::{Duration, Instant, sleep_until};

use crate::settings::WaitNotice;

/// How long to leave the Hub alone when it says 429 and not for how long.
const UNSTATED: Duration = Duration::from_mins(1);
/// However soon the Hub says to come back after a 429, not sooner than this.
const SHORTEST: Duration = Duration::from_secs(1);
/// How many windows are remembered before those that ended are forgotten.
const WINDOWS: usize = 1024;

/// How fast to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// The longest that one request waits for the Hub's limits, all its waits together.
    pub patience: Duration,
    /// How many whoami questions may be asked at once, after a time without any.
    pub whoami_burst: u32,
    /// The least time from one whoami question to the next, in the long run.
    pub whoami_interval: Duration,
}

impl Default for Pace {
    /// Patience for one window of the Hub, and whoami at the rate that strangers are allowed for the
    /// whole API, which is 500 in five minutes.
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(330),
            whoami_burst: 10,
            whoami_interval: Duration::from_millis(600),
        }
    }
}

/// Which of the Hub's limits a request falls under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Those of the API.
    Api,
    /// Those of the API, and whoami's own.
    Whoami,
}

/// Who asks: a token, or whoever has this network address.
pub(crate) type Caller = Option<Fingerprint>;

/// The Hub wants to be left alone for longer than the patience lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong(pub(crate) Duration);

/// Knows when the next request may be sent.
#[derive(Debug)]
pub(crate) struct Pacer {
    pace: Pace,
    waits: WaitNotice,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    windows: BTreeMap<Caller, Window>,
    /// No whoami before this, by the Hub's word.
    whoami_closed_until: Option<Instant>,
    /// When the whoami questions that were let through would all have been asked at the steady pace.
    whoami_paid_until: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    remaining: u64,
    ends: Instant,
}

impl Pacer {
    pub(crate) fn new(pace: Pace, waits: WaitNotice) -> Self {
        Self { pace, waits, state: Mutex::default() }
    }

    /// The longest that one request may wait.
    pub(crate) fn patience(&self) -> Duration {
        self.pace.patience
    }

    /// Waits until a request may be sent and counts it. Returns how long the Hub's limits, not our
    /// own pace, had it wait.
    pub(crate) async fn admit(
        &self,
        lane: Lane,
        caller: Caller,
        patience: Duration,
    ) -> Result<Duration, TooLong> {
        let start = Instant::now();
        loop {
            let now = Instant::now();
            let opens = match self.locked().reserve(lane, caller, now) {
                Ok(()) => break,
                Err(opens) => opens,
            };
            let spent = now.duration_since(start);
            let wait = opens.duration_since(now);
            if spent + wait > patience {
                return Err(TooLong(wait));
            }
            self.waits.give(wait);
            sleep_until(opens).await;
        }
        let waited = start.elapsed();
        if lane == Lane::Whoami {
            let turn = self.locked().whoami_turn(self.pace, Instant::now());
            sleep_until(turn).await;
        }
        Ok(waited)
    }

    /// Takes note of what a response says. A caller whose token the Hub does not know is counted by
    /// network address.
    pub(crate) fn learn(
        &self,
        lane: Lane,
        caller: Caller,
        status: StatusCode,
        headers: &HeaderMap,
    ) {
        let now = Instant::now();
        let counted = if status == StatusCode::UNAUTHORIZED { None } else { caller };
        let mut state = self.locked();
        if let Some(quota) = headers::quota(headers) {
            state.note(counted, Window { remaining: quota.remaining, ends: now + quota.resets_in });
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            let stated = headers::retry_after(headers)
                .or_else(|| headers::quota(headers).map(|quota| quota.resets_in));
            let ends = now + stated.unwrap_or(UNSTATED).max(SHORTEST);
            state.windows.insert(caller, Window { remaining: 0, ends });
            if lane == Lane::Whoami {
                state.whoami_closed_until = Some(ends);
            }
        }
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, State> {
        // A panic elsewhere leaves counts that are at worst out of date.
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl State {
    /// Counts a request, or says when to ask again.
    fn reserve(&mut self, lane: Lane, caller: Caller, now: Instant) -> Result<(), Instant> {
        if lane == Lane::Whoami {
            let closed =
                self.whoami_closed_until.into_iter().chain(self.exhausted(None, now)).max();
            if let Some(opens) = closed.filter(|opens| *opens > now) {
                return Err(opens);
            }
        }
        if let Some(opens) = self.exhausted(caller, now) {
            return Err(opens);
        }
        if let Some(window) = self.windows.get_mut(&caller) {
            window.remaining = window.remaining.saturating_sub(1);
        }
        Ok(())
    }

    /// When the window of a caller who may ask no more ends.
    fn exhausted(&mut self, caller: Caller, now: Instant) -> Option<Instant> {
        let window = *self.windows.get(&caller)?;
        if window.ends <= now {
            self.windows.remove(&caller);
            return None;
        }
        (window.remaining == 0).then_some(window.ends)
    }

    /// Responses may come in another order than they were written in, so within one window the
    /// lowest count holds.
    fn note(&mut self, caller: Caller, told: Window) {
        if self.windows.len() >= WINDOWS {
            let now = Instant::now();
            self.windows.retain(|_, window| window.ends > now);
        }
        // The Hub tells whole seconds, so two reports of one window differ by up to one.
        let slack = Duration::from_secs(1);
        let window = self.windows.entry(caller).or_insert(told);
        if told.ends > window.ends + slack {
            *window = told;
        } else {
            window.remaining = window.remaining.min(told.remaining);
        }
    }

    /// When the next whoami may be asked at our own pace, which it then takes up.
    fn whoami_turn(&mut self, pace: Pace, now: Instant) -> Instant {
        let paid_until = self.whoami_paid_until.unwrap_or(now).max(now) + pace.whoami_interval;
        self.whoami_paid_until = Some(paid_until);
        let credit = pace.whoami_interval.saturating_mul(pace.whoami_burst.max(1));
        paid_until.checked_sub(credit).map_or(now, |turn| turn.max(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                let name = reqwest::header::HeaderName::from_static(name);
                (name, reqwest::header::HeaderValue::from_static(value))
            })
            .collect()
    }

    async fn time_of(pacer: &Pacer, lane: Lane, caller: Caller) -> Result<f64, TooLong> {
        let start = Instant::now();
        pacer.admit(lane, caller, pacer.patience()).await?;
        Ok(start.elapsed().as_secs_f64())
    }

    #[tokio::test(start_paused = true)]
    async fn waits_for_the_window_when_nothing_is_left_and_for_that_caller_alone() {
        let pacer = Pacer::new(Pace::default(), WaitNotice::default());
        let one = Some(Fingerprint::of("one"));
        pacer.learn(Lane::Api, one, StatusCode::OK, &told(&[("ratelimit", "\"api\";r=1;t=55")]));
        assert!(time_of(&pacer, Lane::Api, one).await.expect("the last one") < 0.1);
        assert!(time_of(&pacer, Lane::Api, None).await.expect("another's") < 0.1);
        let wait = time_of(&pacer, Lane::Api, one).await.expect("within patience");
        assert!((54.9..56.0).contains(&wait), "{wait}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_late_report_of_the_same_window_does_not_refill_it() {
        let pacer = Pacer::new(Pace::default(), WaitNotice::default());
        let tell = |text| {
            pacer.learn(Lane::Api, None, StatusCode::OK, &told(&[("ratelimit", text)]));
        };
        tell("\"api\";r=0;t=55");
        tell("\"api\";r=7;t=55");
        assert!(time_of(&pacer, Lane::Api, None).await.expect("within patience") > 54.0);
        tell("\"api\";r=7;t=300");
        assert!(time_of(&pacer, Lane::Api, None).await.expect("a new window") < 0.1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_for_the_hub_is_told_of_and_our_own_pace_is_not() {
        let told = std::sync::Arc::new(Mutex::new(Vec::new()));
        let all = std::sync::Arc::clone(&told);
        let waits = WaitNotice::to(move |wait| all.lock().expect("the list").push(wait.as_secs()));
        let pacer = Pacer::new(Pace::default(), waits);
        for _ in 0..12 {
            pacer.admit(Lane::Whoami, None, pacer.patience()).await.expect("no limit is known");
        }
        let nothing = self::told(&[("ratelimit", "\"api\";r=0;t=55")]);
        pacer.learn(Lane::Api, None, StatusCode::OK, &nothing);
        pacer.admit(Lane::Api, None, pacer.patience()).await.expect("within patience");
        assert_eq!(*told.lock().expect("the list"), [55]);
    }

    #[tokio::test(start_paused = true)]
    async fn patience_ends() {
        let pacer = Pacer::new(Pace::default(), WaitNotice::default());
        let refused = told(&[("retry-after", "900")]);
        pacer.learn(Lane::Api, None, StatusCode::TOO_MANY_REQUESTS, &refused);
        let answer = time_of(&pacer, Lane::Api, None).await;
        assert!(answer.is_err_and(|TooLong(wait)| wait > Duration::from_secs(899)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_whoami_closes_it_for_every_token() {
        let pacer = Pacer::new(Pace::default(), WaitNotice::default());
        let (one, two) = (Some(Fingerprint::of("one")), Some(Fingerprint::of("two")));
        let nothing = HeaderMap::new();
        pacer.learn(Lane::Whoami, one, StatusCode::TOO_MANY_REQUESTS, &nothing);
        assert!(time_of(&pacer, Lane::Api, two).await.expect("not whoami") < 0.1);
        let wait = time_of(&pacer, Lane::Whoami, two).await.expect("within patience");
        assert!((59.9..61.0).contains(&wait), "{wait}");
    }

    #[tokio::test(start_paused = true)]
    async fn dead_tokens_share_the_window_of_the_address() {
        let pacer = Pacer::new(Pace::default(), WaitNotice::default());
        let (one, two) = (Some(Fingerprint::of("one")), Some(Fingerprint::of("two")));
        let none_left = told(&[("ratelimit", "\"api\";r=0;t=20")]);
        pacer.learn(Lane::Whoami, one, StatusCode::UNAUTHORIZED, &none_left);
        assert!(time_of(&pacer, Lane::Whoami, two).await.expect("within patience") > 19.0);
    }

    #[tokio::test(start_paused = true)]
    async fn whoami_is_spread_over_time() {
        let pacer = Pacer::new(Pace::default(), WaitNotice::default());
        let start = Instant::now();
        for _ in 0..110 {
            pacer.admit(Lane::Whoami, None, pacer.patience()).await.expect("no limit is known");
        }
        let seconds = start.elapsed().as_secs_f64();
        assert!((59.0..61.0).contains(&seconds), "ten at once, a hundred in a minute: {seconds}");
    }
}
