//! What holds other things.

use std::fmt;

/// A format that wraps content: compressed data, an archive, or a file of which parts are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Container {
    /// An `ar` archive: Debian packages, static libraries.
    Ar,
    /// Apache Arrow: a file, a stream, or Feather of version 2.
    Arrow,
    /// An Electron application archive.
    Asar,
    /// An Avro object container.
    Avro,
    /// Brotli (RFC 7932).
    Brotli,
    /// bzip2.
    Bzip2,
    /// cpio: the payload of RPM packages and of initial RAM disks.
    Cpio,
    /// GIF.
    Gif,
    /// gzip (RFC 1952).
    Gzip,
    /// An HDF5 file: Keras models, data sets.
    Hdf5,
    /// A container image: what `docker save` writes, or an OCI layout.
    Image,
    /// A log in LevelDB's framing, such as wandb's run files.
    LogFrames,
    /// An LZ4 frame.
    Lz4,
    /// LZMA as it was before xz.
    Lzma,
    /// The XML of an office document, whose text tags cut into runs.
    Markup,
    /// A Jupyter notebook.
    Notebook,
    /// Apache Parquet.
    Parquet,
    /// PDF.
    Pdf,
    /// PNG.
    Png,
    /// 7-Zip.
    SevenZip,
    /// Snappy's framing format.
    Snappy,
    /// A SQLite database.
    Sqlite,
    /// tar, in any of its dialects.
    Tar,
    /// xz.
    Xz,
    /// ZIP and what is built on it: wheels, jars, office documents, torch checkpoints, npz.
    Zip,
    /// zlib (RFC 1950).
    Zlib,
    /// Zstandard (RFC 8878).
    Zstd,
}

impl Container {
    /// The name that output uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ar => "ar",
            Self::Arrow => "arrow",
            Self::Asar => "asar",
            Self::Avro => "avro",
            Self::Brotli => "brotli",
            Self::Bzip2 => "bzip2",
            Self::Cpio => "cpio",
            Self::Gif => "gif",
            Self::Gzip => "gzip",
            Self::Hdf5 => "hdf5",
            Self::Image => "image",
            Self::LogFrames => "log-frames",
            Self::Lz4 => "lz4",
            Self::Lzma => "lzma",
            Self::Markup => "text",
            Self::Notebook => "notebook",
            Self::Parquet => "parquet",
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::SevenZip => "7z",
            Self::Snappy => "snappy",
            Self::Sqlite => "sqlite",
            Self::Tar => "tar",
            Self::Xz => "xz",
            Self::Zip => "zip",
            Self::Zlib => "zlib",
            Self::Zstd => "zstd",
        }
    }

    /// Whether what stands whole in its own bytes stands in one of its parts as well: a member that is
    /// stored and not compressed. Of others only what is packed or cut is a part.
    pub fn repeats_itself(self) -> bool {
        !matches!(
            self,
            Self::Gif | Self::Markup | Self::Notebook | Self::Pdf | Self::Png | Self::Sqlite
        )
    }

    /// Whether its parts are stretches of its own text, so that a line in a part is a line of the
    /// file.
    pub fn is_outlined(self) -> bool {
        self == Self::Notebook
    }
}

impl fmt::Display for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
