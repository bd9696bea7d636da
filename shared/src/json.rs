//! Reads what the server tells out of JSON. It knows how to read, and no type that is read.
//!
//! Every visitor downloads this reader, so it is made to be small: the text becomes a tree first, and
//! each type takes its fields out of the tree. A derived reader is compiled anew for each type and
//! several times as large; the strict one for commands is derived, because only the server has it.
//!
//! This reader is lenient, so that a newer server does not break an older page: what it does not know
//! it passes over. A field that is absent reads as null, and null reads as an absent [`Option`].

use std::fmt;

use serde_json::{Map, Value};

/// Why something could not be read.
#[derive(Debug)]
pub enum NotRead {
    /// The text is no JSON.
    NoJson(serde_json::Error),
    /// A value is none that can stand where it does.
    Misfit {
        /// The name of the innermost field that it was found in, if it was found in one.
        field: Option<&'static str>,
        /// The value; null where there was none.
        found: Value,
    },
}

impl NotRead {
    /// For a value that is not what was wanted.
    pub fn misfit(found: Value) -> Self {
        Self::Misfit { field: None, found }
    }

    fn in_field(mut self, name: &'static str) -> Self {
        if let Self::Misfit { field, .. } = &mut self {
            field.get_or_insert(name);
        }
        self
    }
}

impl fmt::Display for NotRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoJson(error) => error.fmt(f),
            Self::Misfit { field, found } => match field {
                Some(field) if found.is_null() => write!(f, "missing field `{field}`"),
                Some(field) => write!(f, "field `{field}` cannot be {found}"),
                None => write!(f, "this cannot be {found}"),
            },
        }
    }
}

impl std::error::Error for NotRead {}

/// What can be read out of JSON.
pub trait FromJson: Sized {
    /// Reads a value.
    ///
    /// # Errors
    /// When the value, or one inside it, is none that fits.
    fn from_json(value: Value) -> Result<Self, NotRead>;
}

/// Reads a text.
///
/// # Errors
/// When it is no JSON, or not the JSON that was wanted.
pub fn read<T: FromJson>(text: &str) -> Result<T, NotRead> {
    T::from_json(serde_json::from_str(text).map_err(NotRead::NoJson)?)
}

/// The fields of an object.
#[derive(Debug)]
pub struct Fields(Map<String, Value>);

impl Fields {
    /// Those of a value.
    ///
    /// # Errors
    /// When the value is no object.
    pub fn of(value: Value) -> Result<Self, NotRead> {
        match value {
            Value::Object(fields) => Ok(Self(fields)),
            other => Err(NotRead::misfit(other)),
        }
    }

    /// Reads a field, which is absent afterwards.
    ///
    /// # Errors
    /// When its value does not fit, or it has none and needs one.
    pub fn take<T: FromJson>(&mut self, name: &'static str) -> Result<T, NotRead> {
        let value = self.0.get_mut(name).map_or(Value::Null, Value::take);
        T::from_json(value).map_err(|error| error.in_field(name))
    }
}

impl FromJson for bool {
    fn from_json(value: Value) -> Result<Self, NotRead> {
        value.as_bool().ok_or_else(|| NotRead::misfit(value))
    }
}

impl FromJson for u64 {
    fn from_json(value: Value) -> Result<Self, NotRead> {
        value.as_u64().ok_or_else(|| NotRead::misfit(value))
    }
}

impl FromJson for u32 {
    fn from_json(value: Value) -> Result<Self, NotRead> {
        let number = value.as_u64().and_then(|number| number.try_into().ok());
        number.ok_or_else(|| NotRead::misfit(value))
    }
}

impl FromJson for String {
    fn from_json(value: Value) -> Result<Self, NotRead> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(NotRead::misfit(other)),
        }
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: Value) -> Result<Self, NotRead> {
        match value {
            Value::Null => Ok(None),
            value => T::from_json(value).map(Some),
        }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: Value) -> Result<Self, NotRead> {
        match value {
            Value::Array(values) => values.into_iter().map(T::from_json).collect(),
            other => Err(NotRead::misfit(other)),
        }
    }
}

/// Reads a struct by its fields. One that is left out does not compile. Those after `or default` may be
/// absent; those after `flat` are themselves structs whose fields stand among the others.
macro_rules! read_fields {
    ($type:ident { $($field:ident),* $(,)? }
        $(or default { $($absent:ident),* })?
        $(flat { $($flat:ident),* })?
    ) => {
        impl $crate::json::FromJson for $type {
            fn from_json(value: serde_json::Value) -> Result<Self, $crate::json::NotRead> {
                $($(let $flat = $crate::json::FromJson::from_json(value.clone())?;)*)?
                let mut fields = $crate::json::Fields::of(value)?;
                Ok(Self {
                    $($($flat,)*)?
                    $($field: fields.take(stringify!($field))?,)*
                    $($($absent: fields.take::<Option<_>>(stringify!($absent))?.unwrap_or_default(),)*)?
                })
            }
        }
    };
}

/// Reads an enum by the field that names its variant, and by the fields of each. A variant or a field
/// that is left out does not compile; a name that is none of these reads as `Unknown`.
macro_rules! read_variants {
    ($type:ident by $tag:literal { $($name:literal => $variant:ident { $($field:ident),* }),* $(,)? }) => {
        impl $crate::json::FromJson for $type {
            fn from_json(value: serde_json::Value) -> Result<Self, $crate::json::NotRead> {
                let mut fields = $crate::json::Fields::of(value)?;
                let name: String = fields.take($tag)?;
                let read = match name.as_str() {
                    $($name => Self::$variant { $($field: fields.take(stringify!($field))?),* },)*
                    _ => Self::Unknown,
                };
                match read {
                    $(Self::$variant { .. })|* | Self::Unknown => Ok(read),
                }
            }
        }

        $crate::json::read_by_tree!($type);
    };
}

/// Reads an enum without fields by the names of its variants. A variant that is left out does not
/// compile; a name that is none of these is not read.
macro_rules! read_names {
    ($type:ident { $($name:literal => $variant:ident),* $(,)? }) => {
        impl $crate::json::FromJson for $type {
            fn from_json(value: serde_json::Value) -> Result<Self, $crate::json::NotRead> {
                let read = match value.as_str() {
                    $(Some($name) => Self::$variant,)*
                    _ => return Err($crate::json::NotRead::misfit(value)),
                };
                match read {
                    $(Self::$variant)|* => Ok(read),
                }
            }
        }

        $crate::json::read_by_tree!($type);
    };
}

/// Lets derived readers have a type inside those that they read.
macro_rules! read_by_tree {
    ($type:ident) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = serde_json::Value::deserialize(deserializer)?;
                $crate::json::FromJson::from_json(value).map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use {read_by_tree, read_fields, read_names, read_variants};
