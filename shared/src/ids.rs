//! Ids as types of their own. This file does not mint any: randomness and clocks live in the programs.
//!
//! An id is 128 bits. It is written as 32 hexadecimal digits; the hyphenated form of RFC 9562 is
//! read as well, because that is what most UUID libraries print. The id of all zeros is refused:
//! it is what a program sends that forgot to make one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;
use uuid::Uuid;

use crate::json::{FromJson, NotRead};
use crate::limits::SEQ_MAX;

/// Why a text is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdError;

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id is 32 hexadecimal digits that are not all zero")
    }
}

impl std::error::Error for IdError {}

fn parse(text: &str) -> Result<Uuid, IdError> {
    // `Uuid` also reads braced and URN forms; those are never seen here, so they are mistakes.
    if text.len() != 32 && text.len() != 36 {
        return Err(IdError);
    }
    let id = Uuid::try_parse(text).map_err(|_| IdError)?;
    if id.is_nil() { Err(IdError) } else { Ok(id) }
}

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Takes 128 bits that were minted elsewhere.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 128 bits, most significant byte first.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_simple().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0.as_simple())
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut digits = Uuid::encode_buffer();
                serializer.serialize_str(self.0.as_simple().encode_lower(&mut digits))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                parse(&text).map(Self).map_err(de::Error::custom)
            }
        }

        impl FromJson for $name {
            fn from_json(value: Value) -> Result<Self, NotRead> {
                let id = value.as_str().and_then(|text| parse(text).ok());
                id.map(Self).ok_or_else(|| NotRead::misfit(value))
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some("^[0-9a-f]{32}$"))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    };
}

id_type!(
    /// A person, with an account or as a guest. Public: it stands beside every message they write.
    UserId
);
id_type!(
    /// A conversation: the Lobby, a group, the talk of two people, or one's notes.
    ConversationId
);
id_type!(
    /// A message, or a change to one. Minted by its author's client as a UUIDv7, so that the row on the author's screen
    /// and the row in the store are the same from the first moment and a retry is recognised for ever.
    /// A notice has no author's client: the server mints its id.
    MessageId
);

id_type!(
    /// A session: one browser or device that a person signed in on. Public to that person only, and no secret.
    SessionId
);
id_type!(
    /// A token of a program; not the secret that the program shows.
    TokenId
);
id_type!(
    /// An invitation to register or into a group; not the code that is handed on.
    InvitationId
);
id_type!(
    /// A picture of a person or a group: a digest of what it shows, so that another picture has another id.
    PictureId
);

impl MessageId {
    /// Lays out a UUIDv7 (RFC 9562, section 5.7) from milliseconds since 1970 and random bytes.
    pub fn from_time_and_randomness(unix_ms: u64, random: [u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid())
    }
}

/// The number of a change within its conversation: 1, 2, 3 … without a hole.
///
/// Zero means "before the first change". At most [`SEQ_MAX`], which every JSON reader holds exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// Before the first change.
    pub const ZERO: Seq = Seq(0);

    /// The number that follows this one.
    #[must_use]
    pub const fn next(self) -> Seq {
        Seq(self.0 + 1)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Seq {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u64::deserialize(deserializer)?;
        if number > SEQ_MAX {
            return Err(de::Error::custom(format_args!(
                "a sequence number is at most {SEQ_MAX}"
            )));
        }
        Ok(Seq(number))
    }
}

impl FromJson for Seq {
    fn from_json(value: Value) -> Result<Self, NotRead> {
        let number = value.as_u64().filter(|number| *number <= SEQ_MAX);
        number.map(Seq).ok_or_else(|| NotRead::misfit(value))
    }
}

/// A moment in the life of a server, by which it is told what changed for someone since: each batch of
/// changes has the next one.
///
/// Zero means "before everything". At most [`SEQ_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Stamp(pub u64);

impl Stamp {
    /// The one that follows this one.
    #[must_use]
    pub const fn next(self) -> Stamp {
        Stamp(self.0 + 1)
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Seq::deserialize(deserializer).map(|number| Self(number.0))
    }
}

impl FromJson for Stamp {
    fn from_json(value: Value) -> Result<Self, NotRead> {
        Seq::from_json(value).map(|number| Self(number.0))
    }
}
