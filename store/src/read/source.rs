//! Sites with their lines, and snippets: what is shown of other people's source.

use std::collections::HashMap;

use analyzer::OriginClass;
use futures_util::future::try_join_all;
use packaging::ProjectName;
use sqlx::query;

use super::Paged;
use crate::pack::{self, Index, Span};
use crate::{Error, Sha256, Store, sites, text, visible};

/// Lines of a snippet.
const SNIPPET: u32 = 7;
/// The condition of what every build compiles.
const ALWAYS: &str = "always";
/// Bytes read from a pack's end at first: room for the index of a thousand files.
const TAIL: usize = 64 << 10;

/// A site with its source line.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct SiteLine {
    /// Path without the top folder.
    pub path: String,
    /// 1-based.
    pub line: u32,
    /// 1-based, in bytes.
    pub column: u32,
    /// The row it belongs to.
    pub origin: String,
    /// When the preprocessor keeps it.
    pub condition: String,
    /// The line, at most 200 characters, control characters made visible.
    pub text: String,
}

/// The site that says most about an item: the first in the project's own code, else the first that is compiled.
fn telling(sites: Vec<SiteLine>) -> Option<SiteLine> {
    let rank = |site: &SiteLine| (site.origin != OriginClass::Own.as_str(), site.condition != ALWAYS);
    let counts = |site: &SiteLine| site.origin != OriginClass::TestOrDoc.as_str();
    sites.into_iter().filter(counts).min_by_key(rank)
}

/// The blobs of a release's selected sdist.
pub(crate) struct Blobs {
    pack: Option<Sha256>,
    sites: Sha256,
    /// The source of its project is not shown.
    hidden: bool,
}

impl Store {
    /// The sites of `item` in the selected file of a release, by path and line, at most `limit`; and how many there are.
    /// Where the source is hidden ([`ReleaseDetail::source_hidden`]) the places are told, but the lines are empty.
    ///
    /// [`ReleaseDetail::source_hidden`]: crate::ReleaseDetail::source_hidden
    pub async fn sites(
        &self,
        name: &ProjectName,
        version: &str,
        item: &str,
        limit: usize,
    ) -> Result<Paged<SiteLine>, Error> {
        let Some(blobs) = self.release_blobs(name, version).await? else {
            return Ok(Paged { rows: Vec::new(), total: 0 });
        };
        let mut sites = self.sites_in(&blobs, item, limit).await?;
        if blobs.hidden {
            for row in &mut sites.rows {
                row.text.clear();
            }
        }
        Ok(sites)
    }

    /// The same, whether or not the source is hidden: not to be shown.
    pub(crate) async fn sites_in(&self, blobs: &Blobs, item: &str, limit: usize) -> Result<Paged<SiteLine>, Error> {
        let Some(index) = self.pack_index(blobs.sites).await? else {
            return Err(Error::Damaged(format!("blob {}, the sites of a report, is not there", blobs.sites)));
        };
        let Some(span) = index.whole(&text::key(item)) else {
            return Ok(Paged { rows: Vec::new(), total: 0 });
        };
        let mut rows = sites::read(&self.pack_bytes(blobs.sites, &index, &span).await?)?;
        let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        rows.truncate(limit);
        Ok(Paged { rows, total })
    }

    /// The hash of the content of a source file; `None` if it is not stored.
    pub(crate) async fn source_hash(&self, blobs: &Blobs, path: &str) -> Result<Option<Sha256>, Error> {
        let Some(pack) = blobs.pack else { return Ok(None) };
        let Some(index) = self.pack_index(pack).await? else { return Ok(None) };
        let Some(span) = index.whole(path) else { return Ok(None) };
        Ok(Some(Sha256::of(&self.pack_bytes(pack, &index, &span).await?)))
    }

