//! `abiscope export`: the survey as it stands, as tables for others.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use ::export::{Format, Sum, Summed, Writer};
use anyhow::Context;
use serde_json::{Value, json};
use store::{Bulk, BulkTable, Store};

use super::Home;
use crate::cli::{ExportArgs, ExportFormat};
use crate::exit::Exit;
use crate::output;

/// Writes all tables, then the schema, then the manifest: a folder that has one is whole.
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
    let manifest = out.join("manifest.json");
    match std::fs::remove_file(&manifest) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("replacing {}", manifest.display()));
        }
        _ => {}
    }
    let mut bulk = store.bulk().await?;
    let (data_version, snapshot) = (bulk.data_version().await?, bulk.snapshot().await?);
    let mut files = Vec::new();
    for table in BulkTable::ALL {
        files.extend(written(&mut bulk, table, out, formats).await?);
    }
    write_json(&out.join("schema.json"), &::export::schema(BulkTable::ALL.map(BulkTable::table)))?;
    let count = files.len();
    let told = json!({
        "data_version": data_version,
        "snapshot": snapshot.to_string(),
        "versions": {
            "abiscope": env!("CARGO_PKG_VERSION"),
            "analyzer": analyzer::ANALYZER_VERSION,
            "capi": capi::DATA_VERSION,
        },
        "files": files,
    });
    write_json(&manifest, &told)?;
    Ok(count)
}

/// Writes a table in all formats at once; a line of the manifest for each.
async fn written(bulk: &mut Bulk, table: BulkTable, out: &Path, formats: &[Format]) -> anyhow::Result<Vec<Value>> {
    let definition = table.table();
    let mut writers = Vec::new();
    for format in formats {
        let name = format!("{}.{}", definition.name, format.extension());
        let path = out.join(&name);
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
fn told(table: &str, name: &str, rows: u64, writer: Writer<BufWriter<Summed<File>>>) -> anyhow::Result<Value> {
    let summed = writer.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    let (_, Sum { bytes, sha256 }) = summed.finish();
    Ok(json!({ "table": table, "file": name, "rows": rows, "bytes": bytes, "sha256": sha256 }))
}

fn write_json(path: &Path, value: &Value) -> anyhow::Result<()> {
    let mut file = File::create(path).with_context(|| format!("making {}", path.display()))?;
    Ok(writeln!(file, "{value:#}")?)
}
