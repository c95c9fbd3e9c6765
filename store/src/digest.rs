//! One hash over all that the survey knows.

use futures_util::TryStreamExt;
use sha2::Digest;
use sqlx::query_scalar;

use crate::{Error, Sha256, Store};

/// Feeds a query's column of text, in the order of the query.
macro_rules! feed {
    ($hasher:ident, $store:ident, $sql:literal) => {
        let mut rows = query_scalar!($sql).fetch(&$store.pool);
        while let Some(row) = rows.try_next().await? {
            $hasher.update(row.as_bytes());
            $hasher.update(b"\n");
        }
    };
}

impl Store {
    /// A hash over the domain tables and blob keys, without ids, times, last errors and ETags: two databases that have
    /// the same one know the same, however they came to it. What is said of a file counts, and not which of several files
    /// with the same sources was analysed for all of them.
    ///
    /// Not of the queue, budgets, presences and listings, which are the way and not what was found; nor of what was seen when, snapshots, saved
    /// answers and reviews, which are of one survey and not of what it is about; nor of alarms, which
    /// follow from the files or may be cleared.
    pub async fn digest(&self) -> Result<Sha256, Error> {
        let mut hasher = sha2::Sha256::new();
        feed!(
            hasher,
            self,
            r#"SELECT (p.name, p.display_name, p.state, p.status_text, p.serial,
                   CASE WHEN p.state <> 'deferred' THEN p.reason END)::text AS "row!"
               FROM projects p ORDER BY p.name COLLATE "C""#
        );
        feed!(
            hasher,
            self,
            r#"SELECT (n.name, n.display_name, n.serial, n.listed)::text AS "row!"
               FROM index_names n ORDER BY n.name COLLATE "C""#
        );
        feed!(
            hasher,
            self,
            r#"SELECT (d.month, d.name, d.rank, d.downloads)::text AS "row!"
               FROM project_downloads d ORDER BY d.month, d.name COLLATE "C""#
        );
        feed!(
            hasher,
            self,
            r#"SELECT (p.name, r.version, r.position, r.latest, r.prerelease, r.yanked, r.listed, r.requires_python,
                   extract(epoch FROM r.uploaded_at), r.state, r.reason)::text AS "row!"
               FROM projects p JOIN releases r ON r.project_id = p.id
               ORDER BY p.name COLLATE "C", r.version COLLATE "C""#
        );
        feed!(
            hasher,
            self,
            r#"SELECT (p.name, r.version, f.filename, f.kind, f.detail, f.url, f.sha256, f.size,
                   extract(epoch FROM f.uploaded_at), f.yanked, f.listed, f.selected, f.state, f.fetched_at IS NOT NULL,
                   f.pack_blob, CASE WHEN f.state <> 'deferred' THEN f.reason END)::text AS "row!"
               FROM projects p JOIN releases r ON r.project_id = p.id JOIN files f ON f.release_id = r.id
               ORDER BY p.name COLLATE "C", r.version COLLATE "C", f.filename COLLATE "C", f.sha256"#
        );
        feed!(
            hasher,
            self,
            r#"SELECT (f.sha256, said.analyzer_version, said.capi_version, rep.schema_version, coalesce(said.tree, rep.tree),
                   rep.tools, rep.problems, rep.unresolved, rep.structures, rep.native_files, rep.floor, rep.paths,
                   rep.sites_blob, rep.declarations)::text AS "row!"
               FROM report_versions said JOIN reports rep ON rep.id = said.report_id JOIN files f ON f.id = said.file_id
               ORDER BY f.sha256, f.filename COLLATE "C", said.analyzer_version COLLATE "C",
                   said.capi_version COLLATE "C""#
        );
        feed!(
            hasher,
            self,
            r#"SELECT (f.sha256, said.analyzer_version, said.capi_version, v.target, v.verdict, v.blockers, v.blocking,
                   v.blocking_members, v.blocking_types, v.undecided)::text AS "row!"
               FROM verdicts v JOIN report_versions said USING (report_id) JOIN files f ON f.id = said.file_id
               ORDER BY f.sha256, f.filename COLLATE "C", said.analyzer_version COLLATE "C",
                   said.capi_version COLLATE "C", v.target COLLATE "C""#
        );
        feed!(
            hasher,
            self,
            r#"SELECT (f.sha256, said.analyzer_version, said.capi_version, i.kind, i.name, u.access, o.class, o.by,
                   c.condition, u.probable, u.sites, u.first_file, u.first_line)::text AS "row!"
               FROM uses u JOIN report_versions said USING (report_id) JOIN files f ON f.id = said.file_id
               JOIN items i ON i.id = u.item_id JOIN origins o ON o.id = u.origin_id
               JOIN conditions c ON c.id = u.condition_id
               ORDER BY f.sha256, f.filename COLLATE "C", said.analyzer_version COLLATE "C",
                   said.capi_version COLLATE "C", i.name COLLATE "C", i.kind, u.access, o.class, o.by COLLATE "C",
                   c.condition COLLATE "C", u.probable"#
        );
        Ok(Sha256::from_digest(hasher.finalize().into()))
    }
}
