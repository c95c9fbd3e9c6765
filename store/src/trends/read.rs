//! Reading what projects looked like on which day.
//!
//! Files are asked for release by release (`LATERAL`, kept apart by what the planner does not look through): it would go
//! through all of them for a hundredth of the projects.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use analyzer::WheelTag;
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt;
use sqlx::{query, query_scalar};
use trends::{Declared, Downloads, Facts, Month, Project, Release, Step, Switch, Tag, TagDates, Told, Words};

use super::facts::{DEFINITION, facts_derived, outcome};
use crate::{Error, ProjectState, Store};

/// Reports whose facts are derived at a time.
const AT_ONCE: usize = 200;

/// More reports than these take a while, which is said.
const MANY: usize = 10_000;

/// What is known of some projects.
pub(super) struct Read {
    pub(super) projects: BTreeMap<i64, Project>,
    /// For each report the ids of the items that it uses, packed.
    pub(super) items: HashMap<i32, Vec<u8>>,
}

/// What reports say, by their rows.
type AllFacts = HashMap<i32, Arc<Facts>>;

impl Store {
    /// The past of these projects.
    pub(super) async fn pasts_of(&self, of: &[i64], words: &mut Words) -> Result<Read, Error> {
        let (mut projects, seen, tags) = tokio::try_join!(self.projects_of(of), self.seen_of(of), self.tags_of(of))?;
        let (facts, items) = self.facts_of(of, words).await?;
        self.add_releases(of, &mut projects, &seen, &tags, &facts).await?;
        self.add_downloads(&mut projects).await?;
        for (id, project) in &mut projects {
            project.away = switch(seen.get(&(*id, None)), is_away);
        }
        Ok(Read { projects, items })
    }

    /// Derives what is not derived yet, or by other rules; of reports that were given since a time alone, if there is one.
    pub(super) async fn derive_missing_facts(&self, since: Option<DateTime<Utc>>) -> Result<(), Error> {
        let missing = query_scalar!(
            "SELECT DISTINCT said.report_id FROM report_versions said
             LEFT JOIN report_facts known ON known.report_id = said.report_id AND known.definition = $3
             WHERE said.analyzer_version = $1 AND said.capi_version = $2 AND known.report_id IS NULL
                 AND said.said_at >= coalesce($4::timestamptz, '-infinity')
             ORDER BY said.report_id",
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            DEFINITION,
            since,
        )
        .fetch_all(&self.pool)
        .await?;
        if missing.len() > MANY {
            tracing::info!("deriving what trends need of {} reports; this is done once", missing.len());
        }
        let mut connection = self.pool.acquire().await?;
        for some in missing.chunks(AT_ONCE) {
            facts_derived(&mut connection, some).await?;
        }
        Ok(())
    }

