//! Histories as real git writes them, compared with what git itself reads from them.

#![cfg(test)]

mod damage;
mod exactness;
mod real;
mod support;
