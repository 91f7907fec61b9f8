//! Revoking tokens and proving that they are dead.

use std::time::Duration;

use bearhug_core::{
    Token,
    revocation::{Ending, Outcome, Standing, obstacle},
};
use tokio::time::{Instant, sleep};

use super::{MOST_AT_ONCE, check_length};
use crate::client::Client;

/// The first pause before a token that is still alive is asked about again. Each further one is twice
/// as long, up to [`LONGEST_PAUSE`].
const PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// What is known of a token between its revocation and the first question about it.
pub(crate) const UNASKED: &str = "the Hub was told to revoke it and not asked whether it did";

/// How much is asked of the Hub about tokens that are to die.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proving {
    /// Whether to ask how they stand before. It tells whose they are and which are dead already, but the
    /// questions take time in which a leaked token lives.
    pub asks_before: bool,
    /// How long to go on asking about tokens that are still alive.
    pub patience: Duration,
}

/// Told of every token whose end is known, or known not to be, while there are others.
pub type Watcher<'a> = &'a (dyn Fn(&Ending) + Sync);

impl Client {
    /// Revokes tokens everywhere and asks about each until the Hub says that it is dead. Those that seem
    /// dead before are revoked all the same: it does no harm, and an answer may be mistaken. The endings are
    /// those of [`planned`], and hold at any moment what is known: whoever drops this future halfway
    /// reads there how far it came.
    pub async fn end(
        &self,
        tokens: &[Token],
        endings: &mut [Ending],
        how: Proving,
        watcher: Watcher<'_>,
    ) {
        let mut doomed = Vec::new();
        for (at, (token, ending)) in tokens.iter().zip(&mut *endings).enumerate() {
            if let Some(reason) = unrevocable(token) {
                ending.outcome = Outcome::NotSent(reason);
            } else if how.asks_before {
                ending.before = Some(self.check(token).await);
            }
            match ending.outcome {
                Outcome::Planned => doomed.push(at),
                _ => watcher(ending),
            }
        }
        for batch in doomed.chunks(MOST_AT_ONCE) {
            let sent = Instant::now();
            if self.revoke_batch(tokens, batch, endings, watcher).await {
                let proof = Proof { tokens, sent, patience: how.patience, watcher };
                self.prove(&proof, batch.to_vec(), endings).await;
            }
        }
    }

    /// Revokes the tokens at these places with one request. Whether the Hub took it.
    async fn revoke_batch(
        &self,
        tokens: &[Token],
        batch: &[usize],
        endings: &mut [Ending],
        watcher: Watcher<'_>,
    ) -> bool {
        let doomed: Vec<&Token> = batch.iter().filter_map(|at| tokens.get(*at)).collect();
        for at in batch {
            if let Some(ending) = endings.get_mut(*at) {
                ending.outcome = Outcome::Unproven(UNASKED.to_owned());
            }
        }
        let revoked = self.revoke(&doomed).await;
        for at in batch {
            let Some(ending) = endings.get_mut(*at) else { continue };
            match &revoked {
                Ok(asked) => ending.revoked_by.clone_from(&asked.request_id),
                Err(error) => {
                    ending.outcome = Outcome::NotSent(error.to_string());
                    watcher(ending);
                }
            }
        }
        revoked.is_ok()
    }

    /// Asks about the tokens at these places until they are dead or the patience ends.
    async fn prove(&self, proof: &Proof<'_>, mut pending: Vec<usize>, endings: &mut [Ending]) {
        let mut pause = PAUSE;
        let mut deadline = None;
        loop {
            pending = self.ask_about_all(proof, pending, endings).await;
            // A round among many tokens takes long by itself: the patience is for those left over.
            let now = Instant::now();
            let ends = *deadline.get_or_insert(now + proof.patience);
            if pending.is_empty() || now >= ends {
                break;
            }
            sleep(pause.min(ends - now)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        for at in pending {
            endings.get(at).into_iter().for_each(proof.watcher);
        }
    }

    /// Asks once about each token. Those that are not known to be dead, and may yet be, are left.
    async fn ask_about_all(
        &self,
        proof: &Proof<'_>,
        pending: Vec<usize>,
        endings: &mut [Ending],
    ) -> Vec<usize> {
        let mut left = Vec::new();
        for at in pending {
            let (Some(token), Some(ending)) = (proof.tokens.get(at), endings.get_mut(at)) else {
                continue;
            };
            let check = self.check(token).await;
            let was_dead = ending.before.as_ref().is_some_and(|before| before.standing.is_dead());
            ending.outcome = match &check.standing {
                Standing::Unknown | Standing::Expired if was_dead => Outcome::AlreadyGone,
                Standing::Unknown | Standing::Expired => Outcome::Revoked,
                Standing::Untold(reason) => Outcome::Unproven(reason.clone()),
                Standing::Alive | Standing::CutOff => Outcome::StillAlive,
            };
            ending.after = Some(check);
            if ending.outcome == Outcome::Revoked {
                ending.proved_within = Some(proof.sent.elapsed());
            }
            if ending.outcome.is_success() || token.kind().unknown_to_whoami().is_some() {
                (proof.watcher)(ending);
            } else {
                left.push(at);
            }
        }
        left
    }
}

/// What is the same for all tokens of one revocation.
struct Proof<'a> {
    tokens: &'a [Token],
    sent: Instant,
    patience: Duration,
    watcher: Watcher<'a>,
}

/// An ending of which nothing is known yet.
pub fn planned(token: &Token) -> Ending {
    Ending {
        fingerprint: token.fingerprint(),
        kind: token.kind(),
        redacted: token.redacted(),
        outcome: Outcome::Planned,
        before: None,
        revoked_by: None,
        after: None,
        proved_within: None,
        namesakes: Vec::new(),
    }
}

/// What stands in the way of a revocation by value.
fn unrevocable(token: &Token) -> Option<String> {
    let by_kind = obstacle(token.kind()).map(str::to_owned);
    by_kind.or_else(|| check_length(token).err().map(|problem| problem.to_string()))
}
