//! The local Hub over its sockets.

mod clients;
mod skeleton;
mod stage;
