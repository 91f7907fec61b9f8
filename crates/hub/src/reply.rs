//! A response, read to its end and within bounds.

use reqwest::{
    Response, StatusCode, Url,
    header::{HeaderMap, HeaderName},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{
    error::{Asked, Error, NoAnswer, Problem},
    redaction,
    refusal::Refusal,
    request::Request,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const ERROR_CODE: HeaderName = HeaderName::from_static("x-error-code");
const ERROR_MESSAGE: HeaderName = HeaderName::from_static("x-error-message");

/// A response, read to its end. Its content may hold a new token, so it is erased after use.
pub(crate) struct Reply {
    pub(crate) asked: Asked,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) content: Zeroizing<Vec<u8>>,
    /// The address that answered, after redirects.
    pub(crate) address: Url,
}

/// The Hub's way of saying no, and that of its OAuth endpoints (RFC 6749, section 5.2).
#[derive(Deserialize)]
struct Complaint {
    error: String,
    error_description: Option<String>,
}

impl Reply {
    /// Reads a response, but no more of it than is allowed.
    pub(crate) async fn read(
        request: &Request<'_>,
        mut response: Response,
        longest: usize,
    ) -> Result<Self, Error> {
        let headers = response.headers().clone();
        let request_id = text_of(&headers, &REQUEST_ID).map(|id| request.presentable(id));
        let asked = Asked { request_id, ..request.asked() };
        let fail = |problem: NoAnswer| Error::new(&asked, problem.into());
        let too_long = || fail(NoAnswer::TooLong(longest));
        if response.content_length().is_some_and(|length| length > longest as u64) {
            return Err(too_long());
        }
        let mut content = Zeroizing::new(Vec::new());
        while let Some(piece) = response.chunk().await.map_err(|error| fail(error.into()))? {
            if content.len() + piece.len() > longest {
                return Err(too_long());
            }
            content.extend_from_slice(&piece);
        }
        let (status, address) = (response.status(), response.url().clone());
        Ok(Self { asked, status, headers, content, address })
    }

    /// The content, which must be JSON of this form, without the tokens that its texts may hold.
    pub(crate) fn json<T: DeserializeOwned>(&self, request: &Request<'_>) -> Result<T, Error> {
        let mut value: Value = self.json_with_secrets()?;
        redaction::clean(&mut value, &|text| request.redacted(text));
        serde_json::from_value(value).map_err(|error| self.fail(NoAnswer::from(error)))
    }

    /// The content as it came, for answers that give a new credential and for those too large to be
    /// held twice.
    pub(crate) fn json_with_secrets<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.content).map_err(|error| self.fail(NoAnswer::from(error)))
    }

    /// An error about this reply.
    pub(crate) fn fail(&self, problem: impl Into<Problem>) -> Error {
        Error::new(&self.asked, problem.into())
    }

    /// A header's text.
    pub(crate) fn header(&self, name: &HeaderName) -> Option<&str> {
        text_of(&self.headers, name)
    }

    /// What a reply that is no success means.
    pub(crate) fn problem(&self, request: &Request<'_>) -> Problem {
        let status = self.status.as_u16();
        if !self.status.is_client_error() {
            return NoAnswer::Failed(status).into();
        }
        let complaint: Option<Complaint> = serde_json::from_slice(&self.content).ok();
        let header = self.header(&ERROR_MESSAGE);
        // A proxy's or a login page's 401 must not be taken for the Hub's word on a token.
        let speaks = complaint.is_some() || header.is_some() || self.header(&ERROR_CODE).is_some();
        if !speaks && matches!(status, 401 | 403 | 407) {
            return NoAnswer::NotTheHub(status).into();
        }
        let (text, oauth_code) = match &complaint {
            Some(Complaint { error, error_description: Some(description) }) => {
                (description.as_str(), Some(error.as_str()))
            }
            Some(Complaint { error, .. }) => (error.as_str(), None),
            None => (header.unwrap_or_default(), None),
        };
        let code = self.header(&ERROR_CODE).or(oauth_code).map(|code| request.presentable(code));
        Refusal::new(status, code.as_deref(), &request.presentable(text)).into()
    }
}

fn text_of<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
