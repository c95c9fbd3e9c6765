//! `abiscope export`: the survey as it stands, as tables for others.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use ::export::{Format, Manifest, ManifestFile, Sum, Summed, Versions, Writer};
use anyhow::Context;
use serde::Serialize;
use store::{Bulk, BulkTable, Store};

use super::Home;
use crate::cli::{ExportArgs, ExportFormat};
use crate::exit::Exit;
use crate::output;

/// Writes all tables under other names, then gives them their own, and writes the manifest last: a folder that has one is
/// whole, and whoever reads an earlier export from it meanwhile still can.
pub async fn run(args: ExportArgs) -> anyhow::Result<Exit> {
    std::fs::create_dir_all(&args.out).with_context(|| format!("making the folder {}", args.out.display()))?;
    let mut formats: Vec<Format> = args.format.iter().copied().map(ExportFormat::format).collect();
    formats.sort_unstable();
    formats.dedup();
    let home = Home::open(&args.home).await?;
    let written = exported(&home.store, &args.out, &formats).await;
    home.leave().await;
    let files = written?;
    println!(
        "{} in {}: see schema.json for what is in them.",
        output::counted(files as u64, "file"),
        args.out.display()
    );
    Ok(Exit::Done)
}

/// How many files of tables were written.
async fn exported(store: &Store, out: &Path, formats: &[Format]) -> anyhow::Result<usize> {
    let mut bulk = store.bulk().await?;
    let (data_version, snapshot) = (bulk.data_version().await?, bulk.snapshot().await?);
    let mut files = Vec::new();
    for table in BulkTable::ALL {
        files.extend(written(&mut bulk, table, out, formats).await?);
    }
    let versions = Versions {
        abiscope: env!("CARGO_PKG_VERSION").to_owned(),
        analyzer: analyzer::ANALYZER_VERSION.to_owned(),
        capi: capi::DATA_VERSION.to_owned(),
    };
    let manifest = Manifest { data_version, files, snapshot: snapshot.to_string(), versions };
    write_json(&unfinished(out, Manifest::SCHEMA), &::export::schema(BulkTable::ALL.map(BulkTable::table)))?;
    write_json(&unfinished(out, Manifest::FILE), &manifest)?;
    finished(out, &manifest)?;
    Ok(manifest.files.len())
}

/// Where a file is written before it is whole.
fn unfinished(out: &Path, name: &str) -> PathBuf {
    out.join(format!("{name}.part"))
}

/// Gives every file its name, the manifest last; until then there is none.
fn finished(out: &Path, manifest: &Manifest) -> anyhow::Result<()> {
    let before = out.join(Manifest::FILE);
    match std::fs::remove_file(&before) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("replacing {}", before.display()));
        }
        _ => {}
    }
    let tables = manifest.files.iter().map(|file| file.file.as_str());
    for name in tables.chain([Manifest::SCHEMA, Manifest::FILE]) {
        let path = out.join(name);
        std::fs::rename(unfinished(out, name), &path).with_context(|| format!("replacing {}", path.display()))?;
    }
    Ok(())
}

/// Writes a table in all formats at once; a line of the manifest for each.
async fn written(
    bulk: &mut Bulk,
    table: BulkTable,
    out: &Path,
    formats: &[Format],
) -> anyhow::Result<Vec<ManifestFile>> {
    let definition = table.table();
    let mut writers = Vec::new();
    for format in formats {
        let name = format!("{}.{}", definition.name, format.extension());
        let path = unfinished(out, &name);
        let file = File::create(&path).with_context(|| format!("making {}", path.display()))?;
        writers.push((name, Writer::new(definition, *format, BufWriter::new(Summed::new(file)))?));
    }
    let mut rows = 0_u64;
    let mut sink = |row: &[::export::Value<'_>]| {
        rows += 1;
        writers.iter_mut().try_for_each(|(_, writer)| writer.row(row))
    };
    bulk.rows(table, &mut sink).await?;
    writers.into_iter().map(|(name, writer)| told(definition.name, &name, rows, writer)).collect()
}

/// Ends a file and says what is in it.
fn told(table: &str, name: &str, rows: u64, writer: Writer<BufWriter<Summed<File>>>) -> anyhow::Result<ManifestFile> {
    let summed = writer.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    let (_, Sum { bytes, sha256 }) = summed.finish();
    Ok(ManifestFile { bytes, file: name.to_owned(), rows, sha256, table: table.to_owned() })
}

fn write_json(path: &Path, value: &impl Serialize) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(value).context("writing JSON")?;
    std::fs::write(path, text + "\n").with_context(|| format!("making {}", path.display()))
}
