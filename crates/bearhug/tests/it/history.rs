//! Hunts through the histories of repositories.

mod attribution;
mod damage;
mod parts;
mod places;
