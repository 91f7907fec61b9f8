//! What happens to every request on its way in and out.

mod request_id;

pub(crate) use request_id::stamp;
