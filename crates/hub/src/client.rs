//! One way to the Hub for every operation.

use bearhug_core::resembles_token;
use reqwest::{
    StatusCode, Url,
    header::{AUTHORIZATION, CONTENT_TYPE, LOCATION},
    redirect, retry,
};

use crate::{
    endpoint::Endpoint,
    error::{Asked, Error, NoAnswer, Problem, Unsendable},
    pacing::{Pacer, TooLong},
    reply::Reply,
    request::Request,
    settings::{Proxy, Settings, Times},
    whoami::Memory,
};

/// How many redirects a read may follow.
const REDIRECTS: usize = 4;
/// How often a read is repeated when the Hub could not be asked.
const REPETITIONS: u32 = 3;

/// A client of one Hub.
///
/// A token is sent to the endpoint it was made for and to no other place: redirects are followed by
/// hand, within that origin, and for reads alone. Answers are bounded in size and time. The Hub's
/// limits are kept, and shared by all who use one client.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    endpoint: Endpoint,
    times: Times,
    longest_answer: usize,
    pacer: Pacer,
    pub(crate) memory: Memory,
}

/// Why there can be no client.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The address of the proxy cannot be read.
    #[error("the address of the proxy cannot be read")]
    Proxy,
    /// The machine's certificates cannot be read, or the name of the program cannot be sent.
    #[error("connections cannot be made: {0}")]
    Connections(NoAnswer),
}

impl Client {
    /// Prepares a client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// If the settings or the machine's certificates cannot be used.
    pub fn new(settings: Settings) -> Result<Self, SetupError> {
        let mut builder = reqwest::Client::builder()
            .user_agent(settings.user_agent)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .no_proxy()
            .connect_timeout(settings.times.connect)
            .read_timeout(settings.times.idle)
            .timeout(settings.times.whole);
        if let Some(proxy) = &settings.proxy {
            builder = builder.proxy(through(proxy)?);
        }
        if !settings.endpoint.is_encrypted() {
            // A Hub on this machine needs no certificates, and there may be none.
            builder = builder.tls_certs_only([]);
        }
        let http = builder.build().map_err(|error| SetupError::Connections(error.into()))?;
        Ok(Self {
            http,
            endpoint: settings.endpoint,
            times: settings.times,
            longest_answer: settings.longest_answer,
            pacer: Pacer::new(settings.pace, settings.waits),
            memory: Memory::new(settings.whoami_memory),
        })
    }

    /// The Hub that is asked.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Asks, and takes nothing but success for an answer.
    pub(crate) async fn ask(&self, request: &Request<'_>) -> Result<Reply, Error> {
        // Addresses stand in logs on the way, so that no token may be in one.
        let is_name = |segment: &&str| !resembles_token(segment);
        let address = self
            .endpoint
            .address(&request.segments, &request.query)
            .filter(|_| request.segments.iter().all(is_name))
            .ok_or_else(|| Error::new(&request.asked(), Unsendable::Name.into()))?;
        self.ask_at(request, address).await
    }

    /// Asks at an address of the endpoint.
    pub(crate) async fn ask_at(&self, request: &Request<'_>, address: Url) -> Result<Reply, Error> {
        let mut address = address;
        for _ in 0..=REDIRECTS {
            if request.reveals(address.as_str()) {
                let text = "it leads to an address that holds a token".to_owned();
                return Err(Error::new(&request.asked(), NoAnswer::Nonsense(text).into()));
            }
            let reply = self.ask_until_told(request, &address).await?;
            if !reply.status.is_redirection() {
                return if reply.status.is_success() {
                    Ok(reply)
                } else {
                    Err(reply.fail(reply.problem(request)))
                };
            }
            address = self.onward(request, &reply)?;
        }
        Err(Error::new(&request.asked(), NoAnswer::Endless.into()))
    }

    /// Where a redirect leads, if a read may go there.
    fn onward(&self, request: &Request<'_>, reply: &Reply) -> Result<Url, Error> {
        let location = reply.header(&LOCATION).unwrap_or_default();
        let target = self.endpoint.follow(&reply.address, location);
        let target = target.map_err(|origin| reply.fail(NoAnswer::Elsewhere(origin)))?;
        if request.method.is_safe() && !location.is_empty() {
            Ok(target)
        } else {
            let text = "it redirects a request that is no read".to_owned();
            Err(reply.fail(NoAnswer::Nonsense(text)))
        }
    }

    /// Asks one address, again where that is safe and may help, and within the Hub's limits.
    async fn ask_until_told(&self, request: &Request<'_>, address: &Url) -> Result<Reply, Error> {
        let mut patience = self.pacer.patience();
        let mut failures = 0;
        loop {
            let waited = self.pacer.admit(request.lane, request.login.caller(), patience).await;
            let waited = waited.map_err(|TooLong(wait)| {
                Error::new(&request.asked(), Problem::RateLimited { wait })
            })?;
            patience = patience.saturating_sub(waited);
            let outcome = self.ask_once(request, address).await;
            let may_pass = match &outcome {
                // The Hub did nothing, so it is safe to ask again once it allows.
                Ok(reply) if reply.status == StatusCode::TOO_MANY_REQUESTS => continue,
                Ok(reply) => matches!(reply.status.as_u16(), 502..=504),
                Err(error) => matches!(error.problem, Problem::NoAnswer(NoAnswer::Unreachable(_))),
            };
            if !may_pass || !request.is_repeatable || failures == REPETITIONS {
                return outcome;
            }
            tokio::time::sleep(self.times.backoff * 2_u32.pow(failures)).await;
            failures += 1;
        }
    }

    async fn ask_once(&self, request: &Request<'_>, address: &Url) -> Result<Reply, Error> {
        let asked = request.asked();
        let mut builder = self.http.request(request.method.clone(), address.clone());
        if let Some(header) = request.login.header() {
            let header = header.map_err(|problem| Error::new(&asked, problem.into()))?;
            builder = builder.header(AUTHORIZATION, header);
        }
        if let Some(content) = &request.content {
            builder = builder.header(CONTENT_TYPE, content.kind).body(content.bytes.to_vec());
        }
        let response = builder.send().await;
        let response =
            response.map_err(|error| Error::new(&asked, NoAnswer::from(error).into()))?;
        let caller = request.login.caller();
        self.pacer.learn(request.lane, caller, response.status(), response.headers());
        let longest = request.longest_answer.unwrap_or(self.longest_answer);
        Reply::read(request, response, longest).await
    }
}

fn through(proxy: &Proxy) -> Result<reqwest::Proxy, SetupError> {
    let exceptions = reqwest::NoProxy::from_string(&proxy.exceptions);
    // An unencrypted endpoint is on this machine or was insisted on: no proxy is to read along.
    let through = reqwest::Proxy::https(&proxy.address).map_err(|_| SetupError::Proxy)?;
    Ok(through.no_proxy(exceptions))
}

impl Request<'_> {
    pub(crate) fn asked(&self) -> Asked {
        Asked { method: self.method.to_string(), path: self.path(), request_id: None }
    }
}
