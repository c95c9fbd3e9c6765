//! Reading reports: their verdicts, what they touch and what they use.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use analyzer::{Origin, StructureCounts};
use sqlx::query;

use super::Reports;
use super::past::{Pasts, RawPast};
use crate::blocking::compute;
use crate::read::json;
use crate::standing::report::{Judged, StandingReport, Touched};
use crate::standing::uses::{UseRow, Uses};
use crate::standing::vocabulary::ItemName;
use crate::standing::{Vocabulary, place};
use crate::{Error, Store, words};

/// Reports that are read at a time.
const AT_ONCE: usize = 200;

/// What one report touches.
struct RawTouched {
    report: i32,
    structures: BTreeMap<String, StructureCounts>,
    /// Names of members of unknown structures.
    unresolved: Vec<String>,
}

/// The uses of one report, as rows of the database.
struct RawUses {
    report: i32,
    items: Vec<i32>,
    origins: Vec<i32>,
    conditions: Vec<i32>,
    sites: Vec<i32>,
    access: Vec<i16>,
    probable: Vec<bool>,
}

/// One verdict, as a row of the database.
struct RawVerdict {
    report: i32,
    target: String,
    verdict: String,
    blockers: i32,
    names: Vec<String>,
    members: Vec<String>,
    has_types: bool,
}

/// A report as it grows.
#[derive(Default)]
struct Growing {
    report: StandingReport,
    names: BTreeMap<u32, u32>,
    members: BTreeMap<u32, u32>,
}

impl Store {
    /// Reads reports by their rows; one that is gone meanwhile is left out.
    pub(super) async fn read_reports(
        &self,
        ids: &[i32],
        words: &mut Vocabulary,
        reports: &mut Reports,
    ) -> Result<(), Error> {
        for ids in ids.chunks(AT_ONCE) {
            let (touched, verdicts, uses) =
                tokio::try_join!(self.raw_touched(ids), self.raw_verdicts(ids), self.raw_uses(ids))?;
            let ids = |of: fn(&RawUses) -> &Vec<i32>| uses.iter().flat_map(of).copied().collect::<BTreeSet<i32>>();
            let (items, origins) = (ids(|uses| &uses.items), ids(|uses| &uses.origins));
            self.learn(words, items, origins, ids(|uses| &uses.conditions)).await?;
            compute(|| grown(words, touched, verdicts, uses, reports))?;
        }
        Ok(())
    }

    async fn raw_touched(&self, ids: &[i32]) -> Result<Vec<RawTouched>, Error> {
        let rows = query!(
            r#"SELECT id, structures, ARRAY(SELECT jsonb_object_keys(unresolved)) AS "unresolved!"
               FROM reports WHERE id = ANY ($1)"#,
            ids
        )
        .fetch_all(&self.pool)
        .await?;
        let touched = rows.into_iter().map(|row| {
            Ok(RawTouched { report: row.id, structures: json(row.structures)?, unresolved: row.unresolved })
        });
        touched.collect()
    }

    async fn raw_verdicts(&self, ids: &[i32]) -> Result<Vec<RawVerdict>, Error> {
        let rows = sqlx::query_as!(
            RawVerdict,
            r#"SELECT report_id AS report, target, verdict, blockers, blocking AS names, blocking_members AS members,
                   cardinality(blocking_types) > 0 AS "has_types!"
               FROM verdicts WHERE report_id = ANY ($1)"#,
            ids,
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows)
    }

    /// One row for each report: arrays cost a tenth of what rows cost.
    async fn raw_uses(&self, ids: &[i32]) -> Result<Vec<RawUses>, Error> {
        let rows = sqlx::query_as!(
            RawUses,
            r#"SELECT asked.report AS "report!", coalesce(items, '{}') AS "items!", coalesce(origins, '{}') AS "origins!",
                   coalesce(conditions, '{}') AS "conditions!", coalesce(sites, '{}') AS "sites!",
                   coalesce(access, '{}') AS "access!", coalesce(probable, '{}') AS "probable!"
               FROM unnest($1::integer[]) AS asked (report) CROSS JOIN LATERAL (
                   SELECT array_agg(u.item_id) AS items, array_agg(u.origin_id) AS origins,
                       array_agg(u.condition_id) AS conditions, array_agg(u.sites) AS sites,
                       array_agg(u.access) AS access, array_agg(u.probable) AS probable
                   FROM uses u WHERE u.report_id = asked.report) used"#,
            ids,
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows)
    }

    /// Reads the words of what earlier releases had.
    pub(super) async fn learn_of_pasts(&self, words: &mut Arc<Vocabulary>, pasts: &Pasts) -> Result<(), Error> {
        let (mut items, mut conditions) = (BTreeSet::new(), BTreeSet::new());
        for (item, condition, _) in pasts.values().flat_map(RawPast::uses) {
            items.extend(words.items.number(item).is_none().then_some(item));
            conditions.extend(words.conditions.number(condition).is_none().then_some(condition));
        }
        if items.is_empty() && conditions.is_empty() {
            return Ok(());
        }
        self.learn(Arc::make_mut(words), items, BTreeSet::new(), conditions).await
    }

