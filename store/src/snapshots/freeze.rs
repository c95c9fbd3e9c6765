//! Making snapshots, and reading them.

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use packaging::ProjectName;
use sqlx::{query, query_as, query_scalar};
use trends::{Scope, Subject, Trends};

use super::{Frozen, NewSnapshot, Prefilter, SnapshotFile, SnapshotHead, SnapshotName, Wanted, hash_of};
use crate::blocking::compute;
use crate::frozen::{packed, unpacked};
use crate::write::commit;
use crate::{Error, Sha256, Store};

/// A line of a list with its rows.
struct Line {
    project: i64,
    release: i64,
    file: Option<i64>,
    report: Option<i32>,
    shown: SnapshotFile,
}

/// A row without its figures.
struct Row {
    name: String,
    on_day: NaiveDate,
    hash: Vec<u8>,
    analyzer_version: String,
    capi_version: String,
    data_version: i64,
    corrects: Option<String>,
    made_at: DateTime<Utc>,
    projects: i64,
    read: i64,
}

impl Row {
    fn head(self) -> Result<SnapshotHead, Error> {
        Ok(SnapshotHead {
            hash: Sha256::from_column(&self.hash)?,
            name: self.name,
            day: self.on_day,
            projects: self.projects,
            read: self.read,
            analyzer_version: self.analyzer_version,
            capi_version: self.capi_version,
            data_version: self.data_version,
            corrects: self.corrects,
            made_at: self.made_at,
        })
    }
}

impl Store {
    /// What stood on a day, with the series that are asked for as they were told on that day. Nothing is kept.
    pub async fn frozen(&self, day: NaiveDate, wanted: &Wanted) -> Result<Frozen, Error> {
        Ok(self.froze(day, wanted).await?.0)
    }

    async fn froze(&self, day: NaiveDate, wanted: &Wanted) -> Result<(Frozen, Vec<Line>), Error> {
        // A snapshot is of what is written, not of what is shown.
        let past = self.newest_past().await?;
        let then = compute(|| past.trends.as_of(day));
        let lines = self.standing_files(&then).await?;
        let files: Vec<SnapshotFile> = lines.iter().map(|line| line.shown.clone()).collect();
        let mut structures: Vec<(String, i64)> = past.words.structure_names().map(|name| last(&then, name)).collect();
        structures.retain(|(_, projects)| *projects > 0);
        structures.sort_by(|one, other| (Reverse(one.1), &one.0).cmp(&(Reverse(other.1), &other.0)));
        let marks = past.marks.iter().filter(|mark| mark.on <= day).cloned().collect();
        let frozen = Frozen {
            day: then.months().until(),
            observed_from: then.observed_from(),
            hash: hash_of(&files).to_string(),
            analyzer_version: analyzer::ANALYZER_VERSION.to_owned(),
            capi_version: capi::DATA_VERSION.to_owned(),
            marks,
            prefilter: self.prefilter(wanted.sampled).await?,
            series: wanted.series.iter().filter_map(|(subject, scope)| then.series(subject, *scope)).collect(),
            structures,
            files,
        };
        Ok((frozen, lines))
    }

    async fn prefilter(&self, sampled: fn(&ProjectName) -> bool) -> Result<Prefilter, Error> {
        let found = self.pure_misses(sampled).await?;
        Ok(Prefilter {
            pure: found.pure,
            sampled: found.sampled,
            decided: found.decided,
            with_native: found.with_native,
        })
    }

    /// The files that stood on the last day of `then`, by the names of their projects.
    async fn standing_files(&self, then: &Trends) -> Result<Vec<Line>, Error> {
        let standing: Vec<(i64, i64)> = then.standing().collect();
        let (projects, releases): (Vec<i64>, Vec<i64>) = standing.into_iter().unzip();
        let reports: HashMap<i64, i32> = then
            .projects()
            .flat_map(|project| &project.releases)
            .filter_map(|release| Some((release.id, release.told.as_ref()?.report)))
            .collect();
        let rows = query!(
            r#"SELECT asked.project_id AS "project_id!", asked.release_id AS "release_id!", p.name, r.version,
                   f.id AS "file_id?", f.filename AS "filename?", f.sha256
               FROM unnest($1::bigint[], $2::bigint[]) AS asked (project_id, release_id)
               JOIN projects p ON p.id = asked.project_id JOIN releases r ON r.id = asked.release_id
               LEFT JOIN files f ON f.release_id = r.id AND f.selected
               ORDER BY p.name COLLATE "C""#,
            &projects,
            &releases,
        )
        .fetch_all(&self.pool)
        .await?;
        let ids: Vec<i32> = rows.iter().filter_map(|row| reports.get(&row.release_id).copied()).collect();
        let digests = query!("SELECT id, digest FROM reports WHERE id = ANY ($1)", &ids).fetch_all(&self.pool).await?;
        let digests: HashMap<i32, Vec<u8>> = digests.into_iter().map(|row| (row.id, row.digest)).collect();
        rows.into_iter()
            .map(|row| {
                let report = reports.get(&row.release_id).copied().filter(|report| digests.contains_key(report));
                let digest = report.and_then(|report| digests.get(&report));
                let hash = |bytes: Option<&Vec<u8>>| bytes.map(|bytes| Sha256::from_column(bytes)).transpose();
                Ok(Line {
                    project: row.project_id,
                    release: row.release_id,
                    file: row.file_id,
                    report,
                    shown: SnapshotFile {
                        project: row.name,
                        version: row.version,
                        filename: row.filename,
                        sha256: hash(row.sha256.as_ref())?.map(|hash| hash.to_string()),
                        report: hash(digest)?.map(|hash| hash.to_string()),
                    },
                })
            })
            .collect()
    }

