//! Hunts through the histories of repositories.

mod attribution;
mod parts;
mod places;