    async fn projects_of(&self, of: &[i64]) -> Result<BTreeMap<i64, Project>, Error> {
        let rows = query!(
            r#"SELECT id, name, (first_seen_at AT TIME ZONE 'UTC')::date AS "first_seen!" FROM projects
               WHERE id = ANY ($1)"#,
            of
        );
        let project = |name: String, first_seen| Project {
            name: name.into(),
            first_seen,
            away: Switch::default(),
            releases: Vec::new(),
            downloads: Vec::new(),
        };
        let rows = rows.fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(|row| (row.id, project(row.name, row.first_seen))).collect())
    }

    /// What was seen of projects and releases, in the order of time.
    async fn seen_of(&self, of: &[i64]) -> Result<HashMap<(i64, Option<i64>), Vec<Seen>>, Error> {
        let rows = query!(
            r#"SELECT project_id, release_id, what, value, (seen_at AT TIME ZONE 'UTC')::date AS "day!" FROM seen_changes
               WHERE what <> 'file-gone' AND project_id = ANY ($1) ORDER BY seen_at, id"#,
            of,
        );
        let mut seen: HashMap<(i64, Option<i64>), Vec<Seen>> = HashMap::new();
        for row in rows.fetch_all(&self.pool).await? {
            let known = Seen { what: row.what, value: row.value, day: row.day };
            seen.entry((row.project_id, row.release_id)).or_default().push(known);
        }
        Ok(seen)
    }

    /// On which days releases have wheels of the stable ABIs and for free threading. A wheel that is gone counts as long as
    /// it was not seen to be.
    async fn tags_of(&self, of: &[i64]) -> Result<HashMap<i64, TagDates>, Error> {
        let rows = query!(
            r#"SELECT f.release_id, f.detail AS "detail!",
                   (coalesce(f.uploaded_at, f.first_seen_at) AT TIME ZONE 'UTC')::date AS "day!",
                   CASE WHEN NOT f.listed THEN coalesce((SELECT (max(c.seen_at) AT TIME ZONE 'UTC')::date FROM seen_changes c
                       WHERE c.project_id = r.project_id AND c.file_id = f.id AND c.value = 'true'), (f.first_seen_at AT TIME ZONE 'UTC')::date) END AS gone
               FROM releases r CROSS JOIN LATERAL (
                   SELECT * FROM files f WHERE f.release_id = r.id AND f.kind = 'wheel'
                       AND (f.detail LIKE '%abi3%' OR f.detail LIKE '%-cp3%t-%') OFFSET 0) f
               WHERE r.project_id = ANY ($1)"#,
            of,
        );
        let mut tags: HashMap<i64, TagDates> = HashMap::new();
        for row in rows.fetch_all(&self.pool).await? {
            let Ok(tag) = row.detail.parse::<WheelTag>() else { continue };
            let dates = tags.entry(row.release_id).or_default();
            for tag in Tag::of_wheel(&tag) {
                dates.add(tag, row.day, row.gone);
            }
        }
        Ok(tags)
    }

    async fn facts_of(&self, of: &[i64], words: &mut Words) -> Result<(AllFacts, HashMap<i32, Vec<u8>>), Error> {
        let mut rows = query!(
            r#"SELECT f.report_id, f.is_native, f.outcomes, f.declared, f.toolchains, f.structures, f.removed, f.deprecated, f.items
               FROM releases r CROSS JOIN LATERAL (
                   SELECT said.report_id FROM files f JOIN report_versions said ON said.file_id = f.id
                   WHERE f.release_id = r.id AND said.analyzer_version = $2 AND said.capi_version = $3 OFFSET 0) said
               JOIN report_facts f USING (report_id)
               WHERE r.project_id = ANY ($1)"#,
            of,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
        )
        .fetch(&self.pool);
        let mut numbers: HashMap<String, u32> = words.structures.iter().cloned().zip(0..).collect();
        let (mut all, mut items, mut shared) = (AllFacts::new(), HashMap::new(), HashSet::new());
        while let Some(row) = rows.try_next().await? {
            let mut structures = Vec::with_capacity(row.structures.len());
            for word in row.structures {
                if !numbers.contains_key(&word) {
                    words.learn_structure(&word);
                    numbers = words.structures.iter().cloned().zip(0..).collect();
                }
                let name = word.split(':').next().unwrap_or_default();
                structures.extend([name, &word].into_iter().filter_map(|word| numbers.get(word)));
            }
            let facts = Facts {
                is_native: row.is_native,
                outcomes: row.outcomes.chars().map(outcome).collect(),
                declared: Declared { abi3: row.declared & 1 != 0, abi3t: row.declared & 2 != 0 },
                toolchains: u16::try_from(row.toolchains).unwrap_or(0),
                structures: structures.into(),
                removed: row.removed.cast_unsigned(),
                deprecated: row.deprecated.cast_unsigned(),
            };
            all.insert(row.report_id, one_of(&mut shared, facts));
            items.insert(row.report_id, row.items);
        }
        Ok((all, items))
    }

    /// Releases with files, lowest version first.
    async fn add_releases(
        &self,
        of: &[i64],
        projects: &mut BTreeMap<i64, Project>,
        seen: &HashMap<(i64, Option<i64>), Vec<Seen>>,
        tags: &HashMap<i64, TagDates>,
        facts: &AllFacts,
    ) -> Result<(), Error> {
        let mut rows = query!(
            r#"SELECT r.id, r.project_id, r.prerelease, f.uploaded AS "uploaded!", f.sdist, f.selected,
                   f.is_fetched AS "is_fetched!", f.report
               FROM releases r CROSS JOIN LATERAL (
                   SELECT (min(coalesce(f.uploaded_at, f.first_seen_at)) AT TIME ZONE 'UTC')::date AS uploaded,
                       (min(coalesce(f.uploaded_at, f.first_seen_at)) FILTER (WHERE f.kind = 'sdist') AT TIME ZONE 'UTC')::date AS sdist,
                       (min(coalesce(f.uploaded_at, f.first_seen_at)) FILTER (WHERE f.selected) AT TIME ZONE 'UTC')::date AS selected,
                       coalesce(bool_or(f.selected AND f.fetched_at IS NOT NULL), false) AS is_fetched,
                       max(said.report_id) AS report
                   FROM files f LEFT JOIN report_versions said ON said.file_id = f.id AND f.selected AND f.state = 'analysed'
                       AND said.analyzer_version = $2 AND said.capi_version = $3
                   WHERE f.release_id = r.id HAVING count(*) > 0) f
               WHERE r.project_id = ANY ($1)
               ORDER BY r.project_id, r.position"#,
            of,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
        )
        .fetch(&self.pool);
        while let Some(row) = rows.try_next().await? {
            let Some(project) = projects.get_mut(&row.project_id) else { continue };
            let seen = seen.get(&(row.project_id, Some(row.id)));
            project.releases.push(Release {
                id: row.id,
                uploaded: row.uploaded,
                is_prerelease: row.prerelease,
                yanked: switch(seen, |seen| is(seen, "release-yanked")),
                gone: switch(seen, |seen| is(seen, "release-gone")),
                sdist: row.sdist,
                selected: row.selected,
                step: if row.is_fetched { Step::Native } else { Step::Selected },
                tags: tags.get(&row.id).copied().unwrap_or_default(),
                told: row.report.and_then(|report| Some(Told { report, facts: Arc::clone(facts.get(&report)?) })),
            });
        }
        Ok(())
    }

    async fn add_downloads(&self, projects: &mut BTreeMap<i64, Project>) -> Result<(), Error> {
        let ids: Vec<i64> = projects.keys().copied().collect();
        let rows = query!(
            r#"SELECT p.id, d.month, d.rank, d.downloads FROM project_downloads d JOIN projects p ON p.name = d.name
               WHERE p.id = ANY ($1) ORDER BY p.id, d.month"#,
            &ids,
        );
        for row in rows.fetch_all(&self.pool).await? {
            let Some(project) = projects.get_mut(&row.id) else { continue };
            project.downloads.push(Downloads {
                month: Month::of(row.month),
                rank: u32::try_from(row.rank).unwrap_or(u32::MAX),
                downloads: u64::try_from(row.downloads).unwrap_or(0),
            });
        }
        Ok(())
    }
}

/// The one that says the same, so that it is held once.
fn one_of(shared: &mut HashSet<Arc<Facts>>, facts: Facts) -> Arc<Facts> {
    if let Some(known) = shared.get(&facts) {
        return Arc::clone(known);
    }
    let facts = Arc::new(facts);
    shared.insert(Arc::clone(&facts));
    facts
}

/// Something that was seen of a project or a release.
struct Seen {
    what: String,
    value: String,
    day: NaiveDate,
}

fn switch(seen: Option<&Vec<Seen>>, is_on: impl Fn(&Seen) -> Option<bool>) -> Switch {
    Switch::of(seen.into_iter().flatten().filter_map(|seen| Some((seen.day, is_on(seen)?))))
}

fn is(seen: &Seen, what: &str) -> Option<bool> {
    (seen.what == what).then(|| seen.value == "true")
}

/// Whoever asks for the project gets nothing. One that is put off or too large is there all the same.
fn is_away(seen: &Seen) -> Option<bool> {
    if seen.what != "project-state" {
        return None;
    }
    let state = ProjectState::from_word(&seen.value)?;
    Some(matches!(state, ProjectState::NotFound | ProjectState::Withdrawn | ProjectState::Quarantined))
}
