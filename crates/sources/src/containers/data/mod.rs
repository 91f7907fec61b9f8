//! Data files whose values are cut in pieces, or compressed without a signature.

pub(super) mod arrow;
pub(super) mod avro;
mod blocks;
pub(super) mod hdf5;
pub(super) mod log_frames;
pub(super) mod parquet;
pub(super) mod sqlite;