    /// Reads the words that are new.
    async fn learn(
        &self,
        words: &mut Vocabulary,
        mut items: BTreeSet<i32>,
        mut origins: BTreeSet<i32>,
        mut conditions: BTreeSet<i32>,
    ) -> Result<(), Error> {
        items.retain(|id| words.items.number(*id).is_none());
        origins.retain(|id| words.origins.number(*id).is_none());
        conditions.retain(|id| words.conditions.number(*id).is_none());
        let ids = |of: BTreeSet<i32>| of.into_iter().collect::<Vec<i32>>();
        let (items, origins, conditions) = (ids(items), ids(origins), ids(conditions));
        if !items.is_empty() {
            let rows = query!("SELECT id, kind, name FROM items WHERE id = ANY ($1) ORDER BY id", &items);
            for row in rows.fetch_all(&self.pool).await? {
                words.add_item(row.id, ItemName { kind: words::kind(&row.kind)?, name: row.name.into() });
            }
        }
        if !origins.is_empty() {
            let rows = query!("SELECT id, class, by FROM origins WHERE id = ANY ($1) ORDER BY id", &origins);
            for row in rows.fetch_all(&self.pool).await? {
                let by = Some(row.by).filter(|by| !by.is_empty());
                words.origins.learn(row.id, Origin { class: words::origin_class(&row.class)?, by });
            }
        }
        if !conditions.is_empty() {
            let rows = query!("SELECT id, condition FROM conditions WHERE id = ANY ($1) ORDER BY id", &conditions);
            for row in rows.fetch_all(&self.pool).await? {
                words.conditions.learn(row.id, row.condition.into());
            }
        }
        Ok(())
    }
}

/// Puts together what was read of each report.
fn grown(
    words: &mut Vocabulary,
    touched: Vec<RawTouched>,
    verdicts: Vec<RawVerdict>,
    uses: Vec<RawUses>,
    reports: &mut Reports,
) -> Result<(), Error> {
    let targets = capi::Target::all().count();
    let mut growing: HashMap<i32, Growing> = HashMap::new();
    for RawTouched { report: id, structures, unresolved } in touched {
        let unresolved = unresolved.iter().map(|name| words.unresolved.number(name)).collect();
        let touched = |(name, counts): (String, StructureCounts)| Touched {
            structure: words.structures.number(&name),
            direct: i64::try_from(counts.api_level).unwrap_or(i64::MAX),
            inside: i64::try_from(counts.abi_level).unwrap_or(i64::MAX),
        };
        let touched = structures.into_iter().map(touched).collect();
        let verdicts = vec![Judged::default(); targets].into();
        let report = StandingReport { id, verdicts, touched, unresolved, ..StandingReport::default() };
        growing.insert(id, Growing { report, ..Growing::default() });
    }
    for verdict in verdicts {
        let Some(place) = place(words::target(&verdict.target)?) else { continue };
        let Some(one) = growing.get_mut(&verdict.report) else { continue };
        judged(one, place, &verdict, words)?;
    }
    for raw in uses {
        if let Some(one) = growing.get_mut(&raw.report) {
            one.report.uses = packed(&raw, words)?;
        }
    }
    reports.extend(growing.into_iter().map(|(id, one)| {
        let names_block = one.names.into_iter().collect();
        let members_block = one.members.into_iter().collect();
        (id, Arc::new(StandingReport { names_block, members_block, ..one.report }))
    }));
    Ok(())
}

fn judged(one: &mut Growing, place: usize, raw: &RawVerdict, words: &mut Vocabulary) -> Result<(), Error> {
    if let Some(slot) = one.report.verdicts.get_mut(place) {
        let blockers = u32::try_from(raw.blockers).unwrap_or(0);
        *slot = Judged { outcome: Some(words::outcome(&raw.verdict)?), blockers };
    }
    for name in &raw.names {
        *one.names.entry(words.names.number(name)).or_default() |= 1 << place;
    }
    for member in &raw.members {
        *one.members.entry(words.members.number(member)).or_default() |= 1 << place;
    }
    one.report.types_block |= u32::from(raw.has_types) << place;
    Ok(())
}

/// Numbers for ids, row by row.
fn packed(raw: &RawUses, words: &Vocabulary) -> Result<Uses, Error> {
    let missing = || Error::Damaged(format!("a word of report {} is missing", raw.report));
    let mut rows = Vec::with_capacity(raw.items.len());
    for n in 0..raw.items.len() {
        let id = |of: &[i32]| of.get(n).copied().ok_or_else(missing);
        let row = UseRow {
            access: raw.access.get(n).and_then(|bits| u8::try_from(*bits).ok()).ok_or_else(missing)?,
            probable: raw.probable.get(n).copied().ok_or_else(missing)?,
            origin: words.origins.number(id(&raw.origins)?).ok_or_else(missing)?,
            condition: words.conditions.number(id(&raw.conditions)?).ok_or_else(missing)?,
            sites: u32::try_from(id(&raw.sites)?).unwrap_or(0),
        };
        rows.push((words.items.number(id(&raw.items)?).ok_or_else(missing)?, row));
    }
    Ok(Uses::of(rows))
}
