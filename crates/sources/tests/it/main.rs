//! Histories as real git writes them, compared with what git itself reads from them.

#![cfg(test)]
#![expect(
    clippy::disallowed_methods,
    reason = "tests break files with fs::write, and read where somebody's repositories are"
)]

mod damage;
mod exactness;
mod hostile;
mod real;
mod support;
