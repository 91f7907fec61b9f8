//! AWS Secrets Manager, over its JSON API
//! (<https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html>).

use reqwest::{Client, StatusCode, Url};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::{
    Problem, Surroundings,
    web::{self, Answer},
};

mod signature;

use signature::{Credentials, Scope, Signed};

/// The name of the service in signatures and addresses.
const SERVICE: &str = "secretsmanager";

/// The media type of the JSON protocol, version 1.1, which the API speaks.
const MEDIA_TYPE: &str = "application/x-amz-json-1.1";

/// How the API is asked.
struct Api<'a> {
    client: Client,
    address: Url,
    region: String,
    credentials: Credentials,
    surroundings: &'a Surroundings,
}

/// The secret as a whole, or the field of the JSON object that it is.
pub(super) async fn read(
    secret: &str,
    field: Option<&str>,
    surroundings: &Surroundings,
) -> Result<Zeroizing<String>, Problem> {
    let text = Api::of(secret, surroundings)?.value(secret).await?;
    let text = text.ok_or(Problem::Missing)?;
    let Some(field) = field else { return Ok(text) };
    let mut fields = object(&text)?;
    match fields.remove(field) {
        Some(Value::String(text)) => Ok(Zeroizing::new(text)),
        _ => Err(Problem::NoField(field.to_owned())),
    }
}

/// Sets the secret, or its field and no other. One that is not there is made.
pub(super) async fn write(
    (secret, field): (&str, Option<&str>),
    value: &str,
    surroundings: &Surroundings,
) -> Result<(), Problem> {
    let api = Api::of(secret, surroundings)?;
    let before = api.value(secret).await?;
    let text = match field {
        None => Zeroizing::new(value.to_owned()),
        Some(field) => {
            let mut fields = before.as_deref().map_or(Ok(Map::new()), |text| object(text))?;
            fields.insert(field.to_owned(), value.into());
            Zeroizing::new(Value::Object(fields).to_string())
        }
    };
    let text = text.as_str();
    // The API wants each change to have a name, so that one that is repeated is done once.
    let change = crate::fresh_material().map_err(|error| Problem::Nonsense(error.to_string()))?;
    let (action, body) = match before {
        Some(_) => ("PutSecretValue", json!({ "SecretId": secret, "SecretString": text })),
        None => ("CreateSecret", json!({ "Name": secret, "SecretString": text })),
    };
    let mut body = body;
    if let Some(body) = body.as_object_mut() {
        body.insert("ClientRequestToken".to_owned(), change.as_str().into());
    }
    let answer = api.ask(action, &Zeroizing::new(body.to_string())).await?;
    if answer.status.is_success() { Ok(()) } else { Err(problem(&answer)) }
}

impl<'a> Api<'a> {
    fn of(secret: &str, surroundings: &'a Surroundings) -> Result<Self, Problem> {
        let variable = |names: &[&str]| {
            let values = names.iter().filter_map(|name| (surroundings.variable)(name));
            values.map(|value| value.trim().to_owned()).find(|value| !value.is_empty())
        };
        let region = region_of(secret).map(str::to_owned);
        let region = region.or_else(|| variable(&["AWS_REGION", "AWS_DEFAULT_REGION"]));
        let region = region.ok_or(Problem::Unset("AWS_REGION is not set, and no ARN names one"))?;
        if !region.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err(Problem::Unset("AWS_REGION is no region"));
        }
        // <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>
        let named = variable(&["AWS_ENDPOINT_URL_SECRETS_MANAGER", "AWS_ENDPOINT_URL"]);
        let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        let usual = || format!("https://{SERVICE}.{region}.{domain}/");
        let address = web::address(&named.unwrap_or_else(usual))?;
        Ok(Self {
            client: web::client(&address, surroundings)?,
            address,
            region,
            credentials: Credentials::of(surroundings)?,
            surroundings,
        })
    }

    /// What a secret holds as text, if it is there.
    async fn value(&self, secret: &str) -> Result<Option<Zeroizing<String>>, Problem> {
        let body = json!({ "SecretId": secret }).to_string();
        let answer = self.ask("GetSecretValue", &body).await?;
        if !answer.status.is_success() {
            return match problem(&answer) {
                Problem::Missing => Ok(None),
                other => Err(other),
            };
        }
        match answer.json()?.get_mut("SecretString").map(Value::take) {
            Some(Value::String(text)) => Ok(Some(Zeroizing::new(text))),
            _ => Err(Problem::NoToken),
        }
    }

    async fn ask(&self, action: &str, body: &str) -> Result<Answer, Problem> {
        let target = format!("{SERVICE}.{action}");
        let scope = Scope { region: &self.region, service: SERVICE, at: (self.surroundings.now)() };
        let request = signature::Request {
            host: authority(&self.address),
            path: self.address.path(),
            headers: &[("content-type", MEDIA_TYPE), ("x-amz-target", &target)],
            body: body.as_bytes(),
        };
        let Signed { date, authorization } = signature::sign(&request, &scope, &self.credentials);
        let mut asked = self.client.post(self.address.clone()).body(body.to_owned());
        asked = asked.header("content-type", MEDIA_TYPE).header("x-amz-target", target);
        asked = asked.header("x-amz-date", date).header("authorization", authorization.as_str());
        if let Some(session) = &self.credentials.session {
            asked = asked.header("x-amz-security-token", session.as_str());
        }
        web::send(asked).await
    }
}

/// Host and port, as the header of a request has them.
fn authority(address: &Url) -> String {
    let host = address.host_str().unwrap_or_default();
    address.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The region that an ARN names: `arn:partition:secretsmanager:region:account:secret:name`.
fn region_of(secret: &str) -> Option<&str> {
    let mut parts = secret.strip_prefix("arn:")?.split(':');
    parts.nth(2).filter(|region| !region.is_empty())
}

fn object(text: &str) -> Result<Map<String, Value>, Problem> {
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(Problem::Nonsense("the secret is no JSON object".to_owned())),
    }
}

/// What a refusal comes to. It names itself in `__type`, after a `#` if there is one.
fn problem(answer: &Answer) -> Problem {
    let said = answer.json().unwrap_or_default();
    let name = said.get("__type").and_then(Value::as_str).unwrap_or_default();
    match name.rsplit('#').next().unwrap_or_default() {
        "ResourceNotFoundException" => Problem::Missing,
        "AccessDeniedException"
        | "ExpiredTokenException"
        | "IncompleteSignature"
        | "InvalidClientTokenId"
        | "InvalidSignatureException"
        | "MissingAuthenticationToken"
        | "UnrecognizedClientException" => Problem::Denied,
        "ResourceExistsException" => Problem::Conflict,
        "ThrottlingException" => Problem::Server(answer.status.as_u16()),
        _ if answer.status == StatusCode::NOT_FOUND => Problem::Missing,
        _ => web::problem(answer.status),
    }
}
