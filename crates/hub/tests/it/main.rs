//! The client, against servers that mean well and servers that do not.

#![cfg(test)]
