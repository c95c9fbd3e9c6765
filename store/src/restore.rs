//! A database that is to be restored from a dump, and one that was.
//!
//! The dump may be of an older schema, so it goes into a database without any tables, which is migrated afterwards.

use std::collections::BTreeSet;

use sqlx::{Connection, PgConnection, query, query_scalar};

use crate::{Error, Store, schema};

/// What a database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contents {
    /// No table at all.
    Nothing,
    /// Abiscope's tables, and nothing that was found out: it was migrated and not used.
    NoSurvey,
    /// A survey, or somebody else's tables.
    InUse,
}

impl Store {
    /// The schema of the database at `url`, 0 if it has none, whatever this binary knows.
    pub async fn schema_of(url: &str) -> Result<i64, Error> {
        let mut connection = PgConnection::connect(url).await?;
        let (found, _) = schema::found(&mut connection).await?;
        connection.close().await?;
        Ok(found)
    }

    /// The newest schema that this binary knows.
    pub fn schema_known() -> i64 {
        schema::known()
    }

    /// What the database at `url` holds, of whatever schema.
    pub async fn contents(url: &str) -> Result<Contents, Error> {
        let mut connection = PgConnection::connect(url).await?;
        let contents = contents(&mut connection).await?;
        connection.close().await?;
        Ok(contents)
    }

    /// Removes abiscope's own tables from a database that holds [`Contents::NoSurvey`], so that a dump goes into it.
    /// Refused if it holds anything.
    pub async fn emptied(url: &str) -> Result<(), Error> {
        let mut connection = PgConnection::connect(url).await?;
        let mut tx = connection.begin().await?;
        if contents(&mut tx).await? == Contents::InUse {
            return Err(Error::InUse);
        }
        let ours = ours();
        for (what, names) in [("VIEW", &ours.views), ("TABLE", &ours.tables), ("FUNCTION", &ours.functions)] {
            for name in names {
                let sql = format!("DROP {what} IF EXISTS public.{name} CASCADE");
                sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await?;
            }
        }
        for name in &ours.sequences {
            let sql = format!("DROP SEQUENCE IF EXISTS public.{name}");
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await?;
        }
        sqlx::raw_sql("DROP SCHEMA IF EXISTS graphile_worker CASCADE").execute(&mut *tx).await?;
        tx.commit().await?;
        connection.close().await?;
        Ok(())
    }

    /// To be called after a dump was restored: migrates it, and frees what the processes of the deployment that was
    /// dumped held at that moment. None of them works here.
    pub async fn restored(url: &str) -> Result<(), Error> {
        Self::migrate(url).await?;
        let mut connection = PgConnection::connect(url).await?;
        query!(
            "SELECT graphile_worker.recover_dead_worker_jobs(ARRAY(
                 SELECT DISTINCT locked_by FROM graphile_worker.jobs WHERE locked_by IS NOT NULL))"
        )
        .fetch_all(&mut connection)
        .await?;
        query!("DELETE FROM presences").execute(&mut connection).await?;
        query!("UPDATE connection_slots SET taken_until = '-infinity'").execute(&mut connection).await?;
        connection.close().await?;
        Ok(())
    }
}

async fn contents(connection: &mut PgConnection) -> Result<Contents, Error> {
    let tables: BTreeSet<String> = query_scalar!(
        r#"SELECT CASE WHEN n.nspname = 'public' THEN c.relname::text ELSE n.nspname || '.' || c.relname END AS "name!"
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_'
             AND n.nspname NOT IN ('information_schema', 'graphile_worker')"#
    )
    .fetch_all(&mut *connection)
    .await?
    .into_iter()
    .collect();
    if tables.is_empty() {
        return Ok(Contents::Nothing);
    }
    let ours = ours();
    if tables.iter().any(|name| !ours.tables.contains(name) && !ours.views.contains(name)) {
        return Ok(Contents::InUse);
    }
    // An older schema may lack some of them.
    for table in ["projects", "index_names", "hidden_projects", "project_downloads", "proposals", "reviews"] {
        if !tables.contains(table) {
            continue;
        }
        let sql = sqlx::AssertSqlSafe(format!("SELECT EXISTS (SELECT FROM public.{table})"));
        if sqlx::query_scalar::<_, bool>(sql).fetch_one(&mut *connection).await? {
            return Ok(Contents::InUse);
        }
    }
    Ok(Contents::NoSurvey)
}

/// What the migrations make in the schema `public`.
#[derive(Debug, Default)]
struct Ours {
    tables: BTreeSet<String>,
    views: BTreeSet<String>,
    functions: BTreeSet<String>,
    sequences: BTreeSet<String>,
}

/// Read from the migrations themselves, so that no list has to be kept.
fn ours() -> Ours {
    // The migrator's own table.
    let mut ours = Ours { tables: BTreeSet::from(["_sqlx_migrations".to_owned()]), ..Ours::default() };
    for line in schema::statements() {
        let Some(rest) = line.strip_prefix("CREATE ") else { continue };
        let mut words = rest.split(|c: char| c.is_whitespace() || c == '(').filter(|word| !word.is_empty());
        let what = words.find(|word| !matches!(*word, "OR" | "REPLACE" | "UNLOGGED" | "MATERIALIZED"));
        let names = match what {
            Some("TABLE") => &mut ours.tables,
            Some("VIEW") => &mut ours.views,
            Some("FUNCTION") => &mut ours.functions,
            Some("SEQUENCE") => &mut ours.sequences,
            _ => continue,
        };
        if let Some(name) = words.next() {
            names.insert(name.trim_end_matches(';').to_owned());
        }
    }
    ours
}
