//! What trends need of a report: derived once and kept.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use analyzer::{Condition, Declaration, Implementation, Outcome, StructureCounts, Tool, Truth, World};
use capi::{Target, Version};
use sqlx::{PgConnection, query};
use trends::{Declared, Toolchain, WRITERS, structure_by};

use crate::read::json;
use crate::standing::{ItemName, place};
use crate::{Error, leb128, words};

/// The number of the rules below: another one has everything derived again.
pub(super) const DEFINITION: i16 = 2;

/// Letters of [`Outcome::ALL`], and what stands for none.
const LETTERS: [char; 5] = ['n', 'b', 't', 'u', 'p'];
const NONE: char = '-';

/// What one report says, as rows of the database.
struct Raw {
    report: i32,
    is_native: bool,
    declarations: serde_json::Value,
    tools: serde_json::Value,
    structures: serde_json::Value,
    targets: Vec<String>,
    verdicts: Vec<String>,
    items: Vec<i32>,
    conditions: Vec<i32>,
    classes: Vec<String>,
}

/// Derives the facts of reports and writes them.
pub(crate) async fn facts_derived(connection: &mut PgConnection, reports: &[i32]) -> Result<(), Error> {
    let raw = read(connection, reports).await?;
    let words = Meanings::of(connection, &raw).await?;
    let derived = raw.iter().map(|raw| words.derived(raw)).collect::<Result<Vec<Row>, Error>>()?;
    written(connection, &derived).await
}

