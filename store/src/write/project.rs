//! Recording what the index says about a project.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use packaging::ProjectName;
use serde::Serialize;
use serde_json::Value;
use sqlx::{Postgres, Transaction, query, query_as, query_scalar};

use super::{Withdrawal, commit};
use crate::{Error, FileKind, FileRecord, ProjectPage, ProjectState, ReleaseRecord, ReleaseState, Sha256, Store, text};

impl Store {
    /// Records a project's page: the project, its releases and their files. Files that already got further than
    /// `queued` keep their state; an older page (by the index's serial) never overwrites a newer one. What a page no
    /// longer lists is kept and marked; the page of a quarantined project lists nothing, and takes nothing away.
    pub async fn project_recorded(&self, page: &ProjectPage) -> Result<(), Error> {
        self.project_recorded_as_of(page, self.asked_now().await?).await?;
        Ok(())
    }

    /// [`Store::project_recorded`] of a page that was asked for at a certain time (see [`Store::asked_now`]): with equal
    /// serials, or without any, an older answer never overwrites a newer one. Returns whether it was recorded.
    pub async fn project_recorded_as_of(&self, page: &ProjectPage, asked: DateTime<Utc>) -> Result<bool, Error> {
        self.recorded_as_of(page, None, asked).await
    }

    /// [`Store::project_recorded_as_of`] of a page with this digest (see [`crate::KnownPage::digest`]), whose files are
    /// believed.
    pub async fn page_recorded(&self, page: &ProjectPage, digest: Sha256, asked: DateTime<Utc>) -> Result<bool, Error> {
        self.recorded_as_of(page, Some(digest), asked).await
    }

    async fn recorded_as_of(
        &self,
        page: &ProjectPage,
        digest: Option<Sha256>,
        asked: DateTime<Utc>,
    ) -> Result<bool, Error> {
        let mut tx = self.pool.begin().await?;
        let Some(project) = project_upserted(&mut tx, page, digest, asked).await? else {
            return Ok(false);
        };
        if page.state != ProjectState::Quarantined || !page.releases.is_empty() {
            releases_upserted(&mut tx, project, page).await?;
            files_upserted(&mut tx, project, page).await?;
            standing_chosen(&mut tx, project).await?;
        }
        commit(tx).await?;
        Ok(true)
    }

