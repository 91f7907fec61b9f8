//! A request from its head to its answer: authenticate, classify, decide, write down, open, forward.

use std::{io, net::IpAddr, sync::Arc};

use bearhug_core::{
    lease::{Lease, LeaseId},
    lending::{Keeper, Operation},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, header, request::Parts};
use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::{
    Book, Form, Journal, Passes, Settings,
    book::Transfer,
    callers::Caller,
    exchange::{
        Body, Exchange, Hub, NotWhole, Outgoing, Patience, Progress, Upload, full, how, read_whole,
    },
    head::{Target, host, length, method, target, text},
    journal::{Account, Decision, How, Record, Verdict},
    own::{self, Question},
    refusing::No,
    rewriting::Context,
    routes::{Head, Inspector, Own, Refusal, Route, WHOLE, classify},
};

/// The proxy between workloads and the Hub.
pub struct Broker {
    pub(crate) settings: Settings,
    pub(crate) book: Arc<Book>,
    keeper: Arc<dyn Keeper>,
    journal: Journal,
    hub: Hub,
    passes: Arc<Passes>,
    /// Places for bodies that are read whole.
    held: Semaphore,
}

/// How many bodies are read whole at once, of [`WHOLE`] bytes each at most.
const HELD: usize = 32;

/// Where a request comes from.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    /// Its address.
    pub(crate) source: IpAddr,
    /// Ends its connection.
    pub(crate) hang_up: CancellationToken,
}

/// A request whose sender is known.
struct Known<'a> {
    parts: &'a Parts,
    target: Target<'a>,
    lease: LeaseId,
    authorization: HeaderValue,
    peer: &'a Peer,
}

/// What is to be done with a body.
enum Content {
    /// It passes, and is looked at where there is somebody to look.
    Streamed(Incoming, Option<Inspector>),
    /// It was read.
    Read(Vec<u8>),
}

/// What goes to the Hub.
struct Load {
    content: Content,
    /// The path with its query.
    target: String,
    /// Whether it takes the token along. What is addressed by a capability goes as bare as it came.
    is_signed: bool,
}

impl Content {
    /// Starts to move it. A body that is empty has no frames to ask for, and goes as one.
    fn start(self, exchange: &Arc<Exchange>, name: &'static str) -> Result<(Body, Progress), No> {
        match self {
            Self::Streamed(body, inspector) if !body.is_end_stream() => {
                let inspector = inspector.map(|inspector| (name, inspector));
                let (upload, progress) = Upload::start(body, Arc::clone(exchange), inspector);
                Ok((upload.boxed_unsync(), progress))
            }
            Self::Streamed(..) => Ok((full(Bytes::new()), Progress::done())),
            Self::Read(bytes) => {
                exchange.transfer.spend(bytes.len())?;
                exchange.account.sent(bytes.len());
                Ok((full(bytes), Progress::done()))
            }
        }
    }
}

impl Broker {
    /// One that lends what a keeper opens to the leases of a book.
    ///
    /// # Errors
    ///
    /// The computer's trusted certificates cannot be read.
    pub fn new(
        settings: Settings,
        keeper: Arc<dyn Keeper>,
        book: Arc<Book>,
        journal: Journal,
    ) -> io::Result<Self> {
        let passes = Arc::new(Passes::new());
        let held = Semaphore::new(HELD);
        Ok(Self { settings, book, keeper, journal, hub: Hub::new()?, passes, held })
    }

    /// Answers a request.
    pub(crate) async fn answer(&self, request: Request<Incoming>, peer: &Peer) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let form = Form::of(parts.uri.path());
        let is_framed_twice = parts.headers.contains_key(header::TRANSFER_ENCODING);
        let answered = self.handle(&parts, body, peer).await;
        let mut answer = answered.unwrap_or_else(|no| no.answer(form));
        if is_framed_twice {
            // A length that came beside the encoding is gone by now (RFC 9112 §6.1). Whoever counted by it
            // takes what follows for another request than we do, so nothing follows.
            answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        answer
    }