async fn read(connection: &mut PgConnection, reports: &[i32]) -> Result<Vec<Raw>, Error> {
    let rows = sqlx::query_as!(
        Raw,
        r#"SELECT rep.id AS report, rep.native_files > 0 AS "is_native!", rep.declarations, rep.tools, rep.structures,
               ARRAY(SELECT v.target FROM verdicts v WHERE v.report_id = rep.id ORDER BY v.target) AS "targets!",
               ARRAY(SELECT v.verdict FROM verdicts v WHERE v.report_id = rep.id ORDER BY v.target) AS "verdicts!",
               coalesce(used.items, '{}') AS "items!", coalesce(used.conditions, '{}') AS "conditions!",
               coalesce(used.classes, '{}') AS "classes!"
           FROM reports rep CROSS JOIN LATERAL (
               SELECT array_agg(u.item_id) AS items, array_agg(u.condition_id) AS conditions, array_agg(o.class) AS classes
               FROM uses u JOIN origins o ON o.id = u.origin_id AND o.class <> 'test-or-doc'
               WHERE u.report_id = rep.id) used
           WHERE rep.id = ANY ($1)"#,
        reports,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// What items and conditions mean.
struct Meanings {
    items: HashMap<i32, Meaning>,
    /// Minor versions of CPython 3 that leave the line out, as bits.
    dead: HashMap<i32, u32>,
}

/// What becomes of an item: minor versions of CPython 3, as bits.
struct Meaning {
    /// It is a name of CPython's, not a variable of the project's own.
    is_of_cpython: bool,
    removed: u32,
    deprecated: u32,
    /// The structure that it touches itself.
    structure: Option<Box<str>>,
}

impl Meanings {
    async fn of(connection: &mut PgConnection, raw: &[Raw]) -> Result<Self, Error> {
        let ids = |of: fn(&Raw) -> &Vec<i32>| {
            raw.iter().flat_map(of).copied().collect::<BTreeSet<i32>>().into_iter().collect::<Vec<i32>>()
        };
        let (asked, conditions) = (ids(|raw| &raw.items), ids(|raw| &raw.conditions));
        let mut items = HashMap::with_capacity(asked.len());
        let rows = query!("SELECT id, kind, name FROM items WHERE id = ANY ($1)", &asked);
        for row in rows.fetch_all(&mut *connection).await? {
            let name = ItemName { kind: words::kind(&row.kind)?, name: row.name.into() };
            items.insert(row.id, meaning(&name));
        }
        let rows = query!("SELECT id, condition FROM conditions WHERE id = ANY ($1)", &conditions);
        let rows = rows.fetch_all(&mut *connection).await?;
        Ok(Self { items, dead: rows.into_iter().map(|row| (row.id, dead(&row.condition))).collect() })
    }

    fn derived(&self, raw: &Raw) -> Result<Row, Error> {
        let declarations: Vec<Declaration> = json(raw.declarations.clone())?;
        let tools: Vec<Tool> = json(raw.tools.clone())?;
        let structures: BTreeMap<String, StructureCounts> = json(raw.structures.clone())?;
        let declared = Declared::of(&declarations);
        let mut row = Row {
            report: raw.report,
            is_native: raw.is_native,
            outcomes: outcomes(&raw.targets, &raw.verdicts)?,
            declared: i16::from(declared.abi3) + 2 * i16::from(declared.abi3t),
            toolchains: i32::from(Toolchain::bits(&tools)),
            ..Row::default()
        };
        let (mut used, mut writers) = (BTreeSet::new(), BTreeMap::new());
        for ((item, condition), class) in raw.items.iter().zip(&raw.conditions).zip(&raw.classes) {
            let Some(meaning) = self.items.get(item) else { continue };
            if let Some(structure) = &meaning.structure {
                let rank = WRITERS.iter().position(|one| one.as_str() == class).unwrap_or(0);
                let known = writers.entry(&**structure).or_insert(rank);
                *known = rank.min(*known);
            }
            if !meaning.is_of_cpython {
                continue;
            }
            let live = !self.dead.get(condition).copied().unwrap_or(0);
            row.removed |= meaning.removed & live;
            row.deprecated |= meaning.deprecated & live;
            used.insert(*item);
        }
        row.items = packed(used);
        for (name, _) in structures.into_iter().filter(|(_, counts)| counts.api_level > 0) {
            let writer = WRITERS.get(writers.get(name.as_str()).copied().unwrap_or(0));
            row.structures.extend(writer.map(|class| structure_by(&name, *class)));
        }
        Ok(row)
    }
}

fn meaning(item: &ItemName) -> Meaning {
    let change = capi::change(&item.name).filter(|_| !item.is_of_the_project());
    let after = |last: Version| Version::new(last.major(), last.minor() + 1);
    let removed =
        change.and_then(|change| change.last.filter(|_| change.gone.is_some()).map(after).or(change.will_remove));
    let bit = |version: Option<Version>| version.filter(|version| version.major() == 3).map_or(0, trends::version_bit);
    Meaning {
        is_of_cpython: !item.is_of_the_project(),
        removed: bit(removed),
        deprecated: bit(change.and_then(|change| change.deprecated)),
        structure: touched(item).map(Into::into),
    }
}

/// The structure that an item touches.
fn touched(item: &ItemName) -> Option<&str> {
    let structure = item.name.split_once('.').map(|(structure, _)| structure);
    analyzer::touched_structure(item.kind, structure, &item.name)
}

/// The minor versions of CPython 3 that do not compile what stands under a condition.
fn dead(condition: &str) -> u32 {
    let Ok(condition) = condition.parse::<Condition>() else { return 0 };
    let is_dead = |version: &Version| {
        let world = World { python: Some(*version), implementation: Some(Implementation::CPython), ..World::default() };
        condition.eval(&world) == Truth::False
    };
    let versions = (0..32).map(|minor| Version::new(3, minor)).filter(is_dead);
    versions.fold(0, |bits, version| bits | trends::version_bit(version))
}

fn outcomes(targets: &[String], verdicts: &[String]) -> Result<String, Error> {
    let mut letters = vec![NONE; Target::all().count()];
    for (target, verdict) in targets.iter().zip(verdicts) {
        let (target, outcome) = (words::target(target)?, words::outcome(verdict)?);
        let letter =
            Outcome::ALL.into_iter().zip(LETTERS).find(|(one, _)| *one == outcome).map_or(NONE, |(_, letter)| letter);
        if let Some(slot) = place(target).and_then(|place| letters.get_mut(place)) {
            *slot = letter;
        }
    }
    Ok(letters.into_iter().collect())
}

/// The outcome of a letter.
pub(super) fn outcome(letter: char) -> Option<Outcome> {
    Outcome::ALL.into_iter().zip(LETTERS).find(|(_, one)| *one == letter).map(|(outcome, _)| outcome)
}

fn packed(ids: BTreeSet<i32>) -> Vec<u8> {
    let (mut bytes, mut last) = (Vec::new(), 0);
    for id in ids.into_iter().filter_map(|id| u32::try_from(id).ok()) {
        leb128::push(&mut bytes, id - last);
        last = id;
    }
    bytes
}

/// The ids of items in their order.
pub(super) fn unpacked(bytes: &[u8]) -> impl Iterator<Item = i32> + '_ {
    let (mut reader, mut last) = (leb128::Reader(bytes), 0_u32);
    std::iter::from_fn(move || {
        last = last.checked_add(reader.number()?)?;
        i32::try_from(last).ok()
    })
}

/// A row of `report_facts`.
#[derive(Default)]
struct Row {
    report: i32,
    is_native: bool,
    outcomes: String,
    declared: i16,
    toolchains: i32,
    structures: Vec<String>,
    removed: u32,
    deprecated: u32,
    items: Vec<u8>,
}

async fn written(connection: &mut PgConnection, rows: &[Row]) -> Result<(), Error> {
    // Arrays of arrays are no arrays of Postgres: names of structures have neither spaces nor commas.
    let structures: Vec<String> = rows.iter().map(|row| row.structures.join(" ")).collect();
    let numbers = |number: fn(&Row) -> i32| rows.iter().map(number).collect::<Vec<i32>>();
    query!(
        "INSERT INTO report_facts (report_id, definition, is_native, outcomes, declared, toolchains, structures, removed,
             deprecated, items)
         SELECT t.report, $2, t.is_native, t.outcomes, t.declared, t.toolchains,
             CASE WHEN t.structures = '' THEN '{}' ELSE string_to_array(t.structures, ' ') END, t.removed, t.deprecated, t.items
         FROM unnest($1::integer[], $3::boolean[], $4::text[], $5::smallint[], $6::integer[], $7::text[], $8::integer[],
                 $9::integer[], $10::bytea[])
             AS t (report, is_native, outcomes, declared, toolchains, structures, removed, deprecated, items)
         ON CONFLICT (report_id) DO UPDATE SET definition = excluded.definition, is_native = excluded.is_native,
             outcomes = excluded.outcomes, declared = excluded.declared, toolchains = excluded.toolchains,
             structures = excluded.structures, removed = excluded.removed, deprecated = excluded.deprecated,
             items = excluded.items",
        &numbers(|row| row.report),
        DEFINITION,
        &rows.iter().map(|row| row.is_native).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.outcomes.clone()).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.declared).collect::<Vec<_>>(),
        &numbers(|row| row.toolchains),
        &structures,
        &numbers(|row| row.removed.cast_signed()),
        &numbers(|row| row.deprecated.cast_signed()),
        &rows.iter().map(|row| row.items.clone()).collect::<Vec<_>>(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use analyzer::Kind;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn items_read_back(ids in proptest::collection::btree_set(0..i32::MAX, 0..50)) {
            prop_assert_eq!(unpacked(&packed(ids.clone())).collect::<BTreeSet<i32>>(), ids);
        }
    }

    #[test]
    fn what_a_version_removes_counts_where_it_would_be_compiled() {
        let item = |name: &str, kind| meaning(&ItemName { kind, name: name.into() });
        let bit = |minor| trends::version_bit(Version::new(3, minor));
        // Deprecated since 3.3 and removed in 3.12 (PEP 623).
        let gone = item("PyUnicode_AS_UNICODE", Kind::Api);
        assert_eq!((gone.removed, gone.deprecated & bit(3)), (bit(12), bit(3)));
        assert_eq!(item("PyUnicode_AS_UNICODE", Kind::StaticType).removed, 0, "a variable of that name");
        assert_eq!(item("PyList_New", Kind::Api).removed, 0);
        assert_eq!(item("PyFrameObject.f_code", Kind::Member).structure.as_deref(), Some("PyFrameObject"));
        assert_eq!(item("spam_type", Kind::StaticType).structure.as_deref(), Some("PyTypeObject"));
        assert_eq!(item("PyObject_HEAD", Kind::Layout).structure.as_deref(), Some("PyObject"));
        assert_eq!(item("PyList_New", Kind::Api).structure, None);
        assert_eq!(dead("python < 3.12") & (bit(11) | bit(12)), bit(12));
        assert_eq!(dead("always"), 0);
        assert_eq!(dead("opaque(HAVE_X)"), 0);
    }

    #[test]
    fn verdicts_are_letters_in_the_order_of_targets() {
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        let letters = outcomes(&words(&["abi3-3.3", "abi3t-3.15"]), &words(&["blocked", "no-blocker"])).unwrap();
        assert_eq!(letters, "-b------------n".get(..Target::all().count()).unwrap());
        assert_eq!(letters.chars().filter_map(outcome).collect::<Vec<_>>(), [Outcome::Blocked, Outcome::NoBlocker]);
    }
}
