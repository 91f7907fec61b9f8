//! What comes first, and what a waiver does.
