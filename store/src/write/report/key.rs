//! The row of a report: found among those that are stored, noted, removed, written.

use analyzer::{Fingerprint, Report};
use sqlx::{PgConnection, Postgres, Transaction, query, query_scalar};

use super::{Recorded, json, whole};
use crate::{Error, FileId, Sha256, text};

/// What a report is told from others by.
pub(super) struct Key<'a> {
    pub(super) file: FileId,
    pub(super) report: &'a Report,
    pub(super) digest: Sha256,
    pub(super) sites: Sha256,
    pub(super) fingerprint: Fingerprint,
}

/// A stored report that says the same as a new one.
pub(super) struct Same {
    report: i32,
    /// It is known as the answer of the new one's versions.
    is_noted: bool,
    /// It is known what it follows from.
    is_known_by_its_fingerprint: bool,
}

impl Key<'_> {
    /// The stored report that says the same: the one of these versions if there is one, else the newest.
    pub(super) async fn same(&self, connection: &mut PgConnection) -> Result<Option<Same>, Error> {
        let newest = query!(
            r#"SELECT rep.id, rep.digest, rep.sites_blob, rep.fingerprint,
                   said.analyzer_version = $2 AND said.capi_version = $3 AS "is_noted!"
               FROM report_versions said JOIN reports rep ON rep.id = said.report_id
               WHERE said.file_id = $1 ORDER BY 4 DESC, said.said_at DESC, rep.id DESC LIMIT 1"#,
            self.file.0,
            &self.report.analyzer_version,
            &self.report.capi_version,
        )
        .fetch_optional(connection)
        .await?;
        // The same analyzer may have packed its sites otherwise before; an older one's are as good.
        let same = newest.filter(|newest| {
            newest.digest == self.digest.as_bytes() && (!newest.is_noted || newest.sites_blob == self.sites.as_bytes())
        });
        let is_known = |known: Option<Vec<u8>>| known.is_some_and(|known| known == self.fingerprint.as_bytes());
        Ok(same.map(|same| Same {
            report: same.id,
            is_noted: same.is_noted,
            is_known_by_its_fingerprint: is_known(same.fingerprint),
        }))
    }

    /// Notes that the versions of the new report say what `same` says.
    pub(super) async fn noted(&self, tx: &mut Transaction<'_, Postgres>, same: Same) -> Result<Recorded, Error> {
        if !same.is_noted {
            query!(
                "INSERT INTO report_versions (file_id, analyzer_version, capi_version, report_id) VALUES ($1, $2, $3, $4)",
                self.file.0,
                &self.report.analyzer_version,
                &self.report.capi_version,
                same.report,
            )
            .execute(&mut **tx)
            .await?;
        }
        if !same.is_known_by_its_fingerprint {
            query!("UPDATE reports SET fingerprint = $2 WHERE id = $1", same.report, &self.fingerprint.as_bytes()[..])
                .execute(&mut **tx)
                .await?;
        }
        Ok(Recorded::Same)
    }

    /// Removes the report of these very versions, which says something else. Where it is that of other releases, too, it
    /// is theirs from now on.
    pub(super) async fn removed(&self, tx: &mut Transaction<'_, Postgres>) -> Result<(), Error> {
        query!(
            "UPDATE reports rep SET file_id = other.file_id
             FROM (SELECT said.file_id, said.report_id FROM report_versions said JOIN reports mine ON mine.id = said.report_id
                   WHERE mine.file_id = $1 AND mine.analyzer_version = $2 AND mine.capi_version = $3 AND said.file_id <> $1
                   ORDER BY said.file_id LIMIT 1) other
             WHERE rep.id = other.report_id",
            self.file.0,
            &self.report.analyzer_version,
            &self.report.capi_version,
        )
        .execute(&mut **tx)
        .await?;
        query!(
            "DELETE FROM reports WHERE file_id = $1 AND analyzer_version = $2 AND capi_version = $3",
            self.file.0,
            &self.report.analyzer_version,
            &self.report.capi_version,
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// Writes the report, without verdicts and uses.
    pub(super) async fn inserted(&self, tx: &mut Transaction<'_, Postgres>) -> Result<i32, Error> {
        let report = self.report;
        let paths: Vec<String> = report.files.iter().map(|path| text::clean(path).into_owned()).collect();
        let id = query_scalar!(
            "INSERT INTO reports (file_id, analyzer_version, capi_version, schema_version, digest, tree, tools, problems,
                 unresolved, structures, native_files, floor, paths, sites_blob, declarations, fingerprint)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING id",
            self.file.0,
            &report.analyzer_version,
            &report.capi_version,
            whole(report.schema_version),
            &self.digest.as_bytes()[..],
            json(&report.tree)?,
            json(&report.tools)?,
            json(&report.problems)?,
            json(&report.unresolved)?,
            json(&report.structures)?,
            i64::try_from(report.tree.native_files).unwrap_or(i64::MAX),
            report.floor.map(|target| target.to_string()),
            &paths,
            &self.sites.as_bytes()[..],
            json(&report.declarations)?,
            &self.fingerprint.as_bytes()[..],
        )
        .fetch_one(&mut **tx)
        .await?;
        Ok(id)
    }
}
