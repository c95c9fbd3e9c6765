//! Makes the world: projects, releases, reports and uses that are like those of the real 40 packages.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, ensure};
use sqlx::{Connection as _, PgConnection};

use super::mix::{Sizes, WORDS};
use super::{real, server};
use crate::database::tell;

/// Makes the tables that the rest is made from, and everything but uses and verdicts.
const SMALL: &str = include_str!("world/small.sql");
/// Makes the uses and verdicts of a part of the projects.
const PART: &str = include_str!("world/part.sql");
/// Makes indexes and counts.
const END: &str = include_str!("world/end.sql");
/// How large it has become.
const SIZES: &str = include_str!("world/sizes.sql");

/// Connections that fill the large tables.
const PARTS: usize = 2;

/// Makes a world in `home`, unless there is one of the same sizes and seed. Returns what it is, in words.
pub(super) async fn make(program: &Path, home: &Path, sizes: Sizes, seed: u64) -> anyhow::Result<String> {
    let postgres = private_postgres::join(&server::config(home), &tell).await?;
    // The program brings the schema.
    let status = server::abiscope(program, home).args(["status", "--format", "json"]).output().await?;
    ensure!(status.status.success(), "no schema: {}", String::from_utf8_lossy(&status.stderr));
    let made = filled(postgres.url(), sizes, seed).await;
    postgres.leave().await;
    made
}

async fn filled(url: &str, sizes: Sizes, seed: u64) -> anyhow::Result<String> {
    let mut connection = connected(url, sizes, seed).await?;
    if let Some(made) = made_before(&mut connection).await? {
        ensure!(
            made == (i64::from(sizes.projects), i64::from(sizes.releases), seed.cast_signed()),
            "--database holds a world of other sizes, or of another seed: {made:?}"
        );
    } else {
        eprintln!("xtask: making {} projects of {} releases", sizes.projects, sizes.releases);
        modelled(&mut connection).await?;
        sqlx::raw_sql(SMALL).execute(&mut connection).await.context("making projects")?;
        let parts = (0..PARTS).map(|part| async move {
            let mut connection = connected(url, sizes, seed).await?;
            set(&mut connection, "load.part", &format!("{part}/{PARTS}")).await?;
            sqlx::raw_sql(PART).execute(&mut connection).await.context("making uses")?;
            anyhow::Ok(())
        });
        futures_util::future::try_join_all(parts).await?;
        sqlx::raw_sql(END).execute(&mut connection).await.context("making indexes")?;
        sqlx::raw_sql("VACUUM ANALYZE").execute(&mut connection).await.context("counting what is there")?;
    }
    let said: String = sqlx::query_scalar(SIZES).fetch_one(&mut connection).await.context("looking at the world")?;
    connection.close().await?;
    Ok(said)
}

/// Projects, releases and seed of the world that is there.
async fn made_before(connection: &mut PgConnection) -> anyhow::Result<Option<(i64, i64, i64)>> {
    let is_made = "SELECT to_regclass('load_made') IS NOT NULL";
    if !sqlx::query_scalar::<_, bool>(is_made).fetch_one(&mut *connection).await? {
        return Ok(None);
    }
    let made = sqlx::query_as("SELECT projects, releases, seed FROM load_made").fetch_optional(connection).await?;
    Ok(Some(made.context("a world was begun here and not finished")?))
}

/// A connection on which the scripts find their numbers.
async fn connected(url: &str, sizes: Sizes, seed: u64) -> anyhow::Result<PgConnection> {
    let mut connection = PgConnection::connect(url).await.context("connecting to the world's database")?;
    for (name, value) in [
        ("load.projects", sizes.projects.to_string()),
        ("load.releases", sizes.releases.to_string()),
        ("load.seed", seed.cast_signed().to_string()),
        ("load.words", WORDS.join(",")),
        ("load.analyzer", analyzer::ANALYZER_VERSION.to_owned()),
        ("load.capi", capi::DATA_VERSION.to_owned()),
        ("maintenance_work_mem", "1GB".to_owned()),
        // Neither triggers nor foreign keys are looked at: what is made is right.
        ("session_replication_role", "replica".to_owned()),
        ("synchronous_commit", "off".to_owned()),
    ] {
        set(&mut connection, name, &value).await?;
    }
    Ok(connection)
}

async fn set(connection: &mut PgConnection, name: &str, value: &str) -> anyhow::Result<()> {
    let set = sqlx::query("SELECT set_config($1, $2, false)").bind(name).bind(value).execute(connection).await;
    set.map(drop).with_context(|| format!("setting {name}"))
}

/// Writes the model into tables.
async fn modelled(connection: &mut PgConnection) -> anyhow::Result<()> {
    sqlx::raw_sql(include_str!("world/model.sql")).execute(&mut *connection).await.context("making tables")?;
    let items = real::items();
    let s = real::exponent(&items);
    eprintln!("xtask: {} items, {s:.2} their fitted exponent", items.len());
    let (mut packages, mut weighed) = (String::new(), String::new());
    for (n, package) in real::packages().iter().enumerate() {
        let _ = writeln!(packages, "{n}\t{}\t{}", real::first_chance(package.items, items.len(), s), package.line);
    }
    for (item, rank) in items.iter().zip(1_u32..) {
        let weight = f64::from(rank).powf(-s);
        let real::Item { kind, name, ways, sites, blocks, .. } = item;
        let _ = writeln!(weighed, "{rank}\t{weight}\t{kind}\t{name}\t{ways}\t{sites}\t{blocks}");
    }
    for (copy, lines) in [
        ("COPY load_packages FROM STDIN", packages.as_str()),
        ("COPY load_items (rank, weight, kind, name, ways, sites, blocks) FROM STDIN", &weighed),
        ("COPY load_words FROM STDIN", real::words()),
    ] {
        let mut sink = connection.copy_in_raw(copy).await.context(copy)?;
        sink.send(lines.as_bytes()).await?;
        sink.finish().await.context(copy)?;
    }
    Ok(())
}
