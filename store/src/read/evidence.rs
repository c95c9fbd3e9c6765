//! What the survey knows about a proposal: the uses that it asks for, in standing and earlier releases.

mod earlier;
mod limited;
mod projects;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use analyzer::Kind;
use sqlx::{query, query_scalar};
use whatif::{Evidence, Generator, Hit, Proposal, Rule, Selector};

use super::json;
use crate::{Error, Store, text, words};

/// The places of projects in [`Evidence::projects`], by their row ids.
type Places = HashMap<i64, usize>;

/// Selectors as the columns that queries take.
struct Asked {
    kinds: Vec<&'static str>,
    names: Vec<String>,
    /// Kinds of which every item is asked for.
    whole: Vec<&'static str>,
    /// The last components of members: what accesses of unknown structures are known by.
    members: Vec<String>,
}

impl Asked {
    fn of(selectors: &BTreeSet<Selector>) -> Self {
        let mut asked = Self { kinds: Vec::new(), names: Vec::new(), whole: Vec::new(), members: Vec::new() };
        for selector in selectors {
            let Some(item) = &selector.item else {
                asked.whole.push(selector.kind.as_str());
                continue;
            };
            asked.kinds.push(selector.kind.as_str());
            asked.names.push(text::key(item).into_owned());
            if selector.kind == Kind::Member {
                asked.members.extend(item.rsplit('.').next().map(str::to_owned));
            }
        }
        asked
    }
}

impl Store {
    /// All that an answer to `proposal` follows from, for every project of the survey.
    pub async fn evidence(&self, proposal: &Proposal) -> Result<Evidence, Error> {
        let selectors = whatif::selectors(proposal);
        let asked = Asked::of(&selectors);
        let asks_limited = selectors.iter().any(|selector| selector.limited_only)
            || proposal.rules.iter().any(|rule| matches!(rule, Rule::MinimumLimited(_)));
        let (projects, places) = self.weighed_projects().await?;
        Ok(Evidence {
            projects,
            hits: self.hits(&asked, &places).await?,
            earlier: self.earlier(&asked, &places).await?,
            limited: if asks_limited { self.limited(&places).await? } else { Vec::new() },
            unresolved: self.unresolved(&asked, &places).await?,
            generators: self.generators().await?,
            chain: self.named_chain().await?,
            downloads_of: self.month_of_downloads().await?,
        })
    }

    async fn hits(&self, asked: &Asked, places: &Places) -> Result<Vec<Hit>, Error> {
        let rows = query!(
            r#"SELECT s.project_id AS "id!", i.kind, i.name, u.access, o.class, nullif(o.by, '') AS by, c.condition,
                   u.probable, u.sites::bigint AS "sites!", coalesce(s.paths[u.first_file + 1], '') AS "path!",
                   u.first_line
               FROM items i
               JOIN uses u ON u.item_id = i.id
               JOIN standing($1, $2) s ON s.report_id = u.report_id
               JOIN origins o ON o.id = u.origin_id
               JOIN conditions c ON c.id = u.condition_id
               WHERE (i.kind, i.name) IN (SELECT * FROM unnest($3::text[], $4::text[])) OR i.kind = ANY ($5)
               ORDER BY s.project_id, i.kind, i.name, u.access, o.class, o.by, c.condition, u.probable"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            &asked.kinds as &[&str],
            &asked.names,
            &asked.whole as &[&str],
        )
        .fetch_all(&self.pool)
        .await?;
        let mut hits = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(&project) = places.get(&row.id) else { continue };
            hits.push(Hit {
                project,
                kind: words::kind(&row.kind)?,
                item: row.name,
                access: words::accesses(row.access).to_string(),
                origin: row.class,
                by: row.by,
                condition: row.condition,
                probable: row.probable,
                sites: row.sites,
                first_site: format!("{}:{}", row.path, row.first_line),
            });
        }
        Ok(hits)
    }

    /// Accesses to members of these names whose structure could not be told.
    async fn unresolved(&self, asked: &Asked, places: &Places) -> Result<Vec<(usize, BTreeMap<String, u64>)>, Error> {
        let rows = query!(
            r#"SELECT s.project_id AS "id!", rep.unresolved
               FROM standing($1, $2) s JOIN reports rep ON rep.id = s.report_id
               WHERE rep.unresolved ?| $3"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            &asked.members,
        )
        .fetch_all(&self.pool)
        .await?;
        let rows = rows.into_iter().filter_map(|row| Some((*places.get(&row.id)?, row.unresolved)));
        rows.map(|(project, names)| Ok((project, json(names)?))).collect()
    }

    /// Each version of a generator whose code the survey has seen.
    async fn generators(&self) -> Result<Vec<Generator>, Error> {
        let makers = query_scalar!("SELECT by FROM origins WHERE class = 'generated' AND by LIKE '% %' ORDER BY by")
            .fetch_all(&self.pool)
            .await?;
        let named = |maker: &String| {
            maker
                .split_once(' ')
                .map(|(name, version)| Generator { name: name.to_owned(), version: version.to_owned() })
        };
        Ok(makers.iter().filter_map(named).collect())
    }
}
