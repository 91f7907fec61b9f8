//! Causes that have nothing to do with one repository: the token itself, limits, and other services.

use bearhug_core::{
    Token,
    grant::Grant,
    scope::{Access, Action, Resource},
};
use bearhug_hub::Reason;
use bearhug_view::diagnosis::Diagnosis;

use super::{Case, unanswered};
use crate::{
    commands::check::repository,
    error::CommandError,
    hub::Refused,
    interrupt::Interrupted,
    tokens::{self, Place},
};

impl Case<'_> {
    /// The Hub does not take the token, which makes even public repositories look missing.
    pub(super) fn dead(
        &self,
        token: &Token,
        place: &Place,
        refused: &Refused,
    ) -> Result<Diagnosis, Interrupted> {
        let expired = refused.reason == Reason::ExpiredToken;
        let mut evidence = vec![format!(
            "With the token {} in {}: {}.",
            token.redacted(),
            place.name,
            refused.words
        )];
        let open = self.is_open()?;
        evidence.extend(open.map(|open| format!("Without any token: {}.", open_words(open))));
        let mut next = vec![
            "Log in anew with `hf auth login`, or put a token that works in its place; make one at \
             https://huggingface.co/settings/tokens."
                .to_owned(),
        ];
        if open == Some(true) {
            next.push(format!(
                "For what is public, taking it out of {} is enough: with a token that is dead, the Hub \
                 refuses even that.",
                place.name
            ));
        }
        Ok(Diagnosis {
            cause: if expired { "expired_token" } else { "dead_token" },
            sentence: if expired {
                "The token has expired.".to_owned()
            } else {
                "The Hub does not know the token: it was revoked, deleted or mistyped.".to_owned()
            },
            about: self.about_name(),
            evidence,
            next,
        })
    }

    /// Whether anybody may read the repository, where that was answered.
    fn is_open(&self) -> Result<Option<bool>, Interrupted> {
        let Some(name) = self.clues.repository.as_ref().and_then(repository) else {
            return Ok(None);
        };
        Ok(match self.hub.wait(self.hub.client.public_repository(&name))? {
            Ok(_) => Some(true),
            Err(error) => error.refusal().map(|_| false),
        })
    }

    /// Clients ask as anybody here.
    pub(super) fn without_a_token(&self) -> Result<Diagnosis, CommandError> {
        if self.is_limited() {
            return Ok(self.limited());
        }
        let name = self.clues.repository.as_ref().and_then(repository);
        let Some(name) = name else {
            return Ok(self.no_token("There is no token here, so clients ask as anybody."));
        };
        match self.hub.wait(self.hub.client.public_repository(&name))? {
            Ok(found) if self.writes || found.is_gated() => {
                Ok(self.no_token("There is no token here, and this takes one."))
            }
            Ok(_) => Ok(self.nothing("Anybody may read this, and the Hub answers.")),
            Err(error) if error.refusal().is_some() => Ok(self.no_token(
                "There is no token here, and anybody is told that this does not exist: it is private, or \
                 there is none.",
            )),
            Err(error) => Err(unanswered(&error.to_string())),
        }
    }

    fn no_token(&self, sentence: &str) -> Diagnosis {
        let (evidence, next) = if tokens::is_disabled() {
            (
                "HF_HUB_DISABLE_IMPLICIT_TOKEN is set, so clients send no token of their own accord.",
                "Unset it for the program that fails, or give that the token.",
            )
        } else {
            (
                "Neither HF_TOKEN nor the file of `hf auth login` holds a token.",
                "Log in with `hf auth login`, or set HF_TOKEN for the program that fails.",
            )
        };
        Diagnosis {
            cause: "no_token",
            sentence: sentence.to_owned(),
            about: self.about_name(),
            evidence: vec![evidence.to_owned()],
            next: vec![next.to_owned()],
        }
    }

    pub(super) fn nothing(&self, sentence: &str) -> Diagnosis {
        Diagnosis {
            cause: "nothing",
            sentence: sentence.to_owned(),
            about: self.about_name(),
            evidence: Vec::new(),
            next: vec![
                "If the program still fails, see that it uses this token: a notebook, a container or a \
                 service may have another one, or none."
                    .to_owned(),
            ],
        }
    }

    pub(super) fn limited(&self) -> Diagnosis {
        let next = if self.token.is_some() {
            "Wait for the window of five minutes to end. All tokens of one owner share its limit: spread \
             the requests, download a snapshot once instead of files one by one, or ask for a higher plan."
        } else {
            "Log in with `hf auth login`: those who do have a limit of their own, and a higher one."
        };
        Diagnosis {
            cause: "rate_limit",
            sentence: "The Hub limits how often it is asked, and it was asked too often."
                .to_owned(),
            about: self.about_name(),
            evidence: Vec::new(),
            next: vec![next.to_owned()],
        }
    }

    /// No repository is named, but the words of the Hub may be enough.
    pub(super) fn in_words(&self, grant: &Grant) -> Diagnosis {
        let says = |part: &str| self.text.contains(part);
        if says("sufficient permissions to call Inference Providers") {
            let own = Resource::namespace(&grant.account.name).unwrap_or(Resource::All(None));
            let asked = grant.allows_all(&Access::new(Action::Infer, own));
            return Diagnosis {
                cause: "no_permission",
                sentence: "The token may not call Inference Providers.".to_owned(),
                about: None,
                evidence: vec![format!("By what the Hub tells of the token, {}.", asked.reason())],
                next: vec![
                    "Use a token with the permission `inference.serverless.write`: `bearhug inspect --need \
                     inference` gives the link that makes one."
                        .to_owned(),
                ],
            };
        }
        if self.clues.status == Some(402) {
            return Diagnosis {
                cause: "payment",
                sentence: "The account has no credit for this.".to_owned(),
                about: None,
                evidence: Vec::new(),
                next: vec!["See https://huggingface.co/settings/billing.".to_owned()],
            };
        }
        self.nothing(
            "The token is alive, and no repository is named, so there is nothing more to ask about.",
        )
    }
}

fn open_words(open: bool) -> &'static str {
    if open { "the repository can be seen" } else { "the repository cannot be seen" }
}
