//! What is done with the body of an answer.

use http::{
    HeaderMap, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};

use super::{Context, addresses, batch};
use crate::form::Form;

/// What is done with a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// It passes as it comes.
    Pass,
    /// It passes through a [`super::Scrubbing`], which keeps its length.
    Scrub,
    /// It is read whole, up to [`super::WHOLE`] bytes, and handed to [`super::body`].
    Rewrite,
    /// Nothing of it is passed on: it is compressed, so that it might hold anything.
    Drop,
}

/// What the Hub sends in place of a file's content to clients that ask for it (`tests/hub-openapi.json`,
/// `GET /{namespace}/{repo}/resolve/{rev}/{path}`).
const XET_FILE_INFO: &str = "application/vnd.xet-fileinfo+json";

impl Treatment {
    /// What is done with the body of an answer that has that status and those headers.
    pub(super) fn of(context: &Context, status: StatusCode, headers: &HeaderMap) -> Self {
        let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.unwrap_or_default();
        let is_refusal = status.is_client_error() || status.is_server_error();
        let operation = context.operation.name;
        let treatment = match context.form {
            _ if is_refusal && !kind.contains("json") => Self::Scrub,
            Form::Content if kind.starts_with(XET_FILE_INFO) => Self::Rewrite,
            // A changed byte would break the checksum of a file, or of a pack.
            Form::Content | Form::Git if !is_refusal => return Self::Pass,
            _ if batch::is_answer_to(operation) || addresses::are_in_answers_to(operation) => {
                Self::Rewrite
            }
            _ => Self::Scrub,
        };
        let coding = headers.get(CONTENT_ENCODING);
        if coding.is_some_and(|coding| coding != "identity") { Self::Drop } else { treatment }
    }
}
