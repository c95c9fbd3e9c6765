//! `abiscope search`: lines of the stored sources that match a pattern.

mod text;

use std::io::{self, Write};
use std::time::{Duration, Instant};

use ::search::Pattern;
use store::{Indexed, SourceFound, SourceQuery, Store};

use super::Home;
use crate::cli::{SearchArgs, SearchFormat};
use crate::exit::{self, Exit};
use crate::output;

/// Indexes what is not indexed yet, searches, and prints what is found.
pub async fn run(args: SearchArgs) -> anyhow::Result<Exit> {
    let query = match query(&args) {
        Ok(query) => query,
        Err(error) => {
            exit::complain(&error.to_string());
            return Ok(Exit::Usage);
        }
    };
    let home = Home::open(&args.home).await?;
    let found = indexed_and_searched(&home.store, &args, query.as_ref()).await;
    home.leave().await;
    let (Some((found, took)), Some(query)) = (found?, query) else { return Ok(Exit::Done) };
    print(&found, took, &query.pattern, &args)?;
    Ok(if found.complete { Exit::Done } else { Exit::InputFailed })
}

/// `None`: only the index is asked for.
fn query(args: &SearchArgs) -> Result<Option<SourceQuery>, ::search::PatternError> {
    let Some(pattern) = &args.pattern else { return Ok(None) };
    let pattern = Pattern::parse(pattern, args.ignore_case)?;
    Ok(Some(SourceQuery {
        pattern,
        project: args.project.clone(),
        path: args.path.clone(),
        own: args.own,
        code: args.code,
        active: args.active,
        context: args.context,
        limit: if args.count { 0 } else { args.limit as usize },
        of_a_file: usize::MAX,
        time: args.timeout,
    }))
}

async fn indexed_and_searched(
    store: &Store,
    args: &SearchArgs,
    query: Option<&SourceQuery>,
) -> anyhow::Result<Option<(SourceFound, Duration)>> {
    let made = indexed(store, args.rebuild).await?;
    let Some(query) = query else {
        eprintln!(
            "Indexed {}: {} of source, {} of index.",
            output::counted(made.packs, "sdist"),
            output::bytes(made.source_bytes),
            output::bytes(made.index_bytes)
        );
        return Ok(None);
    };
    let start = Instant::now();
    Ok(Some((store.source_search(query).await?, start.elapsed())))
}

/// Brings the index up to date, with a bar on a terminal while there is something to do.
pub async fn indexed(store: &Store, again: bool) -> Result<Indexed, store::Error> {
    let bar = output::bar(None, "sdists indexed, {eta} left");
    let made = store
        .source_indexed(again, |progress| {
            bar.set_length(progress.of as u64);
            bar.set_position(progress.done as u64);
        })
        .await;
    bar.finish_and_clear();
    made
}

fn print(found: &SourceFound, took: Duration, pattern: &Pattern, args: &SearchArgs) -> anyhow::Result<()> {
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    match args.format {
        SearchFormat::Text => text::write(found, pattern, args.count, &mut out)?,
        SearchFormat::Json => writeln!(out, "{}", output::versioned(&Timed { found, seconds: took.as_secs_f64() })?)?,
        SearchFormat::Csv => csv(found, args.count, &mut out)?,
    }
    Ok(out.flush()?)
}

/// What was found, and how long it took.
#[derive(serde::Serialize)]
struct Timed<'a> {
    #[serde(flatten)]
    found: &'a SourceFound,
    seconds: f64,
}

fn csv(found: &SourceFound, count: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    if count {
        csv.write_record(["project", "version", "lines", "files", "sha256"])?;
        for row in &found.projects {
            let (lines, files) = (row.lines.to_string(), row.files.to_string());
            csv.write_record([row.project.as_str(), &row.version, &lines, &files, &row.sha256])?;
        }
    } else {
        csv.write_record(["project", "version", "path", "line", "column", "text"])?;
        for hit in &found.hits {
            let (line, column) = (hit.line.to_string(), hit.column.to_string());
            csv.write_record([hit.project.as_str(), &hit.version, &hit.path, &line, &column, &hit.text])?;
        }
    }
    Ok(csv.flush()?)
}
