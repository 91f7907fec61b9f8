//! What was asked, for who wants to see what a client puts into addresses.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use crate::World;

/// How many requests are remembered, the last ones.
const MOST: usize = 10_000;

/// The last requests by method, path and query.
#[derive(Debug, Default)]
pub(crate) struct Visits(Mutex<VecDeque<String>>);

impl Visits {
    fn add(&self, visit: String) {
        let mut visits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        visits.push_back(visit);
        if visits.len() > MOST {
            visits.pop_front();
        }
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

/// Remembers a request before anything else is done with it.
pub(crate) async fn note(
    State(world): State<Arc<World>>,
    request: Request,
    next: Next,
) -> Response {
    world.visits.add(format!("{} {}", request.method(), request.uri()));
    next.run(request).await
}
