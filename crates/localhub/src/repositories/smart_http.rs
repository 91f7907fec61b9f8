//! git's own protocol: clones, fetches and pushes.

use axum::{body::Body, http::Request};

use super::{
    call::{Answer, Call},
    events,
    serve::nothing_here,
    store::http,
};
use crate::Access;

/// `GET /[T/]{id}[.git]/info/refs?service=…`.
pub(crate) async fn advertise(call: &Call, body: Body) -> Answer {
    // Without a service it would be the protocol that reads files one by one, which the Hub does not speak.
    let Some(service) = call.request.param("service") else { return Err(nothing_here()) };
    demand(call, service)?;
    run(call, "info/refs", body).await
}

/// `POST /[T/]{id}[.git]/git-upload-pack`, and `…/git-receive-pack`.
pub(crate) async fn exchange(call: &Call, service: &str, body: Body) -> Answer {
    demand(call, service)?;
    let answer = run(call, service, body).await?;
    if service == "git-receive-pack" {
        let now = call.world.clock.now();
        call.world.repositories.with(&call.repo, |record| record.updated_at = now)?;
        events::tell_of_content(call, vec![]);
    }
    Ok(answer)
}

fn demand(call: &Call, service: &str) -> Result<(), crate::Denial> {
    match service {
        "git-upload-pack" => call.demand(Access::Download),
        "git-receive-pack" => call.demand(Access::Write),
        _ => Err(nothing_here()),
    }
}

async fn run(call: &Call, service: &str, body: Body) -> Answer {
    let mut request = Request::new(body);
    *request.method_mut() = call.request.method.clone();
    *request.uri_mut() = call.request.uri.clone();
    *request.headers_mut() = call.request.headers.clone();
    let account = call.account().unwrap_or_default();
    Ok(http::serve(&call.git, service, &account, request).await?)
}