    async fn handle(
        &self,
        parts: &Parts,
        body: Incoming,
        peer: &Peer,
    ) -> Result<Response<Body>, No> {
        let target = target(parts).map_err(No::Malformed)?;
        host(&parts.headers).map_err(No::Malformed)?;
        if target.path == "/.bearhug/health" {
            return Ok(own::health());
        }
        if let Some(pass) = self.passes.open(target.path, self.book.clock().now()) {
            let authorization = HeaderValue::from_static("");
            let known = Known { parts, target, lease: pass.lease, authorization, peer };
            let content = Content::Streamed(body, None);
            let load = Load { content, target: pass.target.clone(), is_signed: false };
            return self.lend(&known, pass.operation(), load).await;
        }
        let route = classify(&Head {
            method: &parts.method,
            path: target.path,
            query: target.query,
            content_type: text(&parts.headers, &header::CONTENT_TYPE),
            is_encoded: parts.headers.contains_key(header::CONTENT_ENCODING),
        });
        if matches!(route, Route::Own(Own::Nothing)) {
            return Err(No::Nothing);
        }
        let (lease, authorization) = self.authenticate(parts, peer)?;
        let known = Known { parts, target, lease, authorization, peer };
        if let Some(place) = target.path.strip_prefix("/.bearhug/") {
            let question = Question::at(&parts.method, place).ok_or(No::Nothing)?;
            return self.answer_itself(&known, question, body).await;
        }
        self.route(&known, route, body).await
    }

    /// Who sends a request. What comes without a lease is written down where that is news to somebody.
    fn authenticate(&self, parts: &Parts, peer: &Peer) -> Result<(LeaseId, HeaderValue), No> {
        match Caller::of(&parts.headers) {
            Caller::Holder(lease, authorization) => match self.book.look(lease) {
                Ok(_) => Ok((lease, authorization)),
                Err(barred) => {
                    let decision = Decision { lease: Some(lease), ..self.draft(parts, peer) };
                    Err(self.deny(decision, barred.into()))
                }
            },
            Caller::Nobody => Err(No::Nobody),
            Caller::Stranger => Err(No::Stranger),
            Caller::Token(print) => {
                let decision = Decision { token: Some(print), ..self.draft(parts, peer) };
                Err(self.deny(decision, No::Token(print)))
            }
        }
    }

    async fn route(
        &self,
        known: &Known<'_>,
        route: Route,
        body: Incoming,
    ) -> Result<Response<Body>, No> {
        let target = known.target.whole.to_owned();
        let load = |content| Load { content, target, is_signed: true };
        let refused = match route {
            Route::Known(operation) => {
                let mut load = load(Content::Streamed(body, None));
                // What needs nothing is asked for as anybody would: the answer may depend on who asks.
                load.is_signed = !operation.needs.is_empty() || !operation.partly.is_empty();
                return self.lend(known, operation, load).await;
            }
            Route::Passing(operation, inspector) => {
                let content = Content::Streamed(body, Some(inspector));
                return self.lend(known, operation, load(content)).await;
            }
            Route::Whole(reader) => {
                // All bodies that are held at once, of all leases, have a bound.
                let room = self.held.acquire().await.map_err(|_| No::Stalled)?;
                let whole = self.read(known, body).await?;
                match reader.operation(&whole) {
                    Ok(operation) => {
                        let answer = self.lend(known, operation, load(Content::Read(whole))).await;
                        drop(room);
                        return answer;
                    }
                    Err(refusal) => refusal,
                }
            }
            Route::Own(Own::Whoami) => {
                return self.answer_itself(known, Question::Whoami, body).await;
            }
            Route::Own(Own::Nothing) => return Err(No::Nothing),
            Route::Refused(refusal) => refusal,
        };
        Err(self.deny(self.draft_of(known), No::Refused(refused)))
    }

    /// Reads the body of a request that says only there what it would do.
    async fn read(&self, known: &Known<'_>, body: Incoming) -> Result<Vec<u8>, No> {
        let unknown = Operation { name: "unknown", needs: vec![], partly: vec![], model: None };
        let read = match self.book.also(known.lease, &unknown, known.peer.source) {
            Err(barred) => Err(barred.into()),
            Ok(()) => read_whole(body, WHOLE, self.settings.idle).await.map_err(|why| match why {
                NotWhole::Oversized => No::Refused(Refusal::TooLarge(WHOLE)),
                NotWhole::Stalled => No::Stalled,
                NotWhole::Broken => No::Malformed("its body broke off"),
            }),
        };
        read.map_err(|no| self.deny(self.draft_of(known), no))
    }

    /// Decides about a request, and writes that down.
    async fn decide(
        &self,
        known: &Known<'_>,
        operation: &Operation,
    ) -> Result<(Arc<Account>, Arc<Transfer>), No> {
        let draft = Decision {
            operation: Some(operation.name.to_owned()),
            needs: Decision::texts(operation.needs.iter().chain(&operation.partly)),
            ..self.draft_of(known)
        };
        let begun = self.book.begin(known.lease, operation, known.peer.source);
        let transfer = match begun {
            Ok(transfer) if transfer.has_room_for(length(&known.parts.headers)) => transfer,
            Ok(transfer) => return Err(self.deny(draft, transfer.full().into())),
            Err(barred) => return Err(self.deny(draft, barred.into())),
        };
        Ok((self.allow(draft, &transfer.lease).await?, Arc::new(transfer)))
    }