    /// The time by the database's clock: taken before a page is asked for, it tells older answers from newer ones.
    pub async fn asked_now(&self) -> Result<DateTime<Utc>, Error> {
        Ok(query_scalar!(r#"SELECT clock_timestamp() AS "now!""#).fetch_one(&self.pool).await?)
    }

    /// Records a project that has no page: `not-found`, `deferred`, `index-too-large`, with the reason. What is known of it is kept.
    pub async fn project_ended(&self, name: &ProjectName, state: ProjectState, reason: &str) -> Result<(), Error> {
        self.project_ended_as_of(name, state, reason, self.asked_now().await?).await?;
        Ok(())
    }

    /// [`Store::project_ended`] by an answer to what was asked at a certain time: an older answer never overwrites a
    /// newer one. Returns whether it was recorded.
    pub async fn project_ended_as_of(
        &self,
        name: &ProjectName,
        state: ProjectState,
        reason: &str,
        asked: DateTime<Utc>,
    ) -> Result<bool, Error> {
        if state == ProjectState::Listed {
            return Err(Error::NotAnEnd(state.as_str()));
        }
        let mut tx = self.pool.begin().await?;
        let recorded = query!(
            "INSERT INTO projects AS p (name, display_name, state, reason, asked_at) VALUES ($1, $1, $2, $3, $4)
             ON CONFLICT (name) DO UPDATE
             SET state = excluded.state, reason = excluded.reason, read_at = now(), asked_at = excluded.asked_at
             WHERE p.asked_at IS NULL OR p.asked_at <= excluded.asked_at",
            name.as_str(),
            state.as_str(),
            &*text::clean(reason),
            asked,
        )
        .execute(&mut *tx)
        .await?
        .rows_affected();
        commit(tx).await?;
        Ok(recorded > 0)
    }
}

/// A project whose row is locked.
#[derive(Clone, Copy)]
struct Locked {
    id: i64,
    /// It has releases already; else there is nothing that a page could differ from.
    is_known: bool,
}

/// The project, its row being locked; `None` if a newer page was recorded before.
async fn project_upserted(
    tx: &mut Transaction<'_, Postgres>,
    page: &ProjectPage,
    digest: Option<Sha256>,
    asked: DateTime<Utc>,
) -> Result<Option<Locked>, Error> {
    let status_text = page.status_text.as_deref().map(text::clean);
    let etag = page.etag.as_deref().map(text::clean);
    let locked = query_as!(
        Locked,
        r#"INSERT INTO projects AS p (name, display_name, state, status_text, serial, etag, asked_at, page_digest, history)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (name) DO UPDATE
         SET display_name = excluded.display_name, state = excluded.state, reason = NULL,
             status_text = excluded.status_text, serial = coalesce(excluded.serial, p.serial), etag = excluded.etag,
             read_at = now(), asked_at = greatest(p.asked_at, excluded.asked_at),
             page_digest = coalesce(excluded.page_digest, p.page_digest), history = excluded.history,
             emptied_at = CASE WHEN excluded.page_digest IS NULL THEN p.emptied_at END
         WHERE p.serial < excluded.serial OR (p.serial IS NULL OR excluded.serial IS NULL OR p.serial = excluded.serial)
             AND (p.asked_at IS NULL OR p.asked_at <= excluded.asked_at)
         RETURNING id, EXISTS (SELECT FROM releases r WHERE r.project_id = p.id) AS "is_known!""#,
        page.name.as_str(),
        &*text::clean(&page.display_name),
        page.state.as_str(),
        status_text.as_deref(),
        page.serial,
        etag.as_deref(),
        asked,
        digest.as_ref().map(|digest| &digest.as_bytes()[..]),
        page.history,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(locked)
}

#[derive(Serialize)]
struct ReleaseJson<'a> {
    version: String,
    position: usize,
    latest: bool,
    prerelease: bool,
    yanked: bool,
    requires_python: Option<&'a str>,
    uploaded_at: Option<DateTime<Utc>>,
    state: &'static str,
    reason: Option<&'a str>,
}

/// Writes the releases. One that was judged before is not put back to `not-selected` by a page that was read for another.
async fn releases_upserted(
    tx: &mut Transaction<'_, Postgres>,
    project: Locked,
    page: &ProjectPage,
) -> Result<(), Error> {
    let rows =
        json(&page.releases.iter().enumerate().map(|(position, r)| release_json(position, r)).collect::<Vec<_>>())?;
    if project.is_known {
        // First, because two releases cannot be the latest even within one statement.
        releases_compared(tx, project.id, &rows).await?;
    }
    releases_written(tx, project.id, &rows).await
}

/// Takes `latest` and `listed` from the releases that the page says otherwise of.
async fn releases_compared(tx: &mut Transaction<'_, Postgres>, project: i64, rows: &Value) -> Result<(), Error> {
    query!(
        "UPDATE releases r SET latest = false, listed = t.version IS NOT NULL
         FROM releases old LEFT JOIN jsonb_to_recordset($2) AS t (version text, latest boolean) ON t.version = old.version
         WHERE r.id = old.id AND old.project_id = $1
           AND (t.version IS NULL AND (old.listed OR old.latest) OR old.latest AND NOT t.latest)",
        project,
        rows,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn releases_written(tx: &mut Transaction<'_, Postgres>, project: i64, rows: &Value) -> Result<(), Error> {
    query!(
        "INSERT INTO releases AS r (project_id, version, position, latest, prerelease, yanked, requires_python, uploaded_at, state, reason)
         SELECT $1, t.version, t.position, t.latest, t.prerelease, t.yanked, t.requires_python, t.uploaded_at,
             coalesce(judged.state, t.state), CASE WHEN judged.id IS NULL THEN t.reason ELSE judged.reason END
         FROM jsonb_to_recordset($2) AS t (version text, position integer, latest boolean,
             prerelease boolean, yanked boolean, requires_python text, uploaded_at timestamptz, state text, reason text)
         LEFT JOIN releases judged ON judged.project_id = $1 AND judged.version = t.version AND t.state = 'not-selected'
             AND (judged.state IN ('pure-by-tags', 'no-source', 'no-files') OR EXISTS (SELECT FROM files f
                 WHERE f.release_id = judged.id AND f.selected AND f.state NOT IN ('queued', 'deferred')))
         ON CONFLICT (project_id, version) DO UPDATE
         SET position = excluded.position, latest = excluded.latest, prerelease = excluded.prerelease,
             yanked = excluded.yanked, listed = true, requires_python = excluded.requires_python,
             uploaded_at = excluded.uploaded_at, state = excluded.state, reason = excluded.reason
         WHERE (r.position, r.latest, r.prerelease, r.yanked, r.listed, r.requires_python, r.uploaded_at, r.state, r.reason)
             IS DISTINCT FROM (excluded.position, excluded.latest, excluded.prerelease, excluded.yanked, true,
                 excluded.requires_python, excluded.uploaded_at, excluded.state, excluded.reason)",
        project,
        rows,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Chooses the release that stands for the project: the latest if it was judged, else the highest that was.
async fn standing_chosen(tx: &mut Transaction<'_, Postgres>, project: Locked) -> Result<(), Error> {
    // Two statements, because two releases cannot stand for a project even within one.
    if project.is_known {
        query!(
            "UPDATE releases SET standing = false WHERE project_id = $1 AND standing AND id <> (
                 SELECT id FROM releases WHERE project_id = $1
                 ORDER BY state = 'not-selected', NOT latest, position DESC LIMIT 1)",
            project.id,
        )
        .execute(&mut **tx)
        .await?;
    }
    query!(
        "UPDATE releases SET standing = true WHERE NOT standing AND id = (
             SELECT id FROM releases WHERE project_id = $1
             ORDER BY state = 'not-selected', NOT latest, position DESC LIMIT 1)",
        project.id,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn release_json(position: usize, release: &ReleaseRecord) -> ReleaseJson<'_> {
    ReleaseJson {
        version: text::key(release.version.as_str()).into_owned(),
        position,
        latest: release.latest,
        prerelease: release.prerelease,
        yanked: release.yanked,
        requires_python: release.requires_python.as_deref(),
        uploaded_at: release.uploaded_at,
        state: release.state.as_str(),
        reason: release.reason.as_deref(),
    }
}

#[derive(Serialize)]
struct FileJson<'a> {
    version: String,
    filename: String,
    kind: &'static str,
    detail: Option<&'a str>,
    url: &'a str,
    sha256: Option<String>,
    size: Option<i64>,
    uploaded_at: Option<DateTime<Utc>>,
    yanked: Option<&'a str>,
    selected: bool,
}

async fn files_upserted(tx: &mut Transaction<'_, Postgres>, project: Locked, page: &ProjectPage) -> Result<(), Error> {
    let rows = json(&page.releases.iter().flat_map(file_jsons).collect::<Vec<_>>())?;
    if project.is_known {
        files_compared(tx, project.id, &rows).await?;
        contents_compared(tx, project.id, &rows).await?;
    }
    files_written(tx, project.id, &rows).await
}

/// Lets go of files that the page does not list or select any more.
async fn files_compared(tx: &mut Transaction<'_, Postgres>, project: i64, rows: &Value) -> Result<(), Error> {
    // Gone from the page: kept, but no longer waited for.
    query!(
        "UPDATE files f
         SET listed = false,
             state = CASE WHEN f.state IN ('queued', 'deferred', 'missing-upstream') THEN 'withdrawn' ELSE f.state END,
             reason = CASE WHEN f.state IN ('queued', 'deferred', 'missing-upstream') THEN
                 CASE WHEN EXISTS (SELECT FROM jsonb_to_recordset($2) AS t (version text, filename text)
                     WHERE t.version = r.version AND t.filename = f.filename) THEN $3 ELSE $4 END
                 ELSE f.reason END
         FROM releases r
         WHERE r.id = f.release_id AND r.project_id = $1 AND f.listed AND NOT EXISTS (
             SELECT FROM jsonb_to_recordset($2) AS t (version text, filename text, sha256 text)
             WHERE t.version = r.version AND t.filename = f.filename AND t.sha256 IS NOT DISTINCT FROM encode(f.sha256, 'hex'))",
        project,
        rows,
        Withdrawal::OtherContent.as_str(),
        Withdrawal::NotListed.as_str(),
    )
    .execute(&mut **tx)
    .await?;
    // Another file was chosen instead; or none, and this one was not fetched yet. What was analysed stays to be seen.
    query!(
        "UPDATE files f
         SET selected = false, state = CASE WHEN f.state IN ('queued', 'deferred') THEN NULL ELSE f.state END,
             reason = CASE WHEN f.state IN ('queued', 'deferred') THEN NULL ELSE f.reason END
         FROM releases r
         LEFT JOIN jsonb_to_recordset($2) AS t (version text, filename text, sha256 text, selected boolean)
             ON t.version = r.version AND t.selected
         WHERE r.id = f.release_id AND r.project_id = $1 AND r.listed AND f.selected
           AND CASE WHEN t.version IS NULL THEN f.state IN ('queued', 'deferred')
               ELSE (t.filename, t.sha256) IS DISTINCT FROM (f.filename, encode(f.sha256, 'hex')) END",
        project,
        rows,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn files_written(tx: &mut Transaction<'_, Postgres>, project: i64, rows: &Value) -> Result<(), Error> {
    query!(
        "INSERT INTO files AS f (release_id, filename, kind, detail, url, sha256, size, uploaded_at, yanked, selected, state)
         SELECT r.id, t.filename, t.kind, t.detail, t.url, decode(t.sha256, 'hex'), t.size, t.uploaded_at, t.yanked, t.selected,
             CASE WHEN t.selected THEN 'queued' END
         FROM jsonb_to_recordset($2) AS t (version text, filename text, kind text, detail text, url text, sha256 text,
             size bigint, uploaded_at timestamptz, yanked text, selected boolean)
         JOIN releases r ON r.project_id = $1 AND r.version = t.version
         ON CONFLICT (release_id, filename, coalesce(sha256, ''::bytea)) DO UPDATE
         SET kind = excluded.kind, detail = excluded.detail, url = excluded.url, size = excluded.size,
             uploaded_at = excluded.uploaded_at, yanked = excluded.yanked, listed = true,
             selected = f.selected OR excluded.selected,
             state = CASE WHEN excluded.selected AND coalesce(f.state, 'withdrawn') = 'withdrawn' THEN 'queued' ELSE f.state END,
             reason = CASE WHEN excluded.selected AND coalesce(f.state, 'withdrawn') = 'withdrawn' THEN NULL ELSE f.reason END
         WHERE (f.kind, f.detail, f.url, f.size, f.uploaded_at, f.yanked, f.listed) IS DISTINCT FROM
             (excluded.kind, excluded.detail, excluded.url, excluded.size, excluded.uploaded_at, excluded.yanked, true)
             OR excluded.selected AND (NOT f.selected OR coalesce(f.state, 'withdrawn') = 'withdrawn')",
        project,
        rows,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A file name never gets new content. Where one does, both are kept, and a person should look.
async fn contents_compared(tx: &mut Transaction<'_, Postgres>, project: i64, rows: &Value) -> Result<(), Error> {
    query!(
        "INSERT INTO alarms AS a (kind, subject, detail)
         SELECT 'file-content-changed', min(p.name) || ' ' || left(t.filename, 300),
             'the index gave it the sha256 ' || min(encode(f.sha256, 'hex')) || ', and now ' || min(t.sha256)
         FROM jsonb_to_recordset($2) AS t (version text, filename text, sha256 text)
         JOIN releases r ON r.project_id = $1 AND r.version = t.version
         JOIN projects p ON p.id = r.project_id
         JOIN files f ON f.release_id = r.id AND f.filename = t.filename AND f.sha256 <> decode(t.sha256, 'hex')
         WHERE NOT EXISTS (SELECT FROM files same WHERE same.release_id = r.id AND same.filename = t.filename
             AND same.sha256 = decode(t.sha256, 'hex'))
         GROUP BY r.project_id, t.filename
         ON CONFLICT (kind, subject) DO UPDATE SET detail = excluded.detail, times = a.times + 1, last_at = now()",
        project,
        rows,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The files of a release, each content once: a page that lists one twice counts it once.
fn file_jsons(release: &ReleaseRecord) -> Vec<FileJson<'_>> {
    let chosen = release.selected.filter(|_| release.state == ReleaseState::Selected);
    let mut rows: BTreeMap<(&str, Option<Sha256>), FileJson<'_>> = BTreeMap::new();
    for (index, file) in release.files.iter().enumerate() {
        let selected = chosen == Some(index);
        rows.entry((&file.filename, file.sha256))
            .and_modify(|row| row.selected |= selected)
            .or_insert_with(|| file_json(release, file, selected));
    }
    rows.into_values().collect()
}

fn file_json<'a>(release: &ReleaseRecord, file: &'a FileRecord, selected: bool) -> FileJson<'a> {
    let (kind, detail) = match &file.kind {
        FileKind::Sdist => ("sdist", None),
        FileKind::Wheel(tags) => ("wheel", Some(tags.as_str())),
        FileKind::Other(reason) => ("other", Some(reason.as_str())),
    };
    FileJson {
        version: text::key(release.version.as_str()).into_owned(),
        filename: text::key(&file.filename).into_owned(),
        kind,
        detail,
        url: &file.url,
        sha256: file.sha256.map(|hash| hash.to_string()),
        size: file.size.filter(|size| *size >= 0),
        uploaded_at: file.uploaded_at,
        yanked: file.yanked.as_deref(),
        selected,
    }
}

fn json(rows: &impl Serialize) -> Result<Value, Error> {
    text::json(rows).map_err(|error| Error::Damaged(format!("a project's page: {error}")))
}
