//! The key-value store, version 2, of `HashiCorp` Vault and of `OpenBao`, over its HTTP API
//! (<https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2>,
//! <https://openbao.org/api-docs/secret/kv/kv-v2/>).

use reqwest::{Client, RequestBuilder, StatusCode, Url};
use serde_json::{Map, Value, json};
use zeroize::{Zeroize as _, Zeroizing};

use super::{Problem, Surroundings, web};

/// A field of a secret.
pub(super) struct Place<'a> {
    pub(super) host: &'a str,
    pub(super) mount: &'a str,
    pub(super) path: &'a str,
    pub(super) field: &'a str,
}

/// How a secret is asked for.
struct Question {
    client: Client,
    address: Url,
    token: Zeroizing<String>,
    namespace: Option<Zeroizing<String>>,
}

/// A secret as it is now.
struct Secret {
    fields: Map<String, Value>,
    /// Its number among the versions; 0 if there is none.
    version: u64,
}

impl Drop for Secret {
    fn drop(&mut self) {
        for value in self.fields.values_mut() {
            if let Value::String(text) = value {
                text.zeroize();
            }
        }
    }
}

/// The field, if the secret has it.
pub(super) async fn read(
    place: &Place<'_>,
    surroundings: &Surroundings,
) -> Result<Zeroizing<String>, Problem> {
    let secret = Question::about(place, surroundings)?.secret().await?;
    let secret = secret.ok_or(Problem::Missing)?;
    let text = secret.fields.get(place.field).and_then(Value::as_str);
    text.map(|text| Zeroizing::new(text.to_owned()))
        .ok_or_else(|| Problem::NoField(place.field.to_owned()))
}

/// Sets the field and leaves others as they are. The server refuses if somebody else wrote meanwhile
/// (check-and-set).
pub(super) async fn write(
    place: &Place<'_>,
    value: &str,
    surroundings: &Surroundings,
) -> Result<(), Problem> {
    let question = Question::about(place, surroundings)?;
    let before = question.secret().await?;
    let mut secret = before.unwrap_or(Secret { fields: Map::new(), version: 0 });
    secret.fields.insert(place.field.to_owned(), value.into());
    let body = json!({ "options": { "cas": secret.version }, "data": secret.fields });
    let body = Zeroizing::new(body.to_string());
    let request = question.client.post(question.address.clone());
    let answer = web::send(question.signed(request).body(body.as_str().to_owned())).await?;
    match answer.status {
        status if status.is_success() => Ok(()),
        StatusCode::BAD_REQUEST => Err(Problem::Conflict),
        status => Err(web::problem(status)),
    }
}

impl Question {
    fn about(place: &Place<'_>, surroundings: &Surroundings) -> Result<Self, Problem> {
        let base = server(place.host, surroundings)?;
        let Place { mount, path, .. } = place;
        let address = web::address(&format!("{base}/v1/{mount}/data/{path}"))?;
        Ok(Self {
            client: web::client(&address, surroundings)?,
            address,
            token: token(surroundings)?,
            namespace: (surroundings.variable)("VAULT_NAMESPACE").filter(|name| !name.is_empty()),
        })
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        let request = request.header("X-Vault-Token", self.token.as_str());
        let request = request.header("X-Vault-Request", "true");
        match &self.namespace {
            Some(namespace) => request.header("X-Vault-Namespace", namespace.as_str()),
            None => request,
        }
    }

    /// The current version, if there is one that was not deleted.
    async fn secret(&self) -> Result<Option<Secret>, Problem> {
        let request = self.signed(self.client.get(self.address.clone()));
        let answer = web::send(request).await?;
        // One that was deleted is not found either, but says which version it was.
        let is_deleted = answer.status == StatusCode::NOT_FOUND;
        if !answer.status.is_success() && !is_deleted {
            return Err(web::problem(answer.status));
        }
        let mut said = match answer.json() {
            Err(_) if is_deleted => return Ok(None),
            said => said?,
        };
        let version = said.pointer("/data/metadata/version").and_then(Value::as_u64);
        let fields = match said.pointer_mut("/data/data").map(Value::take) {
            Some(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        match version {
            Some(version) => Ok(Some(Secret { fields, version })),
            None if is_deleted => Ok(None),
            None => Err(Problem::Nonsense("no secret of version 2".to_owned())),
        }
    }
}

/// The address of the server. The token is for the one that `VAULT_ADDR` names, and goes to no other.
fn server(host: &str, surroundings: &Surroundings) -> Result<String, Problem> {
    let named = (surroundings.variable)("VAULT_ADDR").filter(|address| !address.is_empty());
    match named {
        Some(address) => {
            let url = web::address(&address)?;
            let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
            let name = format!("{}{port}", url.host_str().unwrap_or_default());
            if host.is_empty() || host == name {
                Ok(address.trim_end_matches('/').to_owned())
            } else {
                Err(Problem::Unset(
                    "VAULT_ADDR names another server, and the token is for that one",
                ))
            }
        }
        None if host.is_empty() => Err(Problem::Unset("VAULT_ADDR names no server")),
        None => Ok(format!("https://{host}")),
    }
}

/// `VAULT_TOKEN`, or what `vault login` keeps.
fn token(surroundings: &Surroundings) -> Result<Zeroizing<String>, Problem> {
    let variable = (surroundings.variable)("VAULT_TOKEN").filter(|token| !token.is_empty());
    let kept = || super::file::read(&surroundings.home.as_deref()?.join(".vault-token")).ok();
    let token = variable.or_else(kept);
    let token = token.ok_or(Problem::Unset("there is neither VAULT_TOKEN nor ~/.vault-token"))?;
    Ok(Zeroizing::new(token.trim().to_owned()))
}
