//! `GET /api/whoami-v2`: whom a token speaks for and what it may do.

mod memory;
mod standing;
pub(crate) mod wire;

use std::sync::Arc;

use bearhug_core::{Token, grant::Grant};

use crate::{
    client::Client,
    error::{Asked, Error, Unsendable},
    pacing::Lane,
    request::Request,
};

pub(crate) use memory::Memory;
pub(crate) use standing::standing_of;

/// What the Hub said of a token that is alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whoami {
    /// Whom it speaks for and what it may do.
    pub grant: Grant,
    /// The request that told so.
    pub asked: Asked,
}

impl Client {
    /// Whom a token speaks for and what it may do, from memory if that was asked not long ago. The Hub
    /// limits these questions strictly.
    ///
    /// # Errors
    ///
    /// If the Hub refuses ([`Error::rejects_token`] tells whether the token is to blame) or cannot be
    /// asked.
    pub async fn whoami(&self, token: &Token) -> Result<Arc<Whoami>, Error> {
        match self.memory.recall(token.fingerprint()) {
            Some(known) => Ok(known),
            None => self.whoami_now(token).await,
        }
    }

    /// As [`whoami`](Self::whoami), but what the Hub says at this moment.
    ///
    /// # Errors
    ///
    /// As [`whoami`](Self::whoami). A token of a sort that [`Kind::unknown_to_whoami`] names is not sent.
    ///
    /// [`Kind::unknown_to_whoami`]: bearhug_core::Kind::unknown_to_whoami
    pub async fn whoami_now(&self, token: &Token) -> Result<Arc<Whoami>, Error> {
        let mut request = Request::get(&["api", "whoami-v2"], token);
        request.lane = Lane::Whoami;
        if let Some(why) = token.kind().unknown_to_whoami() {
            return Err(Error::new(&request.asked(), Unsendable::NoQuestion(why).into()));
        }
        let outcome = match self.ask(&request).await {
            Ok(reply) => reply.json::<wire::Answer>(&request).map(|answer| (answer, reply.asked)),
            Err(error) => Err(error),
        };
        match outcome {
            Ok((answer, asked)) => {
                let known = Arc::new(Whoami { grant: answer.into(), asked });
                self.memory.keep(token.fingerprint(), Arc::clone(&known));
                Ok(known)
            }
            Err(error) => {
                self.memory.forget(token.fingerprint());
                Err(error)
            }
        }
    }
}
