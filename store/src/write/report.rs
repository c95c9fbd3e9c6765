//! Storing a report: blobs first, then everything else in one transaction.

mod key;

use std::collections::BTreeMap;

use analyzer::{Certainty, Report, SourceTree, Use, Verdict};
use sqlx::{Postgres, Transaction, query, query_scalar};

use self::key::Key;
use super::{commit, held};
use crate::blocking::compute;
use crate::trends::facts_derived;
use crate::{Error, FileId, Packed, Sha256, Store, text, words};

/// What recording a report came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// The report was written.
    Written,
    /// An analyzer version had said the same before: only that was noted.
    Same,
}

impl Store {
    /// Stores a file's report: source pack, sites, uses, verdicts; sets it `analysed`. A report that says the same as
    /// the one stored before changes nothing.
    pub async fn file_analysed(&self, file: FileId, tree: &SourceTree, report: &Report) -> Result<(), Error> {
        let packed = compute(|| Packed::of(tree, report))?;
        self.file_analysed_packed(file, report, &packed).await?;
        Ok(())
    }

    /// As [`Store::file_analysed`], with what another process has packed.
    pub async fn file_analysed_packed(
        &self,
        file: FileId,
        report: &Report,
        packed: &Packed,
    ) -> Result<Recorded, Error> {
        self.recorded(file, report, packed).await
    }

    /// Stores the report of a file that was read from its source pack again. If it says what the newest one says, only
    /// that is noted, in one small row. A file that was withdrawn meanwhile stays so.
    pub async fn file_reanalysed(&self, file: FileId, report: &Report, packed: &Packed) -> Result<Recorded, Error> {
        self.recorded(file, report, packed).await
    }

    async fn recorded(&self, file: FileId, report: &Report, packed: &Packed) -> Result<Recorded, Error> {
        let (digest, sources, sites) = compute(|| {
            let sources = packed.sources.as_ref().map(|bytes| (Sha256::of(bytes), bytes));
            Ok::<_, Error>((digest(report)?, sources, (Sha256::of(&packed.sites), &packed.sites)))
        })?;
        let key = Key { file, report, digest, sites: sites.0, fingerprint: packed.fingerprint };
        // Most re-analyses say the same: no blob is written for them.
        let puts: Vec<_> = match key.same(&mut *self.pool.acquire().await?).await? {
            Some(_) => sources.into_iter().collect(),
            None => sources.into_iter().chain([sites]).collect(),
        };
        for (key, bytes) in &puts {
            self.blobs.put_as(*key, (*bytes).clone()).await?;
        }
        let mut tx = self.pool.begin().await?;
        held(&mut tx, &self.blobs, &puts).await?;
        file_set_analysed(&mut tx, file, sources.map(|(key, _)| key)).await?;
        let recorded = match key.same(&mut tx).await? {
            Some(same) => key.noted(&mut tx, same).await?,
            None if puts.iter().all(|(put, _)| *put != sites.0) => {
                // What said the same a moment ago is gone: once more from the start.
                drop(tx);
                return Box::pin(self.recorded(file, report, packed)).await;
            }
            None => {
                key.removed(&mut tx).await?;
                let id = key.inserted(&mut tx).await?;
                verdicts_inserted(&mut tx, id, &report.verdicts).await?;
                uses_inserted(&mut tx, id, &report.uses).await?;
                facts_derived(&mut tx, &[id]).await?;
                Recorded::Written
            }
        };
        commit(tx).await?;
        Ok(recorded)
    }
}

/// Of all that the report says, its versions left out: a new analyzer that says the same has the same digest.
fn digest(report: &Report) -> Result<Sha256, Error> {
    let Report {
        schema_version,
        sdist,
        tree,
        tools,
        declarations,
        files,
        contents,
        uses,
        verdicts,
        floor,
        unresolved,
        structures,
        problems,
        ..
    } = report;
    let code = (files, contents, uses, verdicts, floor, unresolved, structures);
    let said = (schema_version, sdist, tree, tools, declarations, code, problems);
    let json = serde_json::to_vec(&said).map_err(|error| Error::Damaged(format!("a report: {error}")))?;
    Ok(Sha256::of(&json))
}

