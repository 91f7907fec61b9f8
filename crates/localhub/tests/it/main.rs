//! The local Hub over its sockets.

mod skeleton;
