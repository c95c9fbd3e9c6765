//! A root listing: compared and applied as a whole, or refused as a whole.

use sqlx::{Postgres, Transaction, query, query_scalar};

use super::ListedName;
use crate::{Error, Store, alarms, text};

/// Rows of one statement.
const BATCH: usize = 10_000;

/// Whoever applies a listing holds this lock, so that two never mix. Any number will do.
const LOCK: i64 = 0x6c69_7374_696e_6773;

/// A listing that is being read. Dropped before [`Listing::finish`], nothing happened.
#[derive(Debug)]
pub struct Listing {
    tx: Transaction<'static, Postgres>,
    index: String,
}

/// Whether the listing was read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// To its end, and well-formed.
    Whole,
    /// The body was cut.
    Cut,
}

/// When a listing is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListingRules {
    /// Names that may vanish at once, in thousandths of those listed before.
    pub lost_per_mille: u32,
    /// So many may vanish in any case: on a small index a single name is more than the share.
    pub lost_at_least: u32,
}

impl Default for ListingRules {
    /// Half a percent, or 5 names.
    fn default() -> Self {
        Self { lost_per_mille: 5, lost_at_least: 5 }
    }
}

impl ListingRules {
    /// For an operator who knows that so much is really gone.
    pub const BELIEVE_ALL: Self = Self { lost_per_mille: 1000, lost_at_least: u32::MAX };

    fn may_vanish(self, listed: i64) -> i64 {
        (listed.saturating_mul(self.lost_per_mille.into()) / 1000).max(self.lost_at_least.into())
    }
}

/// What a listing came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListingOutcome {
    /// It is now what the index lists.
    Applied {
        /// Names in it.
        names: u64,
        /// Not listed before.
        appeared: u64,
        /// With another serial than before.
        changed: u64,
        /// Listed before, and not now.
        gone: u64,
    },
    /// Nothing was changed. It is recorded with this reason.
    Refused(String),
}

impl Store {
    /// Begins to read a root listing of `index` (its address, without user and password). Waits for another one that is
    /// being read.
    pub async fn listing_begun(&self, index: &str) -> Result<Listing, Error> {
        let mut tx = self.pool.begin().await?;
        query!("SELECT pg_advisory_xact_lock($1)", LOCK).execute(&mut *tx).await?;
        query!("TRUNCATE listing_stage").execute(&mut *tx).await?;
        Ok(Listing { tx, index: text::clean(index).into_owned() })
    }
}

impl Listing {
    /// Adds names, in any order and number. A name given twice counts once, with its higher serial.
    pub async fn add(&mut self, names: &[ListedName]) -> Result<(), Error> {
        for batch in names.chunks(BATCH) {
            let keys: Vec<&str> = batch.iter().map(|listed| listed.name.as_str()).collect();
            let display: Vec<String> =
                batch.iter().map(|listed| text::clean(&listed.display_name).into_owned()).collect();
            let serials: Vec<Option<i64>> = batch.iter().map(|listed| listed.serial).collect();
            query!(
                "INSERT INTO listing_stage AS s (name, display_name, serial)
                 SELECT DISTINCT ON (name) name, display_name, serial
                 FROM unnest($1::text[], $2::text[], $3::bigint[]) AS t (name, display_name, serial)
                 ORDER BY name, serial DESC NULLS LAST
                 ON CONFLICT (name) DO UPDATE SET serial = greatest(s.serial, excluded.serial)",
                &keys as &[&str],
                &display,
                &serials as &[Option<i64>],
            )
            .execute(&mut *self.tx)
            .await?;
        }
        Ok(())
    }

    /// Compares the listing with the last accepted one and makes it the current one; or refuses it, if it is not whole,
    /// older than the last one, empty, or lost too many names at once.
    pub async fn finish(
        mut self,
        completeness: Completeness,
        last_serial: Option<i64>,
        rules: ListingRules,
    ) -> Result<ListingOutcome, Error> {
        query!("ANALYZE listing_stage").execute(&mut *self.tx).await?;
        let compared = self.compared(last_serial).await?;
        let outcome = match compared.refusal(completeness, last_serial, rules) {
            Some(reason) => {
                self.refused(last_serial, compared.names, &reason).await?;
                ListingOutcome::Refused(reason)
            }
            None => self.applied(last_serial, compared.names).await?,
        };
        query!("TRUNCATE listing_stage").execute(&mut *self.tx).await?;
        crate::write::commit(self.tx).await?;
        Ok(outcome)
    }

