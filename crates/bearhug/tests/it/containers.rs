//! What files hold: compressed data, archives, and what is made to look like them.

mod bombs;
mod engine;
mod images;
