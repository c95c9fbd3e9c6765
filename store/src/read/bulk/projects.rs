//! Projects.

use export::{Column, Kind, Table, Value};
use futures_util::TryStreamExt;
use sha2::Digest;
use sqlx::PgConnection;

use super::Sink;
use crate::standing::{Step, limited, standing_rows};
use crate::{Error, FileState, ReleaseState, Sha256};

pub(super) const TABLE: Table = Table {
    name: "projects",
    about: "Every project of the survey with the release that stands for it, by project.",
    columns: &COLUMNS,
};

const COLUMNS: [Column; 17] = [
    Column::new("project", Kind::Text, "Normalised name."),
    Column::new("display_name", Kind::Text, "The name as the project writes it."),
    Column::new("state", Kind::Text, "State of the project: listed, not-found, quarantined, withdrawn, …."),
    Column::new("version", Kind::Text, "The release that stands for it; missing without one."),
    Column::new("release_state", Kind::Text, "State of that release: selected, pure-by-tags, no-source, …."),
    Column::new("file_state", Kind::Text, "State of its selected sdist: analysed, unreadable, …; missing without one."),
    Column::new("reason", Kind::Text, "Why the file, else the release, else the project is in its state."),
    Column::new("sdist_sha256", Kind::Text, "SHA-256 of the selected sdist, in hexadecimal."),
    Column::new("uploaded_at", Kind::Time, "When the first file of the release was uploaded."),
    Column::new(
        "floor",
        Kind::Text,
        "The lowest target from which every later one has no blocker; missing without one.",
    ),
    Column::new(
        "reached",
        Kind::Text,
        "The last step of the denominator chain that it reached: all, with-files, with-sdist, selected, fetched, readable, with-native.",
    ),
    Column::new("rank", Kind::Integer, "Place in the newest list of downloads, from 1; missing if it is not in it."),
    Column::count("downloads", "downloads a month", "Downloads in the month of that list."),
    Column::new("downloads_month", Kind::Text, "The month of that list: 2026-10; missing for who is not in it."),
    Column::count("native_files", "files", "Native source files in the sdist; missing if it was not read."),
    Column::new(
        "limited",
        Kind::Text,
        "The lowest level of the limited API that it is built for, as declared or by its wheels: 3.9.",
    ),
    Column::new("analysed", Kind::Boolean, "This analyzer has read the sdist: the other tables have rows of it."),
];

pub(super) async fn rows(moment: &mut PgConnection, sink: Sink<'_>) -> Result<(), Error> {
    let limited = limited(&mut *moment).await?;
    let mut rows = standing_rows(moment);
    while let Some(row) = rows.try_next().await? {
        let project = &row.project;
        let (sdist, floor) = (project.sdist.map(|hash| hash.to_string()), project.floor.map(|floor| floor.to_string()));
        let limited = limited.get(&row.id).map(ToString::to_string);
        let values: [Value<'_>; COLUMNS.len()] = [
            project.name.as_str().into(),
            (&*project.display_name).into(),
            project.state.as_str().into(),
            project.version.as_deref().into(),
            project.release_state.map(ReleaseState::as_str).into(),
            project.file_state.map(FileState::as_str).into(),
            project.reason.as_deref().into(),
            sdist.as_ref().into(),
            project.uploaded_at.into(),
            floor.as_ref().into(),
            step(project.reached).into(),
            project.rank.into(),
            project.downloads.into(),
            row.downloads_month.as_ref().into(),
            row.native_files.into(),
            limited.as_ref().into(),
            row.report.is_some().into(),
        ];
        sink(&values)?;
    }
    Ok(())
}

const fn step(step: Step) -> &'static str {
    match step {
        Step::All => "all",
        Step::WithFiles => "with-files",
        Step::WithSdist => "with-sdist",
        Step::Selected => "selected",
        Step::Fetched => "fetched",
        Step::Readable => "readable",
        Step::WithNative => "with-native",
    }
}

pub(super) async fn snapshot(moment: &mut PgConnection) -> Result<Sha256, Error> {
    let mut hash = sha2::Sha256::new();
    let mut rows = standing_rows(moment);
    while let Some(row) = rows.try_next().await? {
        hash.update(row.project.snapshot_line().as_bytes());
    }
    Sha256::from_column(&hash.finalize())
}