    /// One site of each of `items` in the selected file of a release, in code that counts for verdicts, the project's own
    /// first; without those that have none. Lines as for [`Store::sites`].
    pub async fn first_sites(
        &self,
        name: &ProjectName,
        version: &str,
        items: &[&str],
    ) -> Result<HashMap<String, SiteLine>, Error> {
        let Some(blobs) = self.release_blobs(name, version).await?.filter(|_| !items.is_empty()) else {
            return Ok(HashMap::new());
        };
        let Some(index) = self.pack_index(blobs.sites).await? else { return Ok(HashMap::new()) };
        let first = async |item: &str| -> Result<Option<SiteLine>, Error> {
            let Some(span) = index.whole(&text::key(item)) else { return Ok(None) };
            let sites = sites::read(&self.pack_bytes(blobs.sites, &index, &span).await?)?;
            Ok(telling(sites))
        };
        let found = try_join_all(items.iter().map(async |item| Ok::<_, Error>((*item, first(item).await?)))).await?;
        let shown = |(item, site): (&str, Option<SiteLine>)| {
            let mut site = site?;
            if blobs.hidden {
                site.text.clear();
            }
            Some((item.to_owned(), site))
        };
        Ok(found.into_iter().filter_map(shown).collect())
    }

    /// Lines `from..=to` (1-based, at most 7) of a file inside the selected sdist of a release; `None` if it is not
    /// stored, or hidden. Each line as for [`SiteLine::text`].
    pub async fn snippet(
        &self,
        name: &ProjectName,
        version: &str,
        path: &str,
        from: u32,
        to: u32,
    ) -> Result<Option<Vec<String>>, Error> {
        let Some(blobs) = self.release_blobs(name, version).await? else {
            return Ok(None);
        };
        let (Some(pack), false) = (blobs.pack, blobs.hidden) else {
            return Ok(None);
        };
        let Some(index) = self.pack_index(pack).await? else {
            return Ok(None);
        };
        let from = from.max(1);
        let to = to.clamp(from, from.saturating_add(SNIPPET - 1));
        let Some(span) = index.lines(path, from, to) else {
            return Ok(None);
        };
        let bytes = self.pack_bytes(pack, &index, &span).await?;
        Ok(Some(span.cut_lines(&bytes, from, to).into_iter().map(|line| visible::line(line, 1)).collect()))
    }

    /// The blobs of a release; `None`: its sdist is not analysed.
    pub(crate) async fn release_blobs(&self, name: &ProjectName, version: &str) -> Result<Option<Blobs>, Error> {
        let found = query!(
            r#"SELECT EXISTS (SELECT FROM hidden_sources h WHERE h.project_id = p.id) AS "hidden!", f.pack_blob, rep.sites_blob
               FROM projects p
               JOIN releases r ON r.project_id = p.id
               JOIN files f ON f.release_id = r.id AND f.selected AND f.state = 'analysed'
               JOIN report_versions said ON said.file_id = f.id
               JOIN reports rep ON rep.id = said.report_id
               WHERE p.name = $1 AND r.version = $2 AND said.analyzer_version = $3 AND said.capi_version = $4"#,
            name.as_str(),
            &*text::key(version),
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(found) = found else { return Ok(None) };
        Ok(Some(Blobs {
            pack: found.pack_blob.map(|bytes| Sha256::from_column(&bytes)).transpose()?,
            sites: Sha256::from_column(&found.sites_blob)?,
            hidden: found.hidden,
        }))
    }

    pub(crate) async fn pack_index(&self, key: Sha256) -> Result<Option<Index>, Error> {
        let Some((mut tail, size)) = self.blobs.tail(key, TAIL).await? else {
            return Ok(None);
        };
        let wanted = pack::tail_wanted(&tail)?;
        if wanted > tail.len() {
            let Some((longer, _)) = self.blobs.tail(key, wanted).await? else {
                return Ok(None);
            };
            tail = longer;
        }
        Ok(Some(Index::read(&tail, size)?))
    }

    pub(crate) async fn pack_bytes(&self, key: Sha256, index: &Index, span: &Span) -> Result<Vec<u8>, Error> {
        let part = self.blobs.part(key, span.blob.clone()).await?;
        Ok(index.bytes(span, &part)?)
    }
}
