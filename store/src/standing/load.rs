//! Reading the survey as it stands. Reports that the one before had are taken from it.

use std::collections::HashMap;
use std::sync::Arc;

use capi::Version;
use chrono::{DateTime, Utc};
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use sqlx::{PgExecutor, query, query_scalar};
use whatif::Generator;

use super::report::StandingReport;
use super::{Haystack, Past, Shared, Spread, Standing, StandingProject, Step, Vocabulary};
use crate::blocking::compute;
use crate::read::{optional, project_name};
use crate::{Error, Sha256, Store, words};

mod limited;
mod past;
mod reports;

pub(crate) use limited::limited;
use past::{Pasts, RawPast};

/// Reports by their rows.
type Reports = HashMap<i32, Arc<StandingReport>>;

/// A project as the query has it, with its own row and its report's.
pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) report: Option<i32>,
    /// Native source files in its sdist, if that was read.
    pub(crate) native_files: Option<i64>,
    /// The month of its rank and downloads: `2026-10`.
    pub(crate) downloads_month: Option<String>,
    pub(crate) project: StandingProject,
}

/// All that was read, to be joined.
struct Read {
    data_version: i64,
    updated_at: Option<DateTime<Utc>>,
    rows: Vec<Row>,
    words: Arc<Vocabulary>,
    limited: HashMap<i64, Version>,
    pasts: Pasts,
    generators: Arc<[Generator]>,
    downloads_of: Option<String>,
}

impl Store {
    /// Reads what stands now.
    pub(super) async fn load_standing(&self, before: Option<Arc<Standing>>) -> Result<Standing, Error> {
        // The version first: what is read after it is as new, or newer.
        let data_version = self.data_version().await?;
        let updated_at = self.last_written().await?;
        let (rows, limited, pasts) =
            tokio::try_join!(standing_rows(&self.pool).try_collect::<Vec<Row>>(), limited(&self.pool), self.pasts())?;
        let (generators, downloads_of) = tokio::try_join!(self.generators(), self.month_of_downloads())?;
        let (mut words, mut reports) = match before {
            Some(before) => (Arc::clone(&before.words), reports_of(&before)),
            None => Default::default(),
        };
        let missing: Vec<i32> =
            rows.iter().filter_map(|row| row.report).filter(|id| !reports.contains_key(id)).collect();
        if !missing.is_empty() {
            self.read_reports(&missing, Arc::make_mut(&mut words), &mut reports).await?;
        }
        self.learn_of_pasts(&mut words, &pasts).await?;
        let read = Read { data_version, updated_at, rows, words, limited, pasts, generators, downloads_of };
        Ok(compute(|| read.joined(&reports)))
    }

    /// Each version of a generator whose code the survey has seen.
    async fn generators(&self) -> Result<Arc<[Generator]>, Error> {
        let makers = query_scalar!("SELECT by FROM origins WHERE class = 'generated' AND by LIKE '% %' ORDER BY by")
            .fetch_all(&self.pool)
            .await?;
        let made = |maker: &String| {
            let (name, version) = maker.split_once(' ')?;
            Some(Generator { name: name.to_owned(), version: version.to_owned() })
        };
        Ok(makers.iter().filter_map(made).collect())
    }

    /// `2026-10`; `None` without a list of downloads.
    async fn month_of_downloads(&self) -> Result<Option<String>, Error> {
        let month = query_scalar!("SELECT max(month) FROM project_downloads").fetch_one(&self.pool).await?;
        Ok(month.map(|month| month.format("%Y-%m").to_string()))
    }

    async fn last_written(&self) -> Result<Option<DateTime<Utc>>, Error> {
        let at = query_scalar!("SELECT max(changed_at) FROM data_changes").fetch_one(&self.pool).await?;
        Ok(at)
    }
}

