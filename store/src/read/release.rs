//! A release's page: its sdist and what the report says of it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use analyzer::{Contradiction, Declaration, Kind, Problem, StructureCounts, Tool, TreeFacts, Verdict, WheelTag};
use capi::Target;
use chrono::{DateTime, Utc};
use packaging::ProjectName;
use sqlx::{query, query_scalar};

use super::{json, optional, word};
use crate::standing::Standing;
use crate::{Error, FileState, ReleaseState, Sha256, SourceHidden, Store, text, words};

/// Everything about one release.
#[derive(Debug, Clone, serde::Serialize, schemars::JsonSchema)]
pub struct ReleaseDetail {
    /// The version.
    pub version: String,
    /// Its state.
    #[serde(serialize_with = "word")]
    pub state: ReleaseState,
    /// Why.
    pub reason: Option<String>,
    /// A pre-release.
    pub prerelease: bool,
    /// Yanked as a whole.
    pub yanked: bool,
    /// `requires-python`.
    pub requires_python: Option<String>,
    /// When it was uploaded.
    pub uploaded_at: Option<DateTime<Utc>>,
    /// The tags of its wheels, as written, sorted, each once.
    pub wheel_tags: Vec<String>,
    /// Why its source is not shown; `None`: it is.
    pub source_hidden: Option<SourceHidden>,
    /// The selected sdist.
    pub file: Option<FileAnswer>,
}

/// The selected sdist and its report.
#[derive(Debug, Clone, serde::Serialize, schemars::JsonSchema)]
pub struct FileAnswer {
    /// Its name.
    pub filename: String,
    /// Its hash.
    pub sha256: String,
    /// Its size in bytes.
    pub size: Option<i64>,
    /// Its state.
    #[serde(serialize_with = "word")]
    pub state: FileState,
    /// Why.
    pub reason: Option<String>,
    /// When it was analysed.
    pub analysed_at: Option<DateTime<Utc>>,
    /// The analyzer that did.
    pub analyzer_version: Option<String>,
    /// The C-API data it used.
    pub capi_version: Option<String>,
    /// What the archive held.
    pub tree: Option<TreeFacts>,
    /// Tools seen.
    pub tools: Vec<Tool>,
    /// One for each target.
    pub verdicts: Vec<Verdict>,
    /// The floor.
    pub floor: Option<Target>,
    /// How often the members of each structure are touched, directly and through macros.
    pub structures: BTreeMap<String, StructureCounts>,
    /// Accesses to ambiguous member names whose structure could not be told, by member name.
    pub unresolved: BTreeMap<String, u64>,
    /// Uses, by kind, then most sites first.
    pub uses: Vec<UseRow>,
    /// What the project says about the stable ABI.
    pub declarations: Vec<Declaration>,
    /// What of it does not fit together, or not with the code or the wheels, worst first.
    pub contradictions: Vec<Contradiction>,
    /// What could not be read or told.
    pub problems: Vec<Problem>,
}

/// One row of `uses`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct UseRow {
    /// The kind.
    pub kind: Kind,
    /// `PyTuple_GET_SIZE`, `PyFrameObject.f_code`, or the variable.
    pub item: String,
    /// `read+write`, or empty.
    pub access: String,
    /// `own`, `generated`, …
    pub origin: String,
    /// The generator or vendored project.
    pub origin_by: Option<String>,
    /// When the preprocessor keeps it.
    pub condition: String,
    /// `certain` or `probable`.
    pub certainty: String,
    /// How many sites.
    pub sites: i64,
}