    /// Answers by itself what a lease may ask whatever it allows, and writes that down. Nothing is spent by
    /// it.
    async fn answer_itself(
        &self,
        known: &Known<'_>,
        question: Question,
        body: Incoming,
    ) -> Result<Response<Body>, No> {
        let operation = question.operation();
        let name = Some(operation.name.to_owned());
        let draft = Decision { operation: name, ..self.draft_of(known) };
        let admitted = self.book.also(known.lease, &operation, known.peer.source);
        let admitted = admitted.and_then(|()| self.book.look(known.lease));
        let lease = admitted.map_err(|barred| self.deny(draft.clone(), barred.into()))?;
        let account = self.allow(draft, &lease).await?;
        let answered = own::answer(self, &lease, question, body).await;
        account.answered(answered.as_ref().map_or_else(No::status, Response::status));
        account.end(answered.as_ref().map_or_else(how, |_| How::Complete));
        answered
    }

    /// Writes down that a request is let through.
    async fn allow(&self, draft: Decision, lease: &Lease) -> Result<Arc<Account>, No> {
        let workload = Some(lease.workload.clone());
        let request = draft.request.clone();
        let decision = Decision { workload, verdict: Verdict::Allowed, ..draft };
        self.journal.write(&Record::Decision(decision)).await.map_err(|_| No::Unwritten)?;
        Ok(Account::open(self.journal.clone(), Arc::clone(&self.book), request))
    }

    /// Decides about a request, writes that down, opens the vault, and lets it through.
    async fn lend(
        &self,
        known: &Known<'_>,
        operation: Operation,
        load: Load,
    ) -> Result<Response<Body>, No> {
        let (account, transfer) = self.decide(known, &operation).await?;
        let hang_up = known.peer.hang_up.clone();
        let exchange = Arc::new(Exchange { transfer, account, hang_up });
        let sent = self.exchange(known, &exchange, operation, load).await;
        if let Err(no) = &sent {
            exchange.account.answered(no.status());
            exchange.account.end(how(no));
        }
        sent
    }

    async fn exchange(
        &self,
        known: &Known<'_>,
        exchange: &Arc<Exchange>,
        operation: Operation,
        load: Load,
    ) -> Result<Response<Body>, No> {
        let permit = &exchange.transfer.permit;
        let token = self.keeper.open(permit).map_err(No::Tokenless)?;
        let form = Form::of_operation(operation.name);
        let (body, progress) = load.content.start(exchange, operation.name)?;
        let outgoing = Outgoing {
            upstream: &self.settings.upstream,
            target: &load.target,
            form,
            lease: known.lease,
            token: load.is_signed.then_some(&*token),
        };
        let request = outgoing.request(known.parts, body);
        let request = request.ok_or(No::Malformed("its target is no path and query"))?;
        let patience = Patience { idle: self.settings.idle, answer: self.settings.answer };
        // The decision may have waited for the disk. Whatever ended the lease meanwhile is seen first here.
        self.book.look(known.lease)?;
        let answer = exchange.send(&self.hub, request, progress, patience).await?;
        let context = Context {
            upstream: Arc::clone(self.settings.upstream.address()),
            broker: self.base(&known.parts.headers)?,
            authorization: known.authorization.clone(),
            token,
            form,
            operation: Arc::new(operation),
            lease: known.lease,
            at: self.book.clock().now(),
            passes: Arc::clone(&self.passes),
        };
        Arc::clone(exchange).give_back(answer, context, patience).await
    }

    /// Where the client found the broker.
    fn base(&self, headers: &HeaderMap) -> Result<Arc<str>, No> {
        if let Some(public) = &self.settings.public {
            return Ok(Arc::clone(public));
        }
        let host = host(headers).map_err(No::Malformed)?;
        Ok(format!("http://{host}").into())
    }

    /// A decision that was not taken yet, about a request with a lease.
    fn draft_of(&self, known: &Known<'_>) -> Decision {
        Decision { lease: Some(known.lease), ..self.draft(known.parts, known.peer) }
    }

    /// A decision that was not taken yet.
    fn draft(&self, parts: &Parts, peer: &Peer) -> Decision {
        Decision {
            request: self.journal.name(),
            at: self.book.clock().now(),
            lease: None,
            workload: None,
            token: None,
            source: peer.source,
            method: method(&parts.method),
            operation: None,
            needs: Vec::new(),
            verdict: Verdict::Denied,
            why: None,
        }
    }

    /// Writes down that a request was denied. A denial stands whether or not it can be written.
    fn deny(&self, decision: Decision, no: No) -> No {
        let decision = Decision { why: Some(no.sentence()), ..decision };
        self.journal.note(&Record::Decision(decision));
        no
    }
}
