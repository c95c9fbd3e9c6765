//! The past of this world: of each project its releases, of which only the one that stands was read.

use std::collections::HashSet;
use std::sync::Arc;

use analyzer::{OriginClass, WheelTag};
use capi::Target;
use chrono::NaiveDate;
use store::{
    FileState, Frozen, Prefilter, Sha256, SnapshotFile, SnapshotHead, TrendChange, TrendChanges, TrendMark, TrendRange,
    UseRow,
};
use trends::{
    Change, Declared, Downloads, Facts, Lists, Month, Months, Project, Release, Scope, Step, Subject, Switch, Tag,
    TagDates, Told, Toolchain, Trends, WRITERS, Words, structure_by,
};

use super::{Known, World};

/// The structures whose members the world's code touches, by number.
const STRUCTURES: [&str; 5] = ["PyObject", "PyVarObject", "PyTypeObject", "PyFrameObject", "PyThreadState"];

/// The same, and each once more for each that may have written that code.
fn words() -> Vec<String> {
    let by = |name: &'static str| WRITERS.map(|class| structure_by(name, class));
    STRUCTURES.map(str::to_owned).into_iter().chain(STRUCTURES.into_iter().flat_map(by)).collect()
}

fn until() -> NaiveDate {
    "2026-11-22".parse().expect("a day")
}

impl World {
    /// Counted anew each time: it is small.
    pub(super) fn trends(&self) -> Trends {
        let lists: Lists = ["2026-10".parse().expect("a month")].into_iter().collect();
        let mut trends = Trends::new(Months::new("2022-01-01".parse().expect("a day"), until()), lists);
        trends.learn(&Words { structures: words(), items: Vec::new() });
        for (key, known) in (0..).zip(&self.projects) {
            trends.replace(key, Some(Arc::new(project(key, known))), &|_| &[]);
        }
        trends
    }

    pub(super) fn trend_changed(
        &self,
        subject: &Subject,
        scope: Scope,
        between: (Month, Month),
    ) -> Option<TrendChanges> {
        let found = self.trends().changes(subject, scope, between, &HashSet::new())?;
        let version = |id: Option<i64>| {
            let id = id?;
            let known = self.projects.get(usize::try_from(id / 1000).ok()?)?;
            Some(known.detail.releases.get(usize::try_from(id % 1000).ok()?)?.version.clone())
        };
        let told = |changes: Vec<Change>| {
            let told = |change: Change| TrendChange {
                project: change.project.to_string(),
                before: version(change.before),
                now: version(change.now),
            };
            changes.into_iter().map(told).collect()
        };
        Some(TrendChanges { entered: told(found.entered), left: told(found.left), unread: told(found.unread) })
    }
}

impl World {
    /// What reports of this world's last day show.
    pub(super) fn frozen(&self) -> Frozen {
        let trends = self.trends();
        let wanted = web::report_series().into_iter();
        Frozen {
            day: until(),
            observed_from: trends.observed_from(),
            hash: Sha256::of(b"the list").to_string(),
            analyzer_version: analyzer::ANALYZER_VERSION.to_owned(),
            capi_version: capi::DATA_VERSION.to_owned(),
            marks: marks(),
            prefilter: Prefilter { pure: 100, sampled: 3, decided: 2, with_native: 1 },
            series: wanted.filter_map(|(subject, scope)| trends.series(&subject, scope)).collect(),
            structures: vec![("PyTypeObject".to_owned(), 9), ("PyFrameObject".to_owned(), 3)],
            files: vec![SnapshotFile {
                project: "numpy".to_owned(),
                version: "2.5.5".to_owned(),
                filename: Some("numpy-2.5.5.tar.gz".to_owned()),
                sha256: Some(Sha256::of(b"numpy").to_string()),
                report: None,
            }],
        }
    }
}

/// One that was put right, and the one that did.
pub(super) fn snapshots(frozen: &Frozen) -> Vec<SnapshotHead> {
    let head = |name: &str, corrects: Option<&str>| SnapshotHead {
        name: name.to_owned(),
        day: frozen.day,
        hash: Sha256::of(name.as_bytes()),
        projects: 44,
        read: 32,
        analyzer_version: frozen.analyzer_version.clone(),
        capi_version: frozen.capi_version.clone(),
        data_version: 17,
        corrects: corrects.map(str::to_owned),
        made_at: super::day("2026-11-22").expect("a day"),
    };
    vec![head("2026-11", Some("2026-11-early")), head("2026-11-early", None)]
}

