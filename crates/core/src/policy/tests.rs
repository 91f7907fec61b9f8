//! Policies as configuration has them, and what they find.
