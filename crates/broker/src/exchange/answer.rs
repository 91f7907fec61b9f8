//! The Hub's answer, made fit for the client.

use std::sync::Arc;

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Response, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING, WWW_AUTHENTICATE},
};
use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};

use super::{
    Body, BodyError, Exchange, Patience, download::Download, full, outliving, read_whole,
    request::strip_named, whole::NotWhole,
};
use crate::{
    journal::How,
    refusing::{No, challenge},
    rewriting::{self, Context, Treatment},
};

/// What concerns one connection only (RFC 9110 §7.6.1), a session that is not the client's, or would lead
/// the client past the broker the next time.
const STRIPPED: &[&str] = &[
    "alt-svc",
    "clear-site-data",
    "connection",
    "keep-alive",
    "nel",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-connection",
    "refresh",
    "report-to",
    "reporting-endpoints",
    "set-cookie",
    "strict-transport-security",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

impl Exchange {
    /// Gives the Hub's answer back, made fit.
    pub(crate) async fn give_back(
        self: Arc<Self>,
        answer: Response<Incoming>,
        context: Context,
        patience: Patience,
    ) -> Result<Response<Body>, No> {
        let (mut parts, body) = answer.into_parts();
        if refuses_token(parts.status, &parts.headers) {
            return Err(No::TokenRefused(Arc::clone(&self.transfer.lease)));
        }
        if parts.status.is_informational() {
            return Err(No::HubFailed);
        }
        strip(&mut parts.headers);
        if parts.status == StatusCode::UNAUTHORIZED {
            parts.headers.insert(WWW_AUTHENTICATE, challenge(context.form));
        }
        for left in outliving::of_head(&parts, &context) {
            self.transfer.note(left);
        }
        let treatment = rewriting::head(&context, &mut parts);
        // What is known to be too much is said in words, where a broken answer would say nothing.
        if !self.transfer.has_room_for(body.size_hint().lower()) {
            return Err(self.transfer.full().into());
        }
        let scrubbing = (treatment == Treatment::Scrub).then(|| context.scrubbing());
        let body = match treatment {
            _ if body.is_end_stream() => {
                self.account.answered(parts.status);
                self.account.end(How::Complete);
                body.map_err(BodyError::from).boxed_unsync()
            }
            Treatment::Pass | Treatment::Scrub => {
                self.account.answered(parts.status);
                Download::start(body, scrubbing, self, patience.idle).boxed_unsync()
            }
            Treatment::Rewrite => {
                let fit = self.rewrite(body, &context, patience).await?;
                self.account.answered(parts.status);
                parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(fit.len()));
                full(fit)
            }
            // The status and the headers say enough of a refusal, and nothing of anything else.
            Treatment::Drop if parts.status.as_u16() < 400 => return Err(No::HubFailed),
            Treatment::Drop => {
                self.account.answered(parts.status);
                self.account.end(How::Complete);
                parts.headers.remove(CONTENT_ENCODING);
                parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(0));
                full(Bytes::new())
            }
        };
        Ok(Response::from_parts(parts, body))
    }

    /// Reads a body and makes it fit.
    async fn rewrite(
        &self,
        body: Incoming,
        context: &Context,
        patience: Patience,
    ) -> Result<Vec<u8>, No> {
        let whole = tokio::select! {
            barred = self.transfer.ended() => return Err(barred.into()),
            whole = read_whole(body, rewriting::WHOLE, patience.idle) => whole,
        };
        let whole = whole.map_err(|why| match why {
            NotWhole::Oversized => No::Oversized,
            NotWhole::Stalled => No::HubStalled,
            NotWhole::Broken => No::HubFailed,
        })?;
        for left in outliving::of_body(&whole, context) {
            self.transfer.note(left);
        }
        let fit = rewriting::body(context, whole).map_err(|_| No::HubFailed)?;
        self.transfer.spend(fit.len())?;
        self.account.received(fit.len());
        self.account.end(How::Complete);
        Ok(fit)
    }
}

/// Takes out what is not for the client.
fn strip(headers: &mut HeaderMap) {
    if headers.contains_key(TRANSFER_ENCODING) {
        // It is not what the body was measured by (RFC 9112 §6.3), and a length that is too short would
        // make another answer of the rest.
        headers.remove(CONTENT_LENGTH);
    }
    strip_named(headers);
    for name in STRIPPED {
        headers.remove(*name);
    }
    headers.remove(WWW_AUTHENTICATE);
}

/// Whether the Hub refuses the token itself, which says nothing of the lease. It answers like this and
/// without a code (`hf_raise_for_status` in `huggingface_hub`'s `utils/_http.py`).
fn refuses_token(status: StatusCode, headers: &HeaderMap) -> bool {
    status == StatusCode::UNAUTHORIZED && !headers.contains_key("x-error-code")
}
