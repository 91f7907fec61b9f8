//! What is written, in which form, and where to.

mod files;
mod formats;
mod streams;