    /// Makes a snapshot. Refused if the name is taken, or what it corrects is not there.
    pub async fn snapshot_created(&self, new: &NewSnapshot, wanted: &Wanted) -> Result<SnapshotHead, Error> {
        if let Some(corrected) = &new.corrects
            && self.snapshot(corrected).await?.is_none()
        {
            return Err(Error::NoSuchSnapshot(corrected.to_string()));
        }
        let data_version = self.data_version().await?;
        let (frozen, lines) = self.froze(new.day, wanted).await?;
        let figures = compute(|| packed(&frozen))?;
        let mut tx = self.pool.begin().await?;
        let made = query!(
            "INSERT INTO snapshots (name, on_day, hash, analyzer_version, capi_version, data_version, corrects, figures)
             VALUES ($1, $2, decode($3, 'hex'), $4, $5, $6, $7, $8) ON CONFLICT (name) DO NOTHING",
            new.name.as_str(),
            frozen.day,
            frozen.hash,
            frozen.analyzer_version,
            frozen.capi_version,
            data_version,
            new.corrects.as_ref().map(SnapshotName::as_str),
            figures,
        )
        .execute(&mut *tx)
        .await?;
        if made.rows_affected() == 0 {
            return Err(Error::SnapshotTaken(new.name.to_string()));
        }
        query!(
            "INSERT INTO snapshot_files (snapshot, project_id, release_id, file_id, report_id, digest)
             SELECT $1, t.project_id, t.release_id, t.file_id, t.report_id, rep.digest
             FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::integer[])
                 AS t (project_id, release_id, file_id, report_id)
             LEFT JOIN reports rep ON rep.id = t.report_id",
            new.name.as_str(),
            &lines.iter().map(|line| line.project).collect::<Vec<_>>(),
            &lines.iter().map(|line| line.release).collect::<Vec<_>>(),
            &lines.iter().map(|line| line.file).collect::<Vec<_>>() as &[Option<i64>],
            &lines.iter().map(|line| line.report).collect::<Vec<_>>() as &[Option<i32>],
        )
        .execute(&mut *tx)
        .await?;
        // Retention never lets go of what is cited.
        query!(
            "INSERT INTO kept_reports (report_id, kept_by)
             SELECT DISTINCT report_id, 'snapshot:' || $1::text FROM snapshot_files
             WHERE snapshot = $1 AND report_id IS NOT NULL",
            new.name.as_str(),
        )
        .execute(&mut *tx)
        .await?;
        commit(tx).await?;
        let head = self.snapshot(&new.name).await?;
        head.ok_or_else(|| Error::Damaged(format!("snapshot {} was made and is not there", new.name)))
    }

    /// A snapshot.
    pub async fn snapshot(&self, name: &SnapshotName) -> Result<Option<SnapshotHead>, Error> {
        Ok(self.snapshots().await?.into_iter().find(|head| head.name == name.as_str()))
    }

    /// Every snapshot, newest day first.
    pub async fn snapshots(&self) -> Result<Vec<SnapshotHead>, Error> {
        let rows = query_as!(
            Row,
            r#"SELECT s.name, s.on_day, s.hash, s.analyzer_version, s.capi_version, s.data_version, s.corrects, s.made_at,
                   (SELECT count(*) FROM snapshot_files f WHERE f.snapshot = s.name) AS "projects!",
                   (SELECT count(f.report_id) FROM snapshot_files f WHERE f.snapshot = s.name) AS "read!"
               FROM snapshots s ORDER BY s.on_day DESC, s.made_at DESC, s.name"#
        );
        rows.fetch_all(&self.pool).await?.into_iter().map(Row::head).collect()
    }

    /// What reports of a snapshot show, as it was when it was made.
    pub async fn snapshot_figures(&self, name: &SnapshotName) -> Result<Option<Frozen>, Error> {
        let figures = query_scalar!("SELECT figures FROM snapshots WHERE name = $1", name.as_str());
        let Some(figures) = figures.fetch_optional(&self.pool).await? else { return Ok(None) };
        compute(|| unpacked(&figures)).map(Some)
    }
}

/// How many projects touch a structure on the last day.
fn last(then: &Trends, name: &str) -> (String, i64) {
    let series = then.series(&Subject::Structure(name.to_owned()), Scope::All);
    let projects = series.and_then(|series| Some(series.points.last()?.projects)).unwrap_or(0);
    (name.to_owned(), projects)
}