impl Store {
    /// One release; `None` for the version: the one that stands for the project.
    pub async fn release(&self, name: &ProjectName, version: Option<&str>) -> Result<Option<ReleaseDetail>, Error> {
        let version = version.map(text::key);
        let found = query!(
            r#"SELECT r.id, r.version, r.state, r.reason, r.prerelease, r.yanked, r.requires_python, r.uploaded_at,
                   h.because AS "hidden_because?", h.reason AS "hidden_reason?"
               FROM projects p JOIN releases r ON r.project_id = p.id LEFT JOIN hidden_sources h ON h.project_id = p.id
               WHERE p.name = $1 AND CASE WHEN $2::text IS NULL THEN r.standing ELSE r.version = $2 END"#,
            name.as_str(),
            version.as_deref(),
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(found) = found else { return Ok(None) };
        let wheel_tags = self.wheel_tags(found.id).await?;
        Ok(Some(ReleaseDetail {
            version: found.version,
            state: words::release_state(&found.state)?,
            reason: found.reason,
            prerelease: found.prerelease,
            yanked: found.yanked,
            requires_python: found.requires_python,
            uploaded_at: found.uploaded_at,
            file: self.file_answer(name, found.id, &wheel_tags).await?,
            wheel_tags,
            source_hidden: SourceHidden::from_columns(found.hidden_because.as_deref(), found.hidden_reason)?,
        }))
    }

    async fn wheel_tags(&self, release: i64) -> Result<Vec<String>, Error> {
        let tags = query_scalar!(
            r#"SELECT DISTINCT detail AS "tags!" FROM files
               WHERE release_id = $1 AND kind = 'wheel' AND detail IS NOT NULL ORDER BY 1"#,
            release
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(tags)
    }

    async fn file_answer(
        &self,
        name: &ProjectName,
        release: i64,
        wheel_tags: &[String],
    ) -> Result<Option<FileAnswer>, Error> {
        let found = query!(
            r#"SELECT f.filename, f.sha256, f.size, f.state AS "state!", f.reason, rep.id AS "report?",
                   rep.analysed_at AS "analysed_at?", coalesce(said.tree, rep.tree) AS "tree?", rep.tools AS "tools?", rep.floor,
                   rep.problems AS "problems?", rep.declarations AS "declarations?",
                   rep.structures AS "structures?", rep.unresolved AS "unresolved?"
               FROM files f
               LEFT JOIN report_versions said ON said.file_id = f.id AND f.state = 'analysed'
                   AND said.analyzer_version = $2 AND said.capi_version = $3
               LEFT JOIN reports rep ON rep.id = said.report_id
               WHERE f.release_id = $1 AND f.selected"#,
            release,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(found) = found else { return Ok(None) };
        let (verdicts, uses) = match found.report {
            Some(report) => (self.verdicts(report).await?, self.use_rows(name, report).await?),
            None => (Vec::new(), Vec::new()),
        };
        let sha256 = found.sha256.map(|bytes| Sha256::from_column(&bytes)).transpose()?;
        let version = |version: &str| found.report.map(|_| version.to_owned());
        let floor = optional(found.floor.as_deref(), words::target)?;
        let declarations: Vec<Declaration> = found.declarations.map(json).transpose()?.unwrap_or_default();
        let wheels: Vec<WheelTag> = wheel_tags.iter().filter_map(|tag| tag.parse().ok()).collect();
        // Without wheels nothing is shipped that could contradict.
        let wheels = (!wheels.is_empty()).then_some(&wheels[..]);
        Ok(Some(FileAnswer {
            filename: found.filename,
            sha256: sha256.map(|hash| hash.to_string()).unwrap_or_default(),
            size: found.size,
            state: words::file_state(&found.state)?,
            reason: found.reason,
            analysed_at: found.analysed_at,
            analyzer_version: version(analyzer::ANALYZER_VERSION),
            capi_version: version(capi::DATA_VERSION),
            tree: found.tree.map(json).transpose()?,
            tools: found.tools.map(json).transpose()?.unwrap_or_default(),
            contradictions: analyzer::contradictions(&declarations, &verdicts, floor, wheels),
            declarations,
            verdicts,
            floor,
            structures: found.structures.map(json).transpose()?.unwrap_or_default(),
            unresolved: found.unresolved.map(json).transpose()?.unwrap_or_default(),
            uses,
            problems: found.problems.map(json).transpose()?.unwrap_or_default(),
        }))
    }

    async fn verdicts(&self, report: i32) -> Result<Vec<Verdict>, Error> {
        let rows = query!(
            "SELECT target, verdict, blocking, blocking_members, blocking_types, undecided
             FROM verdicts WHERE report_id = $1",
            report
        )
        .fetch_all(&self.pool)
        .await?;
        let verdicts = rows.into_iter().map(|row| {
            Ok(Verdict {
                target: words::target(&row.target)?,
                verdict: words::outcome(&row.verdict)?,
                blocking: row.blocking,
                blocking_members: row.blocking_members,
                blocking_types: row.blocking_types,
                undecided: json(row.undecided)?,
            })
        });
        let mut verdicts = verdicts.collect::<Result<Vec<_>, Error>>()?;
        verdicts.sort_by_key(|verdict| verdict.target);
        Ok(verdicts)
    }

    /// Uses of the report, by kind, then most sites first. Those of a release that stands for its project are in memory.
    async fn use_rows(&self, name: &ProjectName, report: i32) -> Result<Vec<UseRow>, Error> {
        let kept = self.kept_standing();
        let mut uses = match kept.as_ref().and_then(|standing| standing.use_rows(name, report)) {
            Some(uses) => uses,
            None => self.use_rows_of_the_database(report).await?,
        };
        uses.sort_by(|one, other| order(one).cmp(&order(other)));
        Ok(uses)
    }

    async fn use_rows_of_the_database(&self, report: i32) -> Result<Vec<UseRow>, Error> {
        let rows = query!(
            r#"SELECT i.kind, i.name, u.access, o.class, nullif(o.by, '') AS by, c.condition, u.probable,
                   u.sites::bigint AS "sites!"
               FROM uses u
               JOIN items i ON i.id = u.item_id
               JOIN origins o ON o.id = u.origin_id
               JOIN conditions c ON c.id = u.condition_id
               WHERE u.report_id = $1"#,
            report
        )
        .fetch_all(&self.pool)
        .await?;
        let uses = rows.into_iter().map(|row| {
            Ok(UseRow {
                kind: words::kind(&row.kind)?,
                item: row.name,
                access: words::accesses(row.access).to_string(),
                origin: row.class,
                origin_by: row.by,
                condition: row.condition,
                certainty: certainty(row.probable),
                sites: row.sites,
            })
        });
        uses.collect()
    }
}

impl Standing {
    /// The uses of a report, if it is of the release that stands for the project.
    fn use_rows(&self, name: &ProjectName, report: i32) -> Option<Vec<UseRow>> {
        let place = self.projects.binary_search_by(|project| project.name.cmp(name)).ok()?;
        let kept = self.projects.get(place)?.report.as_ref().filter(|kept| kept.id == report)?;
        let words = &self.words;
        let mut uses = Vec::new();
        for (item, at) in kept.uses.items() {
            let item = words.items.get(item)?;
            for row in kept.uses.rows(at) {
                let origin = words.origins.get(row.origin)?;
                uses.push(UseRow {
                    kind: item.kind,
                    item: item.name.to_string(),
                    access: words::accesses(i16::from(row.access)).to_string(),
                    origin: origin.class.as_str().to_owned(),
                    origin_by: origin.by.clone(),
                    condition: words.conditions.get(row.condition)?.to_string(),
                    certainty: certainty(row.probable),
                    sites: i64::from(row.sites),
                });
            }
        }
        Some(uses)
    }
}

pub(super) fn certainty(probable: bool) -> String {
    if probable { "probable" } else { "certain" }.to_owned()
}

fn order(row: &UseRow) -> impl Ord + '_ {
    let origin = (&row.origin, &row.origin_by);
    (row.kind, Reverse(row.sites), &row.item, &row.access, origin, &row.condition, &row.certainty)
}
