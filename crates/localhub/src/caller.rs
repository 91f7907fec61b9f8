//! Who is asking: the credential of a request, and the account behind it.

use std::{net::IpAddr, net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use data_encoding::BASE64;

use crate::{Credential, Denial, Owner, World};

/// Who is asking.
#[derive(Debug, Clone)]
pub struct Caller {
    world: Arc<World>,
    principal: Principal,
    /// The address the request came from.
    pub ip: Option<IpAddr>,
    /// What the client calls itself.
    pub user_agent: Option<String>,
}

/// Who is asking, by the credential that was shown.
#[derive(Debug, Clone)]
pub enum Principal {
    /// Nobody: the request had no `Authorization`.
    Anonymous,
    /// The holder of a live credential, as it was when the request came in.
    Account(Box<Session>),
}

/// A live credential in use.
#[derive(Debug, Clone)]
pub struct Session {
    credential: Credential,
    pub(crate) ip: Option<IpAddr>,
}

impl std::ops::Deref for Session {
    type Target = Credential;

    fn deref(&self) -> &Credential {
        &self.credential
    }
}

impl Session {
    /// The user name of the person or service account that holds the credential.
    pub fn user_name(&self) -> Option<&str> {
        match &self.owner {
            Owner::User(name) | Owner::Service { user: name, .. } => Some(name),
            Owner::App { .. } => None,
        }
    }
}

impl Caller {
    /// Everything that the local Hub knows.
    pub fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// Who is asking.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Whether no credential was shown.
    pub fn is_anonymous(&self) -> bool {
        matches!(self.principal, Principal::Anonymous)
    }

    /// The credential in use, or the refusal of those who show none.
    pub fn session(&self) -> Result<&Session, Denial> {
        match &self.principal {
            Principal::Account(session) => Ok(session),
            Principal::Anonymous => Err(Denial::anonymous()),
        }
    }
}

impl FromRequestParts<Arc<World>> for Caller {
    type Rejection = Denial;

    async fn from_request_parts(parts: &mut Parts, world: &Arc<World>) -> Result<Self, Denial> {
        let ip = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        let user_agent = parts.headers.get(header::USER_AGENT);
        let user_agent = user_agent.and_then(|v| v.to_str().ok()).map(str::to_owned);
        let principal = match shown_credential(&parts.headers)? {
            None => Principal::Anonymous,
            Some(value) => {
                let credential = authenticate(world, &value)?;
                Principal::Account(Box::new(Session { credential, ip }))
            }
        };
        Ok(Self { world: Arc::clone(world), principal, ip, user_agent })
    }
}

/// The live credential of a value, which counts as a use of it.
fn authenticate(world: &World, value: &str) -> Result<Credential, Denial> {
    let now = world.clock.now();
    let mut state = world.state();
    let credential = state.credential(value).ok_or_else(Denial::invalid_credentials)?;
    if credential.expires_at.is_some_and(|end| end <= now) {
        return Err(Denial::expired(&credential.display_name));
    }
    credential.last_used_at = Some(now);
    Ok(credential.clone())
}

/// The value in `Authorization`: a bearer's, or either half of Basic, where git puts it as the
/// password and some scripts as the user name.
pub(crate) fn shown_credential(headers: &HeaderMap) -> Result<Option<String>, Denial> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Denial::invalid_credentials());
    }
    let value = value.to_str().map_err(|_| Denial::invalid_credentials())?;
    let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
    let credential = match scheme.to_ascii_lowercase().as_str() {
        "bearer" => Some(rest.trim().to_owned()),
        "basic" => basic_credential(rest.trim()),
        _ => None,
    };
    match credential {
        Some(value) if !value.is_empty() => Ok(Some(value)),
        _ => Err(Denial::invalid_credentials()),
    }
}

fn basic_credential(encoded: &str) -> Option<String> {
    let decoded = String::from_utf8(BASE64.decode(encoded.as_bytes()).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    let value = if password.is_empty() { user } else { password };
    Some(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: &str) -> Result<Option<String>, Denial> {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        shown_credential(&headers)
    }

    #[test]
    fn a_credential_is_taken_from_every_form_that_clients_use() {
        let basic = |pair: &str| format!("Basic {}", BASE64.encode(pair.as_bytes()));
        for form in ["Bearer secret", "bearer secret", &basic("any:secret"), &basic("secret:")] {
            assert_eq!(shown(form).unwrap().as_deref(), Some("secret"), "{form}");
        }
        for form in ["Bearer ", "Digest secret", "Basic !", "secret"] {
            assert_eq!(shown(form), Err(Denial::invalid_credentials()), "{form}");
        }
    }
}
