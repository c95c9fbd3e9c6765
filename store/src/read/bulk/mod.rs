//! Everything about the survey as it stands, table by table, row by row, for exports.
//!
//! One file for each table: its definition beside the query whose rows it is of. All tables of one [`Bulk`] are of one
//! moment. Facts of projects whose source is hidden are here; lines of source are nowhere.

mod declarations;
mod projects;
mod structures;
mod uses;
mod verdicts;
mod wheels;

use export::{Table, Value};
use sqlx::{Postgres, Transaction, query, query_scalar};

use crate::{Error, Sha256, Store};

/// The tables of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkTable {
    /// One row for each project.
    Projects,
    /// One row for each standing release that was read and each target.
    Verdicts,
    /// One row for each use.
    Uses,
    /// One row for each structure that a standing release touches.
    Structures,
    /// One row for each thing that a project says about the stable ABI.
    Declarations,
    /// One row for each wheel of a standing release.
    Wheels,
}

impl BulkTable {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Projects, Self::Verdicts, Self::Uses, Self::Structures, Self::Declarations, Self::Wheels];

    /// What it is made of.
    pub const fn table(self) -> &'static Table {
        match self {
            Self::Projects => &projects::TABLE,
            Self::Verdicts => &verdicts::TABLE,
            Self::Uses => &uses::TABLE,
            Self::Structures => &structures::TABLE,
            Self::Declarations => &declarations::TABLE,
            Self::Wheels => &wheels::TABLE,
        }
    }
}

/// The survey at one moment, to be read from end to end.
#[derive(Debug)]
pub struct Bulk {
    /// Sees what was committed when it began, and nothing later.
    moment: Transaction<'static, Postgres>,
}

/// What takes the rows of a table.
type Sink<'a> = &'a mut (dyn FnMut(&[Value<'_>]) -> Result<(), export::Error> + Send);

impl Store {
    /// The survey as it is now, whatever is written while it is read.
    pub async fn bulk(&self) -> Result<Bulk, Error> {
        let mut moment = self.pool.begin().await?;
        query!("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").execute(&mut *moment).await?;
        Ok(Bulk { moment })
    }
}

impl Bulk {
    /// The data version of its moment.
    pub async fn data_version(&mut self) -> Result<i64, Error> {
        let version = query_scalar!(r#"SELECT sum(changes)::bigint AS "n!" FROM data_changes"#);
        Ok(version.fetch_one(&mut *self.moment).await?)
    }

    /// The hash over what stands, as [`crate::Inquiry::snapshot`] tells it.
    pub async fn snapshot(&mut self) -> Result<Sha256, Error> {
        projects::snapshot(&mut self.moment).await
    }

    /// Hands out the rows of a table, in an order that follows from what they say. They are not kept here.
    pub async fn rows(&mut self, table: BulkTable, sink: Sink<'_>) -> Result<(), Error> {
        let moment = &mut self.moment;
        match table {
            BulkTable::Projects => projects::rows(moment, sink).await,
            BulkTable::Verdicts => verdicts::rows(moment, sink).await,
            BulkTable::Uses => uses::rows(moment, sink).await,
            BulkTable::Structures => structures::rows(moment, sink).await,
            BulkTable::Declarations => declarations::rows(moment, sink).await,
            BulkTable::Wheels => wheels::rows(moment, sink).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_fit_for_every_format_and_every_column_says_what_it_means() {
        let fit = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        let tables = BulkTable::ALL.map(BulkTable::table);
        assert_eq!(tables.iter().map(|table| table.name).collect::<BTreeSet<_>>().len(), tables.len());
        for table in tables {
            assert!(fit(table.name) && table.about.ends_with('.'), "{}", table.name);
            let names: BTreeSet<_> = table.columns.iter().map(|column| column.name).collect();
            assert_eq!(names.len(), table.columns.len(), "{}", table.name);
            for column in table.columns {
                assert!(fit(column.name) && column.about.ends_with('.'), "{}.{}", table.name, column.name);
            }
        }
    }
}
