//! What can go wrong here.

/// A table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What the bytes go to refused them.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// CSV refused.
    #[error("CSV: {0}")]
    Csv(#[from] csv::Error),
    /// JSON refused.
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Parquet refused.
    #[error("Parquet: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// A row has another number of values than its table has columns.
    #[error("a row of {table} has {found} values for {columns} columns")]
    OtherWidth {
        /// The table.
        table: &'static str,
        /// Its columns.
        columns: usize,
        /// Values of the row.
        found: usize,
    },
    /// A value is of another kind than its column.
    #[error("a value of {table}.{column} is of another kind")]
    OtherKind {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
}