pub(super) fn range(trends: &Trends) -> TrendRange {
    TrendRange {
        first: trends.months().day(0),
        until: until(),
        observed_from: trends.observed_from(),
        years: trends.years().collect(),
        structures: STRUCTURES.map(str::to_owned).to_vec(),
    }
}

pub(super) fn marks() -> Vec<TrendMark> {
    let mark = |on: &str, version: &str| TrendMark {
        on: on.parse().expect("a day"),
        analyzer_version: version.to_owned(),
        capi_version: capi::DATA_VERSION.to_owned(),
    };
    vec![mark("2026-01-10", "2"), mark("2026-09-12", analyzer::ANALYZER_VERSION)]
}

fn project(key: i64, known: &Known) -> Project {
    let releases = (0_i64..).zip(&known.detail.releases).filter_map(|(n, row)| {
        let uploaded = row.uploaded_at?.date_naive();
        Some(Release {
            id: key * 1000 + n,
            uploaded,
            is_prerelease: row.prerelease,
            yanked: Switch::of(row.yanked.then_some((uploaded, true))),
            gone: Switch::default(),
            sdist: row.file_state.map(|_| uploaded),
            selected: row.file_state.map(|_| uploaded),
            step: if row.file_state == Some(FileState::Analysed) { Step::Native } else { Step::Selected },
            tags: tags(known, uploaded, row.stable_wheels),
            told: known
                .release
                .as_ref()
                .filter(|release| release.version == row.version)
                .and_then(|_| told(key, known)),
        })
    });
    // The newest comes first on pages.
    let mut releases: Vec<Release> = releases.collect();
    releases.reverse();
    let rank = u32::try_from(key + 1).expect("a rank");
    Project {
        name: known.detail.name.as_str().into(),
        first_seen: "2026-02-01".parse().expect("a day"),
        away: Switch::default(),
        releases,
        downloads: vec![Downloads {
            month: "2026-10".parse().expect("a month"),
            rank,
            downloads: 90_000_000 / u64::from(rank),
        }],
    }
}

fn tags(known: &Known, uploaded: NaiveDate, stable: i64) -> TagDates {
    let mut dates = TagDates::default();
    let tags = known.release.iter().flat_map(|release| &release.wheel_tags);
    for tag in tags.filter(|_| stable > 0).filter_map(|tag| tag.parse::<WheelTag>().ok()) {
        for tag in Tag::of_wheel(&tag) {
            dates.add(tag, uploaded, None);
        }
    }
    dates
}

fn told(key: i64, known: &Known) -> Option<Told> {
    let file = known.release.as_ref()?.file.as_ref()?;
    let known_words = words();
    let number =
        |word: &str| known_words.iter().position(|one| one == word).and_then(|place| u32::try_from(place).ok());
    let is_touched = |name: &&str| file.structures.get(*name).is_some_and(|counts| counts.api_level > 0);
    let writer = |name: &str| {
        let is_of = |row: &&UseRow| row.item.split_once('.').is_some_and(|(structure, _)| structure == name);
        let by = |class: &OriginClass| file.uses.iter().filter(is_of).any(|row| row.origin == class.as_str());
        WRITERS.into_iter().find(by).unwrap_or(OriginClass::Own)
    };
    let said = STRUCTURES.into_iter().filter(is_touched);
    let said = said.flat_map(|name| [name.to_owned(), structure_by(name, writer(name))]);
    let facts = Facts {
        is_native: file.tree.as_ref()?.native_files > 0,
        outcomes: Target::all().map(|target| Some(known.verdict(target)?.verdict)).collect(),
        declared: Declared::of(&file.declarations),
        toolchains: Toolchain::bits(&file.tools),
        structures: said.filter_map(|word| number(&word)).collect(),
        removed: 0,
        deprecated: 0,
    };
    Some(Told { report: i32::try_from(key).ok()?, facts: Arc::new(facts) })
}
