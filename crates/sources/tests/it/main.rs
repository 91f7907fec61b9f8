//! Histories as real git writes them, compared with what git itself reads from them.

#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests damage files with fs::write")]

mod damage;
mod exactness;
mod real;
mod support;
