//! The client, against servers that mean well and servers that do not.

#![cfg(test)]

mod ending;
mod hostile;
mod limits;
mod no;
mod openapi;
mod operations;
mod server;
mod undocumented;
mod whoami;
