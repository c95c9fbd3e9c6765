//! The policy of a deployment, which whoever does the upkeep applies once a day.

use std::time::Duration;

use sqlx::query;

use super::{Archives, Retained, Retention, Run};
use crate::{Error, Store};

impl Store {
    /// Sets what upkeep lets go of from now on, for all processes: who says so last decides.
    pub async fn retention_set(&self, policy: &Retention) -> Result<(), Error> {
        query!(
            "INSERT INTO retention_policy AS p (drop_archives, old_reports, orphans)
             VALUES ($1, make_interval(secs => $2), make_interval(secs => $3))
             ON CONFLICT (only_one) DO UPDATE
             SET drop_archives = excluded.drop_archives, old_reports = excluded.old_reports, orphans = excluded.orphans,
                 set_at = now(), done_at = NULL
             WHERE (p.drop_archives, p.old_reports, p.orphans)
                 IS DISTINCT FROM (excluded.drop_archives, excluded.old_reports, excluded.orphans)",
            policy.archives == Archives::DropAfterPack,
            policy.old_reports.map(|age| age.as_secs_f64()),
            policy.orphans.as_secs_f64(),
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Applies the policy that was set, unless that was done within the last 20 hours; `None` if it is not due, or none
    /// was set. Two at once do no harm.
    pub async fn retained_if_due(&self) -> Result<Option<Retained>, Error> {
        let row = query!(
            r#"SELECT drop_archives, extract(epoch FROM old_reports)::float8 AS old_reports,
                   extract(epoch FROM orphans)::float8 AS "orphans!", set_at
               FROM retention_policy WHERE done_at IS NULL OR done_at <= now() - interval '20 hours'"#
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let policy = Retention {
            archives: if row.drop_archives { Archives::DropAfterPack } else { Archives::Keep },
            old_reports: row.old_reports.map(seconds),
            orphans: seconds(row.orphans),
        };
        let retained = self.retained(&policy, Run::Real).await?;
        // Not if another one was set meanwhile, which is still to be applied.
        query!("UPDATE retention_policy SET done_at = now() WHERE set_at = $1", row.set_at).execute(&self.pool).await?;
        Ok(Some(retained))
    }
}

fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}
