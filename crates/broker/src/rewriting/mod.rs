//! Answers of the Hub, made fit for who holds a lease.
//!
//! Whatever would send a client past the broker is turned back to it, and whatever repeats the token is
//! taken out. What a file of a repository holds is never touched.
