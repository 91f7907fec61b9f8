//! Hunts through the histories of repositories.

mod attribution;
