//! Random lives, held against the table of the design.
