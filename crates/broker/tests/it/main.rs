//! The broker between raw requests and Hubs that behave, and that do not.

mod callers;
mod cut;
mod engine;
mod hostile;
mod journal;
mod own;
mod smuggling;
mod streams;
mod support;
