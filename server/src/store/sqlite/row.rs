//! A row of an answer, read column by column. It does not know what was asked.

use super::super::{Result, StoreError};

/// A row of an answer. Columns count from zero.
#[derive(Debug)]
pub struct Row<'a> {
    pub(super) row: &'a rusqlite::Row<'a>,
}

impl Row<'_> {
    /// An integer that cannot be negative.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn number(&self, column: usize) -> Result<u64> {
        let number: i64 = self.row.get(column)?;
        u64::try_from(number)
            .map_err(|_| StoreError::Unreadable(format!("{number} where a count was expected")))
    }

    /// An integer that cannot be negative, or nothing.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn optional_number(&self, column: usize) -> Result<Option<u64>> {
        let number: Option<i64> = self.row.get(column)?;
        number
            .map(|number| {
                u64::try_from(number).map_err(|_| {
                    StoreError::Unreadable(format!("{number} where a count was expected"))
                })
            })
            .transpose()
    }

    /// Text.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn text(&self, column: usize) -> Result<String> {
        Ok(self.row.get(column)?)
    }

    /// Text, or nothing.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn optional_text(&self, column: usize) -> Result<Option<String>> {
        Ok(self.row.get(column)?)
    }

    /// Bytes, as many as there are.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn blob(&self, column: usize) -> Result<Vec<u8>> {
        Ok(self.row.get(column)?)
    }

    /// Exactly `N` bytes.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn bytes<const N: usize>(&self, column: usize) -> Result<[u8; N]> {
        Ok(self.row.get(column)?)
    }

    /// Exactly `N` bytes, or nothing.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn optional_bytes<const N: usize>(&self, column: usize) -> Result<Option<[u8; N]>> {
        Ok(self.row.get(column)?)
    }
}