/// Every project as it stands, by name, without what is read of it elsewhere. Row by row: of a whole index there are
/// hundreds of thousands.
pub(crate) fn standing_rows<'e>(from: impl PgExecutor<'e> + 'e) -> BoxStream<'e, Result<Row, Error>> {
    let found = query!(
            r#"SELECT s.project_id AS "id!", s.name AS "name!", s.display_name AS "display_name!", s.project_state AS "project_state!",
                   s.version, s.release_state, s.file_state,
                   mine.sha256 AS "sha256?", coalesce(s.file_reason, s.release_reason, s.project_reason) AS reason, s.uploaded_at, s.floor,
                   s.report_id, s.native_files, d.rank::bigint AS rank, d.downloads AS "downloads?",
                   to_char(d.month, 'YYYY-MM') AS month,
                   CASE WHEN s.native_files > 0 THEN 6 WHEN s.report_id IS NOT NULL THEN 5
                       WHEN s.fetched_at IS NOT NULL THEN 4 WHEN s.file_id IS NOT NULL THEN 3
                       WHEN EXISTS (SELECT FROM files f WHERE f.release_id = s.release_id AND f.kind = 'sdist') THEN 2
                       WHEN EXISTS (SELECT FROM files f WHERE f.release_id = s.release_id) THEN 1 ELSE 0 END AS "reached!"
               FROM standing($1, $2) s
               LEFT JOIN files mine ON mine.id = s.file_id
               LEFT JOIN project_downloads d
                   ON d.name = s.name AND d.month = (SELECT max(month) FROM project_downloads)
               ORDER BY s.name COLLATE "C""#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
        )
        .fetch(from);
    let row = found.map(|row| {
        let row = row?;
        let project = StandingProject {
            name: project_name(&row.name)?,
            display_name: row.display_name.into(),
            state: words::project_state(&row.project_state)?,
            version: row.version.map(Into::into),
            release_state: optional(row.release_state.as_deref(), words::release_state)?,
            file_state: optional(row.file_state.as_deref(), words::file_state)?,
            sdist: row.sha256.map(|bytes| Sha256::from_column(&bytes)).transpose()?,
            reason: row.reason.map(Into::into),
            uploaded_at: row.uploaded_at,
            floor: optional(row.floor.as_deref(), words::target)?,
            reached: STEPS.get(usize::try_from(row.reached).unwrap_or(0)).copied().unwrap_or(Step::All),
            rank: row.rank,
            downloads: row.downloads,
            limited: None,
            earlier: None,
            report: None,
        };
        let (id, report, native_files, downloads_month) = (row.id, row.report_id, row.native_files, row.month);
        Ok(Row { id, report, native_files, downloads_month, project })
    });
    row.boxed()
}

/// In the order of the query's numbers.
const STEPS: [Step; 7] =
    [Step::All, Step::WithFiles, Step::WithSdist, Step::Selected, Step::Fetched, Step::Readable, Step::WithNative];

fn reports_of(standing: &Standing) -> Reports {
    let reports = standing.projects.iter().filter_map(|project| project.report.as_ref());
    reports.map(|report| (report.id, Arc::clone(report))).collect()
}

impl Read {
    fn joined(self, reports: &Reports) -> Standing {
        let (pasts, words) = (&self.pasts, &self.words);
        let gone_of =
            |(place, row): (u32, &Row)| pasts.get(&row.id).into_iter().flat_map(move |past| past.gone(place, words));
        let past = Past::of(|| (0..).zip(&self.rows).flat_map(gone_of), self.words.items.len());
        let whole = |row: Row| StandingProject {
            report: row.report.and_then(|id| reports.get(&id)).cloned(),
            limited: self.limited.get(&row.id).copied(),
            earlier: self.pasts.get(&row.id).map(RawPast::releases),
            ..row.project
        };
        let projects: Vec<StandingProject> = self.rows.into_iter().map(whole).collect();
        let names = Haystack::of(projects.iter().map(|project| project.name.as_str()));
        let spread = Spread::of(&projects, &self.words);
        let shared = Shared::of(&projects, &self.words, self.generators, self.downloads_of);
        let Self { data_version, updated_at, words, .. } = self;
        Standing { data_version, updated_at, projects, names, words, spread, past, shared }
    }
}
