//! The server's own programs, whose version is the right one: `pg_dump` and `pg_restore`.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, bail};
use percent_encoding::percent_decode_str;
use tokio::process::Command;
use url::Url;

use super::super::database::Database;

/// The schema that a dump was made of.
#[derive(Debug, PartialEq, Eq)]
pub struct DumpedSchema {
    /// Its number.
    pub version: i64,
    /// The first abiscope that knows it.
    pub abiscope: String,
}

/// Writes the database to a file.
pub async fn dump(database: &Database, file: &Path) -> anyhow::Result<()> {
    let mut command = tool(database, "pg_dump")?;
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--file"]).arg(file);
    run(with_address(&mut command, database.url())?).await
}

/// Reads a dump into a database that has no tables: all of it, or nothing.
pub async fn restore(database: &Database, file: &Path) -> anyhow::Result<()> {
    let mut command = tool(database, "pg_restore")?;
    command.args(["--no-owner", "--no-privileges", "--single-transaction"]);
    run(with_address(&mut command, database.url())?.arg(file)).await
}

/// What a dump says of its schema; `None` if it holds no survey.
pub async fn schema_in(database: &Database, file: &Path) -> anyhow::Result<Option<DumpedSchema>> {
    let mut command = tool(database, "pg_restore")?;
    command.args(["--data-only", "--table=schema_versions", "--file=-"]).arg(file).stderr(Stdio::inherit());
    let done = command.output().await.context("starting pg_restore")?;
    if !done.status.success() {
        bail!("{} cannot be read; pg_restore's words are above", file.display());
    }
    Ok(newest_schema(&String::from_utf8_lossy(&done.stdout)))
}

/// The newest row among those that `COPY` has for `schema_versions`: version, abiscope, when, with tabs between.
fn newest_schema(script: &str) -> Option<DumpedSchema> {
    let rows = script.lines().skip_while(|line| !line.starts_with("COPY ")).skip(1).take_while(|line| *line != "\\.");
    let read = rows.filter_map(|row| {
        let mut columns = row.split('\t');
        let version = columns.next()?.parse().ok()?;
        Some(DumpedSchema { version, abiscope: columns.next()?.to_owned() })
    });
    read.max_by_key(|schema| schema.version)
}

async fn run(command: &mut Command) -> anyhow::Result<()> {
    let program = command.as_std().get_program().to_string_lossy().into_owned();
    let done = command.status().await.with_context(|| format!("starting {program}"))?;
    if !done.success() {
        bail!("{program} did not finish; its words are above");
    }
    Ok(())
}

/// The program beside the server's, or where a link in their folder leads to.
fn tool(database: &Database, program: &str) -> anyhow::Result<Command> {
    let missing =
        || format!("{program} of this Postgres is missing: install its client programs (Debian: postgresql-client)");
    let folder = database.binaries().with_context(missing)?;
    let server = folder.join("postgres").canonicalize().unwrap_or_else(|_| folder.join("postgres"));
    let beside: [PathBuf; 2] = [folder.join(program), server.with_file_name(program)];
    beside.into_iter().find(|path| path.exists()).map(Command::new).with_context(missing)
}

/// Adds the database's address, and its password where nobody else on the machine sees it.
fn with_address<'a>(command: &'a mut Command, url: &str) -> anyhow::Result<&'a mut Command> {
    let (address, password) = without_password(url)?;
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    Ok(command.args(["--dbname", &address]))
}

/// The address as Postgres' own programs take it, and its password apart.
fn without_password(url: &str) -> anyhow::Result<(String, Option<String>)> {
    // The error would quote the address.
    let mut url = Url::parse(url).ok().context("DATABASE_URL is not an address such as postgres://USER@HOST/NAME")?;
    let mut password = url.password().map(|password| percent_decode_str(password).decode_utf8_lossy().into_owned());
    if password.is_some() {
        let _ = url.set_password(None);
    }
    let mut kept = url::form_urlencoded::Serializer::new(String::new());
    for (key, value) in url.query_pairs() {
        match &*key {
            "password" => password = Some(value.into_owned()),
            // Only sqlx knows it.
            "statement-cache-capacity" => {}
            _ => _ = kept.append_pair(&key, &value),
        }
    }
    // Postgres does not read `+` as a space.
    let kept = kept.finish().replace('+', "%20");
    url.set_query((!kept.is_empty()).then_some(&kept));
    Ok((url.to_string(), password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_taken_out_of_the_address() {
        let taken = |url| without_password(url).expect("an address");
        let (address, password) =
            taken("postgres://me:a%2Fb@db.example:5433/survey?sslmode=require&statement-cache-capacity=100");
        assert_eq!(address, "postgres://me@db.example:5433/survey?sslmode=require");
        assert_eq!(password.as_deref(), Some("a/b"));
        assert_eq!(taken("postgres:///survey?host=/run/pg&password=x+y").0, "postgres:///survey?host=%2Frun%2Fpg");
        assert_eq!(taken("postgres://me@db/survey"), ("postgres://me@db/survey".to_owned(), None));
        let odd = without_password("me:secret").map(|_| ()).and_then(|()| without_password("no address").map(|_| ()));
        assert!(!format!("{:#}", odd.expect_err("no address")).contains("secret"));
    }

    #[test]
    fn the_newest_schema_of_a_dump_is_found() {
        let script = "SET x = 1;\n\nCOPY public.schema_versions (version, abiscope_version, applied_at) FROM stdin;\n\
                      1\t0.1.0\t2026-01-01 00:00:00+00\n12\t0.9.0\t2026-01-01 00:00:00+00\n4\t0.1.0\t2026\n\\.\n99\t9\t9\n";
        assert_eq!(newest_schema(script), Some(DumpedSchema { version: 12, abiscope: "0.9.0".to_owned() }));
        assert_eq!(newest_schema("SET x = 1;\n"), None);
    }
}
