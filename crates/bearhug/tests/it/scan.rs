//! `bearhug scan`: what is read, what is found there, and what the exit code says of it.

mod exits;
mod judgement;
mod large;
mod names;
mod special;
mod trees;
