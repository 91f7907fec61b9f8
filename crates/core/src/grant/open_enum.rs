//! Enumerations of names that the Hub may add to.

/// Declares an enumeration of the names that are known today. Whatever else the Hub sends is kept as
/// `Unknown`, since a new name must not break a program that is older than it.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $enum:ident { $( $(#[$doc:meta])* $variant:ident = $name:literal, )+ }
    ) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
        )]
        #[serde(from = "String", into = "String")]
        pub enum $enum {
            $( $(#[$doc])* $variant, )+
            /// A name that came later than this program, as the Hub wrote it.
            Unknown(String),
        }

        impl $enum {
            /// The name that the Hub uses.
            pub fn name(&self) -> &str {
                match self {
                    $( Self::$variant => $name, )+
                    Self::Unknown(name) => name,
                }
            }
        }

        impl From<String> for $enum {
            fn from(name: String) -> Self {
                Self::from(name.as_str())
            }
        }

        impl From<$enum> for String {
            fn from(name: $enum) -> Self {
                name.name().to_owned()
            }
        }

        impl From<&str> for $enum {
            fn from(name: &str) -> Self {
                match name {
                    $( $name => Self::$variant, )+
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }
    };
}

pub(super) use open_enum;
