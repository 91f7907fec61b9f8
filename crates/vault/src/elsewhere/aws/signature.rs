//! Signature version 4
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>), of
//! requests that post something and have no query.

use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac,
};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::elsewhere::{Problem, Surroundings};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Who signs.
pub(super) struct Credentials {
    pub(super) id: String,
    pub(super) secret: Zeroizing<String>,
    pub(super) session: Option<Zeroizing<String>>,
}

/// What a signature holds for.
pub(super) struct Scope<'a> {
    pub(super) region: &'a str,
    pub(super) service: &'a str,
    pub(super) at: Timestamp,
}

/// What is signed. The headers are in lower case.
pub(super) struct Request<'a> {
    pub(super) host: String,
    pub(super) path: &'a str,
    pub(super) headers: &'a [(&'a str, &'a str)],
    pub(super) body: &'a [u8],
}

/// The two headers that make a request a signed one.
pub(super) struct Signed {
    pub(super) date: String,
    pub(super) authorization: Zeroizing<String>,
}

impl Credentials {
    /// Those of the standard variables.
    pub(super) fn of(surroundings: &Surroundings) -> Result<Self, Problem> {
        let variable = |name| (surroundings.variable)(name).filter(|value| !value.is_empty());
        let unset = Problem::Unset("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set");
        let key = variable("AWS_ACCESS_KEY_ID").zip(variable("AWS_SECRET_ACCESS_KEY"));
        let (id, secret) = key.ok_or(unset)?;
        Ok(Self { id: id.as_str().to_owned(), secret, session: variable("AWS_SESSION_TOKEN") })
    }
}

/// Signs a request with all of its headers.
pub(super) fn sign(request: &Request<'_>, scope: &Scope<'_>, credentials: &Credentials) -> Signed {
    let date = scope.at.strftime("%Y%m%dT%H%M%SZ").to_string();
    let day = scope.at.strftime("%Y%m%d").to_string();
    let mut headers = request.headers.to_vec();
    headers.extend([("host", request.host.as_str()), ("x-amz-date", &date)]);
    if let Some(session) = &credentials.session {
        headers.push(("x-amz-security-token", session));
    }
    headers.sort_unstable();
    let names: Vec<_> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let line = |(name, value): &(&str, &str)| format!("{name}:{}\n", value.trim());
    let lines = Zeroizing::new(headers.iter().map(line).collect::<Vec<_>>().concat());
    let canonical = Zeroizing::new(format!(
        "POST\n{}\n\n{}\n{names}\n{}",
        request.path,
        lines.as_str(),
        HEXLOWER.encode(digest(&SHA256, request.body).as_ref())
    ));
    let range = format!("{day}/{}/{}/aws4_request", scope.region, scope.service);
    let hash = HEXLOWER.encode(digest(&SHA256, canonical.as_bytes()).as_ref());
    let text = format!("{ALGORITHM}\n{date}\n{range}\n{hash}");
    let first = Zeroizing::new(format!("AWS4{}", credentials.secret.as_str()));
    let keyed = |key: &[u8], part: &str| {
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), part.as_bytes())
    };
    let parts = [scope.region, scope.service, "aws4_request", &text];
    let code =
        parts.iter().fold(keyed(first.as_bytes(), &day), |key, part| keyed(key.as_ref(), part));
    let signature = HEXLOWER.encode(code.as_ref());
    let id = &credentials.id;
    let authorization = Zeroizing::new(format!(
        "{ALGORITHM} Credential={id}/{range}, SignedHeaders={names}, Signature={signature}"
    ));
    Signed { date, authorization }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The `post-vanilla` request of the suite of tests that AWS publishes for the signature.
    #[test]
    fn a_signature_is_that_of_the_suite() {
        let request = Request {
            host: "example.amazonaws.com".to_owned(),
            path: "/",
            headers: &[],
            body: b"",
        };
        let at = "2015-08-30T12:36:00Z".parse().unwrap();
        let scope = Scope { region: "us-east-1", service: "service", at };
        let credentials = Credentials {
            id: "AKIDEXAMPLE".to_owned(),
            secret: Zeroizing::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned()),
            session: None,
        };
        let signed = sign(&request, &scope, &credentials);
        assert_eq!(signed.date, "20150830T123600Z");
        assert_eq!(
            signed.authorization.as_str(),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
             SignedHeaders=host;x-amz-date, \
             Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
        );
    }
}
