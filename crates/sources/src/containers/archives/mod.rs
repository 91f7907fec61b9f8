//! Archives: containers of named members.

pub(super) mod ar;
pub(super) mod asar;
pub(super) mod cpio;
pub(super) mod seven_zip;
pub(super) mod tar;
pub(super) mod zip;
