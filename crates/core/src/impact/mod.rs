//! What somebody with a credential could do with it.

/// A class of harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Impact {
    /// Download private models and data.
    Download,
    /// Alter or delete repositories.
    Alter,
    /// Change what models are trained on, or what others build on.
    Poison,
    /// Go on from here: run code, spend money, change settings and people, make more credentials.
    Pivot,
}

impl Impact {
    /// Every class, from what can be seen to what spreads.
    pub const ALL: [Self; 4] = [Self::Download, Self::Alter, Self::Poison, Self::Pivot];

    /// The name that output uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Download => "download",
            Self::Alter => "alter",
            Self::Poison => "poison",
            Self::Pivot => "pivot",
        }
    }

    /// What it is, for a person.
    pub fn title(self) -> &'static str {
        match self {
            Self::Download => "download private models and data",
            Self::Alter => "alter repositories",
            Self::Poison => "poison training inputs",
            Self::Pivot => "pivot into other services and credentials",
        }
    }
}
