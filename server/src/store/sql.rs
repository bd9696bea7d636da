//! The seam between statements and databases: a statement's text and its values. It knows no driver.

/// A value that goes into a statement.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// A 64-bit integer.
    Integer(i64),
    /// Text.
    Text(&'a str),
    /// Bytes: ids and hashes.
    Bytes(&'a [u8]),
    /// Nothing.
    Null,
}

impl From<u64> for Value<'_> {
    /// Sequence numbers and times stay far below the sign bit.
    fn from(number: u64) -> Self {
        Self::Integer(number.cast_signed())
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self::Bytes(bytes)
    }
}
