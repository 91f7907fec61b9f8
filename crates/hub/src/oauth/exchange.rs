//! `POST /oauth/token`: one credential for another (RFC 8693, and RFC 6749, section 6).

use bearhug_core::Token;
use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use zeroize::Zeroizing;

use super::{Issued, IssuedWire};
use crate::{
    client::Client,
    error::Error,
    request::{Content, Login, Request},
};

/// The grant type of a token exchange.
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

#[derive(Serialize)]
struct Publication<'a> {
    grant_type: &'static str,
    subject_token_type: &'static str,
    subject_token: &'a str,
    resource: &'a str,
}

impl Client {
    /// Exchanges the identity that a CI system vouches for with an id token for one that may write to a
    /// repository (`acme/model`, `datasets/acme/data`) or reads as a user (`alice`). The Hub must have been
    /// told to trust that identity.
    ///
    /// # Errors
    ///
    /// If the Hub does not trust it or cannot be asked.
    #[expect(clippy::disallowed_methods, reason = "the id token is what is exchanged")]
    pub async fn publish_as(&self, id_token: &Token, resource: &str) -> Result<Issued, Error> {
        let carries = [id_token];
        let mut request = Request::new(Method::POST, &["oauth", "token"], Login::Nobody);
        request.carries = &carries;
        let asked = request.asked();
        let request = request.json(&Publication {
            grant_type: EXCHANGE,
            subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
            subject_token: id_token.expose_secret(),
            resource,
        });
        let request = request.map_err(|problem| Error::new(&asked, problem.into()))?;
        Ok(self.ask(&request).await?.json_with_secrets::<IssuedWire>()?.into())
    }

    /// Issues a token that acts for a member of an organisation, whom its application names by e-mail
    /// address. An Enterprise plan is needed, and an application that the Hub's support provided.
    ///
    /// # Errors
    ///
    /// If the Hub refuses or cannot be asked.
    pub async fn act_for_member(
        &self,
        (id, secret): (&str, &Token),
        email: &str,
        scope: Option<&str>,
    ) -> Result<Issued, Error> {
        let login = Login::Application { id, secret };
        let mut fields = vec![
            ("grant_type", EXCHANGE),
            ("subject_token", email),
            ("subject_token_type", "urn:huggingface:token-type:user-email"),
        ];
        fields.extend(scope.map(|scope| ("scope", scope)));
        self.token_for(login, &fields, &[]).await
    }

    /// Exchanges a refresh token for a new pair. The old pair is used up.
    ///
    /// # Errors
    ///
    /// If the Hub refuses or cannot be asked.
    #[expect(clippy::disallowed_methods, reason = "the refresh token is what is exchanged")]
    pub async fn refresh(&self, client_id: &str, refresh: &Token) -> Result<Issued, Error> {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.expose_secret()),
            ("client_id", client_id),
        ];
        self.token_for(Login::Nobody, &fields, &[refresh]).await
    }

    pub(super) async fn token_for(
        &self,
        login: Login<'_>,
        fields: &[(&str, &str)],
        carries: &[&Token],
    ) -> Result<Issued, Error> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let bytes = Zeroizing::new(form.finish().into_bytes());
        let mut request = Request::new(Method::POST, &["oauth", "token"], login);
        request.carries = carries;
        request.content = Some(Content { kind: "application/x-www-form-urlencoded", bytes });
        Ok(self.ask(&request).await?.json_with_secrets::<IssuedWire>()?.into())
    }
}
