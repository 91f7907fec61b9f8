//! The way to the Hub.

use std::{io, sync::Arc, time::Duration};

use bearhug_core::lending::Permit;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, Error, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use rustls::{ClientConfig, crypto::aws_lc_rs};
use rustls_platform_verifier::BuilderVerifierExt;

use super::Body;

/// How long it may take until the Hub takes a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// For how long a connection that nobody uses is kept. The Hub's load balancers close theirs after a
/// minute.
const KEPT: Duration = Duration::from_secs(30);
/// How many headers an answer may have. The Hub sends about forty.
const HEADERS: usize = 128;
/// How large the head of an answer may be, in bytes.
const HEAD: usize = 64 << 10;

/// The way to the Hub, with its connections.
#[derive(Debug, Clone)]
pub(crate) struct Hub(Client<HttpsConnector<HttpConnector>, Body>);

impl Hub {
    /// One with no connections yet, which trusts whom the computer trusts.
    pub(crate) fn new() -> io::Result<Self> {
        let mut http = HttpConnector::new();
        http.set_nodelay(true);
        http.set_connect_timeout(Some(CONNECT));
        http.enforce_http(false);
        let tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(BuilderVerifierExt::with_platform_verifier)
            .map_err(io::Error::other)?
            .with_no_client_auth();
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(KEPT)
            .http1_max_headers(HEADERS)
            .http1_max_buf_size(HEAD)
            .build(connector);
        Ok(Self(client))
    }

    /// Sends a request, as a permit allows. Redirects are for whoever asked to follow.
    pub(crate) async fn forward(
        &self,
        _permit: &Permit,
        request: Request<Body>,
    ) -> Result<Response<Incoming>, Error> {
        self.0.request(request).await
    }
}
