//! Where tokens are kept: a sealed file of one's own, and the way to other vaults.