/// Locks the file's row, so that two analyses of one file follow each other. Without a new pack the file is one that
/// was read from its pack, and only a failure of the analyzer is taken back.
pub(super) async fn file_set_analysed(
    tx: &mut Transaction<'_, Postgres>,
    file: FileId,
    pack: Option<Sha256>,
) -> Result<(), Error> {
    let row = query!(
        r#"SELECT filename, fetched_at IS NOT NULL AS "stored!", pack_blob IS NOT NULL AS "packed!"
           FROM files WHERE id = $1 FOR UPDATE"#,
        file.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NoSuchFile(file.0))?;
    if !row.stored || pack.is_none() && !row.packed {
        return Err(Error::NotFetched(row.filename));
    }
    query!(
        "UPDATE files SET state = 'analysed', reason = NULL, failed_by = NULL, pack_blob = coalesce($2::bytea, pack_blob)
         WHERE id = $1 AND ($2::bytea IS NOT NULL OR state IN ('fetched', 'analyzer-failed'))",
        file.0,
        pack.as_ref().map(|pack| &pack.as_bytes()[..]),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn verdicts_inserted(tx: &mut Transaction<'_, Postgres>, report: i32, verdicts: &[Verdict]) -> Result<(), Error> {
    query!(
        "INSERT INTO verdicts (report_id, target, verdict, blockers, blocking, blocking_members, blocking_types, undecided)
         SELECT $1, t.target, t.verdict, cardinality(blocking) + cardinality(blocking_members) + cardinality(blocking_types),
             t.blocking, t.blocking_members, t.blocking_types, t.undecided
         FROM jsonb_to_recordset($2) AS t (target text, verdict text, blocking text[], blocking_members text[],
             blocking_types text[], undecided jsonb)",
        report,
        json(&verdicts)?,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What makes two uses the same row.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct UseKey {
    kind: &'static str,
    item: String,
    access: i16,
    class: &'static str,
    by: String,
    condition: String,
    probable: bool,
}

struct UseCount {
    sites: i32,
    first_file: i32,
    first_line: i32,
}

fn use_key(use_: &Use) -> UseKey {
    let condition = use_.condition.to_string();
    UseKey {
        kind: use_.kind.as_str(),
        item: text::key(&use_.item()).into_owned(),
        access: words::access_bits(use_.access),
        class: use_.origin.class.as_str(),
        by: text::key(use_.origin.by.as_deref().unwrap_or_default()).into_owned(),
        // Half a condition would be another one: too long to be compared is not known.
        condition: if text::key(&condition) == condition { condition } else { "unknown".to_owned() },
        probable: use_.certainty == Certainty::Probable,
    }
}

fn use_rows(uses: &[Use]) -> BTreeMap<UseKey, UseCount> {
    let mut rows: BTreeMap<UseKey, UseCount> = BTreeMap::new();
    for use_ in uses {
        let Some(first) = use_.sites.iter().min() else { continue };
        let here =
            UseCount { sites: whole(use_.sites.len()), first_file: whole(first.file), first_line: whole(first.line) };
        rows.entry(use_key(use_))
            .and_modify(|row| {
                row.sites = row.sites.saturating_add(here.sites);
                if (here.first_file, here.first_line) < (row.first_file, row.first_line) {
                    (row.first_file, row.first_line) = (here.first_file, here.first_line);
                }
            })
            .or_insert(here);
    }
    rows
}

async fn uses_inserted(tx: &mut Transaction<'_, Postgres>, report: i32, uses: &[Use]) -> Result<(), Error> {
    let rows = use_rows(uses);
    let words = |word: fn(&UseKey) -> &str| rows.keys().map(|key| word(key).to_owned()).collect::<Vec<String>>();
    let (kinds, items) = (words(|key| key.kind), words(|key| &key.item));
    let (classes, bys) = (words(|key| key.class), words(|key| &key.by));
    let conditions = words(|key| &key.condition);
    interned(tx, [&kinds, &items, &classes, &bys, &conditions]).await?;

    let numbers = |number: fn(&UseCount) -> i32| rows.values().map(number).collect::<Vec<i32>>();
    let inserted = query!(
        "INSERT INTO uses (report_id, item_id, origin_id, condition_id, sites, first_file, first_line, access, probable)
         SELECT $1, i.id, o.id, c.id, t.sites, t.first_file, t.first_line, t.access, t.probable
         FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[], $9::int[],
                 $10::smallint[], $11::boolean[])
             AS t (kind, item, class, by, condition, sites, first_file, first_line, access, probable)
         JOIN items i ON i.name = t.item AND i.kind = t.kind
         JOIN origins o ON o.class = t.class AND o.by = t.by
         JOIN conditions c ON c.condition = t.condition",
        report,
        &kinds,
        &items,
        &classes,
        &bys,
        &conditions,
        &numbers(|row| row.sites),
        &numbers(|row| row.first_file),
        &numbers(|row| row.first_line),
        &rows.keys().map(|key| key.access).collect::<Vec<_>>(),
        &rows.keys().map(|key| key.probable).collect::<Vec<_>>(),
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    if inserted != rows.len() as u64 {
        return Err(Error::Damaged(format!("{inserted} of {} uses found their interned words", rows.len())));
    }
    Ok(())
}

/// Adds the words that are new. Sorted, so that two writers wait for each other in one order; only what is missing,
/// because each row tried costs an id. Mostly all are there, which one look tells.
async fn interned(tx: &mut Transaction<'_, Postgres>, words: [&[String]; 5]) -> Result<(), Error> {
    let [kinds, items, classes, bys, conditions] = words;
    let all_there = query_scalar!(
        r#"SELECT NOT EXISTS (SELECT FROM unnest($1::text[], $2::text[]) AS t (kind, name)
                 WHERE NOT EXISTS (SELECT FROM items i WHERE i.name = t.name AND i.kind = t.kind))
             AND NOT EXISTS (SELECT FROM unnest($3::text[], $4::text[]) AS t (class, by)
                 WHERE NOT EXISTS (SELECT FROM origins o WHERE o.class = t.class AND o.by = t.by))
             AND NOT EXISTS (SELECT FROM unnest($5::text[]) AS t (condition)
                 WHERE NOT EXISTS (SELECT FROM conditions c WHERE c.condition = t.condition)) AS "all_there!""#,
        kinds,
        items,
        classes,
        bys,
        conditions,
    )
    .fetch_one(&mut **tx)
    .await?;
    if all_there {
        return Ok(());
    }
    query!(
        "INSERT INTO items (kind, name)
         SELECT DISTINCT t.kind, t.name FROM unnest($1::text[], $2::text[]) AS t (kind, name)
         WHERE NOT EXISTS (SELECT FROM items i WHERE i.name = t.name AND i.kind = t.kind)
         ORDER BY t.kind, t.name ON CONFLICT DO NOTHING",
        kinds,
        items,
    )
    .execute(&mut **tx)
    .await?;
    query!(
        "INSERT INTO origins (class, by)
         SELECT DISTINCT t.class, t.by FROM unnest($1::text[], $2::text[]) AS t (class, by)
         WHERE NOT EXISTS (SELECT FROM origins o WHERE o.class = t.class AND o.by = t.by)
         ORDER BY t.class, t.by ON CONFLICT DO NOTHING",
        classes,
        bys,
    )
    .execute(&mut **tx)
    .await?;
    query!(
        "INSERT INTO conditions (condition)
         SELECT DISTINCT t.condition FROM unnest($1::text[]) AS t (condition)
         WHERE NOT EXISTS (SELECT FROM conditions c WHERE c.condition = t.condition)
         ORDER BY t.condition ON CONFLICT DO NOTHING",
        conditions,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) fn json(value: &impl serde::Serialize) -> Result<serde_json::Value, Error> {
    text::json(value).map_err(|error| Error::Damaged(format!("a report: {error}")))
}

/// A count as a column's integer; none comes near the end of it.
fn whole(count: impl TryInto<i32>) -> i32 {
    count.try_into().unwrap_or(i32::MAX)
}
