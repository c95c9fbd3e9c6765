//! What the wheels of releases say about themselves, without a download.

use futures_util::TryStreamExt;
use packaging::{ProjectName, ReleaseVersion};
use sqlx::{query, query_as, query_scalar};

use crate::{Error, Store, text};

/// A wheel that an index lists.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Wheel {
    /// Its name.
    pub filename: String,
    /// Its tags as written: `cp311-abi3-manylinux_2_17_x86_64`.
    pub tags: String,
    /// `cp311`; several are joined by dots.
    pub python: String,
    /// `abi3`, `abi3t`, `cp315t`, `none`; several are joined by dots.
    pub abi: String,
    /// `any`, `win_amd64`; several are joined by dots.
    pub platform: String,
    /// It is yanked.
    pub yanked: bool,
}

/// How many projects ship which wheels, each by the release that stands for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct WheelCounts {
    /// Projects with a release that stands for them.
    pub projects: i64,
    /// With a wheel.
    pub with_wheels: i64,
    /// With a wheel of the stable ABI.
    pub abi3: i64,
    /// With a wheel of the stable ABI for free-threaded builds.
    pub abi3t: i64,
    /// With a wheel for one version of a free-threaded build (`cp313t`).
    pub free_threaded: i64,
    /// With a wheel for one version of Python (`cp313`).
    pub one_version: i64,
    /// With a wheel of a platform that has no Python ABI: a bundled binary.
    pub bundled: i64,
    /// With a wheel for any Python on any platform.
    pub pure: i64,
}

/// What came of the releases that were fetched although their wheels are all pure: how often the prefilter misses.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct PureMisses {
    /// Releases whose wheels are all pure, fetched or not.
    pub pure: i64,
    /// Of them, those of the sample, whose sdist is to be fetched all the same.
    pub sampled: i64,
    /// Of them, those that have a report of this analyzer: the denominator of the miss rate.
    pub decided: i64,
    /// Of them, those with native source: the misses, the numerator.
    pub with_native: i64,
    /// The misses, by project and version, at most 1,000.
    pub misses: Vec<(ProjectName, String)>,
}

/// Misses that are named.
const NAMED: usize = 1000;

impl Store {
    /// The wheels of a release that its page lists, by name.
    pub async fn wheels(&self, name: &ProjectName, version: &ReleaseVersion) -> Result<Vec<Wheel>, Error> {
        let wheels = query_as!(
            Wheel,
            r#"SELECT f.filename, f.detail AS "tags!", split_part(f.detail, '-', 1) AS "python!",
                   split_part(f.detail, '-', 2) AS "abi!", split_part(f.detail, '-', 3) AS "platform!",
                   f.yanked IS NOT NULL AS "yanked!"
               FROM projects p JOIN releases r ON r.project_id = p.id JOIN files f ON f.release_id = r.id
               WHERE p.name = $1 AND r.version = $2 AND f.kind = 'wheel' AND f.listed AND f.detail IS NOT NULL
               ORDER BY f.filename COLLATE "C""#,
            name.as_str(),
            &*text::key(version.as_str()),
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(wheels)
    }

    /// How many projects ship which wheels.
    pub async fn wheel_counts(&self) -> Result<WheelCounts, Error> {
        let counts = query_as!(
            WheelCounts,
            r#"WITH wheel AS (
                   SELECT r.id, string_to_array(split_part(f.detail, '-', 2), '.') AS abis,
                       split_part(f.detail, '-', 3) = 'any' AS anywhere
                   FROM releases r JOIN files f ON f.release_id = r.id AND f.kind = 'wheel' AND f.listed
                   WHERE r.standing
               ),
               shipped AS (
                   SELECT id, bool_or('abi3' = ANY (abis)) AS abi3, bool_or('abi3t' = ANY (abis)) AS abi3t,
                       bool_or(EXISTS (SELECT FROM unnest(abis) AS abi WHERE abi ~ '^cp[0-9]+t$')) AS free_threaded,
                       bool_or(EXISTS (SELECT FROM unnest(abis) AS abi WHERE abi ~ '^cp[0-9]+[dmu]*$')) AS one_version,
                       bool_or('none' = ANY (abis) AND NOT anywhere) AS bundled,
                       bool_or('none' = ANY (abis) AND anywhere) AS pure
                   FROM wheel GROUP BY id
               )
               SELECT (SELECT count(*) FROM releases WHERE standing) AS "projects!", count(*) AS "with_wheels!",
                   count(*) FILTER (WHERE abi3) AS "abi3!", count(*) FILTER (WHERE abi3t) AS "abi3t!",
                   count(*) FILTER (WHERE free_threaded) AS "free_threaded!",
                   count(*) FILTER (WHERE one_version) AS "one_version!",
                   count(*) FILTER (WHERE bundled) AS "bundled!", count(*) FILTER (WHERE pure) AS "pure!"
               FROM shipped"#
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(counts)
    }

    /// How often the prefilter misses native source behind wheels that are all pure. `sampled` says which projects chance
    /// has drawn: what somebody asked for by name is not random, and does not count.
    pub async fn pure_misses(&self, sampled: impl Fn(&ProjectName) -> bool) -> Result<PureMisses, Error> {
        let left_out = query_scalar!(r#"SELECT count(*) AS "n!" FROM releases WHERE state = 'pure-by-tags'"#)
            .fetch_one(&self.pool)
            .await?;
        let mut rows = query!(
            r#"SELECT p.name, r.version, f.state = 'analysed' AND rep.id IS NOT NULL AS "decided!",
                   coalesce(rep.native_files > 0, false) AS "native!"
               FROM releases r JOIN projects p ON p.id = r.project_id JOIN files f ON f.release_id = r.id AND f.selected
               LEFT JOIN report_versions said
                   ON said.file_id = f.id AND said.analyzer_version = $1 AND said.capi_version = $2
               LEFT JOIN reports rep ON rep.id = said.report_id
               WHERE r.state = 'selected' AND EXISTS (
                   SELECT FROM files w WHERE w.release_id = r.id AND w.kind = 'wheel'
                   HAVING bool_and(split_part(w.detail, '-', 2) = 'none' AND split_part(w.detail, '-', 3) = 'any'))
               ORDER BY p.name COLLATE "C", r.version COLLATE "C""#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
        )
        .fetch(&self.pool);
        let mut found = PureMisses { pure: left_out, ..PureMisses::default() };
        while let Some(row) = rows.try_next().await? {
            let name = super::project_name(&row.name)?;
            found.pure += 1;
            if !sampled(&name) {
                continue;
            }
            found.sampled += 1;
            found.decided += i64::from(row.decided);
            if row.decided && row.native {
                found.with_native += 1;
                if found.misses.len() < NAMED {
                    found.misses.push((name, row.version));
                }
            }
        }
        Ok(found)
    }
}
