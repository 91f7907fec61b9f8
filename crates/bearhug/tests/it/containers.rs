//! What is found inside other things.

mod engine;
mod images;
