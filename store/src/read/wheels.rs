//! What the wheels of releases say about themselves, without a download.

use packaging::{ProjectName, ReleaseVersion};
use sqlx::{query_as, query_scalar};

use crate::{Error, Store, text};

/// A wheel that an index lists.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct PureSample {
    /// Releases whose wheels are all pure.
    pub pure: i64,
    /// Of them, those in the sample of one in a hundred, with an sdist to fetch.
    pub sampled: i64,
    /// Of them, those that have a report of this analyzer: the denominator of the miss rate.
    pub decided: i64,
    /// Of them, those with native source: the misses, the numerator.
    pub with_native: i64,
}

/// Whether a release is in the sample of pure releases that are fetched all the same. One in a hundred, told by its name
/// and version alone: it is the same for every process and run.
pub fn in_pure_sample(name: &ProjectName, version: &ReleaseVersion) -> bool {
    let hash = crate::Sha256::of(format!("{name} {}", text::key(version.as_str())).as_bytes());
    let [high, low, ..] = *hash.as_bytes();
    u16::from_be_bytes([high, low]) < PURE_SAMPLE
}

/// Of 65,536.
const PURE_SAMPLE: u16 = 655;

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

    /// How often the prefilter misses native source behind wheels that are all pure. Counted over releases that were
    /// judged by their wheels (`pure-by-tags`) or fetched all the same; only those of the sample count as fetched,
    /// because what somebody asked for by name is not random.
    pub async fn pure_sample(&self) -> Result<PureSample, Error> {
        // The sample is worked out here as in `in_pure_sample`.
        let sample = query_as!(
            PureSample,
            r#"WITH pure AS (
                   SELECT r.id, r.state, r.project_id, r.version FROM releases r
                   WHERE r.state = 'pure-by-tags' OR r.state = 'selected' AND EXISTS (
                       SELECT FROM files f WHERE f.release_id = r.id AND f.kind = 'wheel'
                       HAVING bool_and(split_part(f.detail, '-', 2) = 'none' AND split_part(f.detail, '-', 3) = 'any'))
               ),
               sampled AS (
                   SELECT f.id, f.state FROM pure JOIN projects p ON p.id = pure.project_id
                   CROSS JOIN LATERAL (SELECT sha256(convert_to(p.name || ' ' || pure.version, 'UTF8')) AS bytes) hash
                   JOIN files f ON f.release_id = pure.id AND f.selected
                   WHERE pure.state = 'selected' AND get_byte(hash.bytes, 0) * 256 + get_byte(hash.bytes, 1) < $3
               )
               SELECT (SELECT count(*) FROM pure) AS "pure!", count(*) AS "sampled!", count(rep.id) AS "decided!",
                   count(*) FILTER (WHERE rep.native_files > 0) AS "with_native!"
               FROM sampled s
               LEFT JOIN report_versions said ON said.file_id = s.id AND s.state = 'analysed'
                   AND said.analyzer_version = $1 AND said.capi_version = $2
               LEFT JOIN reports rep ON rep.id = said.report_id"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            i32::from(PURE_SAMPLE),
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(sample)
    }

    /// The project and version of each sampled release in which native source was found: the misses, by name.
    pub async fn pure_sample_misses(&self) -> Result<Vec<(ProjectName, String)>, Error> {
        let rows = query_scalar!(
            r#"SELECT p.name || ' ' || r.version AS "release!"
               FROM releases r JOIN projects p ON p.id = r.project_id
               JOIN files f ON f.release_id = r.id AND f.selected AND f.state = 'analysed'
               JOIN report_versions said ON said.file_id = f.id AND said.analyzer_version = $1
                   AND said.capi_version = $2
               JOIN reports rep ON rep.id = said.report_id
               CROSS JOIN LATERAL (SELECT sha256(convert_to(p.name || ' ' || r.version, 'UTF8')) AS bytes) hash
               WHERE r.state = 'selected' AND rep.native_files > 0
                 AND get_byte(hash.bytes, 0) * 256 + get_byte(hash.bytes, 1) < $3
                 AND EXISTS (SELECT FROM files w WHERE w.release_id = r.id AND w.kind = 'wheel'
                     HAVING bool_and(split_part(w.detail, '-', 2) = 'none' AND split_part(w.detail, '-', 3) = 'any'))
               ORDER BY 1 LIMIT 1000"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            i32::from(PURE_SAMPLE),
        )
        .fetch_all(&self.pool)
        .await?;
        let release = |text: String| {
            let (name, version) = text.split_once(' ')?;
            Some((name.parse().ok()?, version.to_owned()))
        };
        Ok(rows.into_iter().filter_map(release).collect())
    }
}
