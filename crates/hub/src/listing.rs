//! Lists that come in pages.

use serde::de::DeserializeOwned;

use crate::{
    client::Client,
    error::{Error, NoAnswer},
    link,
    reply::Reply,
    request::Request,
};

/// How many pages are read of one list, so that a server cannot lead on without end.
const PAGES: usize = 1000;

/// A list, as far as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T> {
    /// Its items.
    pub items: Vec<T>,
    /// Whether these are all.
    pub is_complete: bool,
}

impl Client {
    /// Reads a list until it ends or holds as many items as wanted. The next page is where the
    /// `Link` header says, so long as that is still at this Hub.
    pub(crate) async fn list<T: DeserializeOwned>(
        &self,
        request: &Request<'_>,
        most: usize,
    ) -> Result<Listing<T>, Error> {
        let mut reply = self.ask(request).await?;
        let mut items: Vec<T> = reply.json(request)?;
        for _ in 1..PAGES {
            let Some(target) = next_page(&reply) else {
                return Ok(Listing { items, is_complete: true });
            };
            if items.len() >= most {
                return Ok(Listing { items, is_complete: false });
            }
            let address = self.endpoint().follow(&reply.address, target);
            let address = address.map_err(|origin| reply.fail(NoAnswer::Elsewhere(origin)))?;
            reply = self.ask_at(request, address).await?;
            items.extend(reply.json::<Vec<T>>(request)?);
        }
        Err(reply.fail(NoAnswer::Endless))
    }
}

fn next_page(reply: &Reply) -> Option<&str> {
    let headers = reply.headers.get_all(reqwest::header::LINK).iter();
    headers.filter_map(|value| value.to_str().ok()).find_map(link::next)
}