    async fn compared(&mut self, last_serial: Option<i64>) -> Result<Compared, Error> {
        let row = query!(
            r#"SELECT (SELECT count(*) FROM listing_stage) AS "names!",
                   (SELECT count(*) FROM index_names WHERE listed) AS "listed!",
                   (SELECT count(*) FROM index_names n WHERE n.listed
                       AND NOT EXISTS (SELECT FROM listing_stage s WHERE s.name = n.name)) AS "lost!",
                   (SELECT max(last_serial) FROM listings WHERE index = $1 AND refused IS NULL) AS newest"#,
            &self.index,
        )
        .fetch_one(&mut *self.tx)
        .await?;
        let newer_known = row.newest.filter(|newest| last_serial.is_some_and(|serial| serial < *newest));
        Ok(Compared { names: row.names, listed: row.listed, lost: row.lost, newer_known })
    }

    async fn refused(&mut self, last_serial: Option<i64>, names: i64, reason: &str) -> Result<(), Error> {
        query!(
            "INSERT INTO listings (index, last_serial, names, refused) VALUES ($1, $2, $3, $4)",
            &self.index,
            last_serial,
            names,
            reason,
        )
        .execute(&mut *self.tx)
        .await?;
        alarms::raise(&mut self.tx, alarms::LISTING_REFUSED, &self.index, reason).await
    }

    async fn applied(&mut self, last_serial: Option<i64>, names: i64) -> Result<ListingOutcome, Error> {
        let gone = query!(
            "UPDATE index_names n SET listed = false, changed_at = now()
             WHERE n.listed AND NOT EXISTS (SELECT FROM listing_stage s WHERE s.name = n.name)"
        )
        .execute(&mut *self.tx)
        .await?
        .rows_affected();
        // A serial never goes back: a part of the listing may come from an older copy.
        let moved = query_scalar!(
            r#"WITH moved AS (
                   UPDATE index_names n
                   SET display_name = s.display_name, serial = greatest(s.serial, n.serial), listed = true,
                       changed_at = CASE WHEN NOT n.listed OR s.serial > coalesce(n.serial, s.serial - 1) THEN now()
                           ELSE n.changed_at END
                   FROM listing_stage s
                   WHERE s.name = n.name AND (NOT n.listed OR s.display_name <> n.display_name
                       OR s.serial > coalesce(n.serial, s.serial - 1))
                   RETURNING n.changed_at = now() AS news
               )
               SELECT count(*) AS "n!" FROM moved WHERE news"#
        )
        .fetch_one(&mut *self.tx)
        .await?;
        let appeared = query!(
            "INSERT INTO index_names (name, display_name, serial)
             SELECT s.name, s.display_name, s.serial FROM listing_stage s
             WHERE NOT EXISTS (SELECT FROM index_names n WHERE n.name = s.name)"
        )
        .execute(&mut *self.tx)
        .await?
        .rows_affected();
        let changed = unsigned(moved);
        query!(
            "INSERT INTO listings (index, last_serial, names, appeared, changed, gone) VALUES ($1, $2, $3, $4, $5, $6)",
            &self.index,
            last_serial,
            names,
            signed(appeared),
            moved,
            signed(gone),
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(ListingOutcome::Applied { names: unsigned(names), appeared, changed, gone })
    }
}

/// A listing beside the one before.
#[derive(Debug, Clone, Copy)]
struct Compared {
    names: i64,
    listed: i64,
    lost: i64,
    /// The serial of a later listing that was accepted.
    newer_known: Option<i64>,
}

impl Compared {
    fn refusal(self, completeness: Completeness, last_serial: Option<i64>, rules: ListingRules) -> Option<String> {
        let Self { names, listed, lost, newer_known } = self;
        if completeness == Completeness::Cut {
            return Some(format!("the listing was cut after {names} names"));
        }
        if let (Some(newer), Some(serial)) = (newer_known, last_serial) {
            return Some(format!("the listing has serial {serial}, but one with {newer} was read before"));
        }
        if names == 0 {
            return Some("the listing is empty".to_owned());
        }
        (lost > rules.may_vanish(listed)).then(|| format!("{lost} of {listed} names vanished at once"))
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost(listed: i64, lost: i64) -> Option<String> {
        let compared = Compared { names: listed - lost, listed, lost, newer_known: None };
        compared.refusal(Completeness::Whole, None, ListingRules::default())
    }

    #[test]
    fn half_a_percent_may_vanish_and_no_more() {
        assert_eq!(lost(600_000, 3000), None);
        assert_eq!(lost(600_000, 3001).unwrap(), "3001 of 600000 names vanished at once");
        // On a small index a few names are more than half a percent.
        assert_eq!((lost(20, 5), lost(20, 6).is_some()), (None, true));
        assert!(lost(5, 5).is_some(), "an empty listing is never believed");
    }
}
