//! What happens to every request on its way in and out.

mod faults;
mod rate_limit;
mod request_id;
mod small_bodies;
mod visits;

pub use faults::{Fault, FaultKind};
pub(crate) use faults::{Faults, inject, routes as fault_routes};
pub use rate_limit::Limits;
pub(crate) use rate_limit::{Meters, limit};
pub(crate) use request_id::stamp;
pub(crate) use small_bodies::read_ahead;
pub(crate) use visits::{Visits, note};
