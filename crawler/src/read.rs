//! Reading a project's page.

use packaging::ProjectName;
use reqwest::Response;
use reqwest::header::{self, HeaderMap, HeaderValue};
use url::Url;

use crate::Patience;
use crate::body::Chunks;
use crate::exchange::{Answered, Exchange};
use crate::json_stream;
use crate::simple_page::{BadPage, SimplePage};
use crate::trouble::{Trouble, excerpt, printable};

/// The one type that is asked for and accepted: an index that is asked for another may answer 200 with HTML.
const SIMPLE_JSON: &str = "application/vnd.pypi.simple.v1+json";

/// `Accept` of these requests.
pub(crate) const fn accept() -> HeaderValue {
    HeaderValue::from_static(SIMPLE_JSON)
}

/// How a page is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading<'a> {
    /// The ETag of the page that is known already.
    pub(crate) etag: Option<&'a str>,
    /// Bytes of the page, decompressed.
    pub(crate) limit: u64,
    pub(crate) patience: Patience,
}

/// What the index said.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The page is the one with the ETag that was sent along.
    NotModified(Validators),
    /// The page. It has its serial from the headers where it does not say it itself.
    Page(SimplePage, Validators),
}

/// What the headers say about the version of a page.
#[derive(Debug, Default)]
pub(crate) struct Validators {
    pub(crate) etag: Option<String>,
    pub(crate) serial: Option<i64>,
}

impl Validators {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let serial = text_of(headers, "x-pypi-last-serial").and_then(|text| text.trim().parse().ok());
        Self { etag: text_of(headers, header::ETAG.as_str()), serial }
    }
}

/// One try.
pub(crate) async fn read_page(
    exchange: &Exchange<'_>,
    url: Url,
    name: &ProjectName,
    reading: Reading<'_>,
) -> Result<Answer, Trouble> {
    let Answered { response, slot: _slot, moved_for_good } = exchange.get(url, &conditional(reading.etag)).await?;
    let validators = Validators::of(response.headers());
    if is_not_modified(&response) {
        return Ok(Answer::NotModified(validators));
    }
    let url = response.url().clone();
    let chunks = json_body(response, reading.patience).await?;
    let wanted = name.clone();
    let outcome = json_stream::parse(chunks, reading.limit, move |body| SimplePage::read(&wanted, body)).await?;
    let unusable = |why: &str| {
        let why = printable(why);
        let what = format!("the index answered with a page that cannot be used ({why})");
        Trouble::Passing(format!("{what}; it begins with: {}", outcome.begins_with))
    };
    let mut page = outcome.result.map_err(|bad| match bad {
        BadPage::TooMany(what) => Trouble::TooLarge(format!("it names more {what} than are read")),
        BadPage::OfAnother(other) if moved_for_good => Trouble::MovedTo(other),
        BadPage::OfAnother(other) => unusable(&format!("it is the page of {other}")),
        BadPage::Malformed(why) => unusable(&why),
    })?;
    page.files.iter_mut().for_each(|file| file.resolve_url(&url));
    page.serial = page.serial.or(validators.serial);
    Ok(Answer::Page(page, validators))
}

/// The headers of a request that is answered only if there is something new.
pub(crate) fn conditional(etag: Option<&str>) -> HeaderMap {
    let known = etag.and_then(|etag| HeaderValue::from_str(etag).ok());
    known.map(|etag| (header::IF_NONE_MATCH, etag)).into_iter().collect()
}

pub(crate) fn is_not_modified(response: &Response) -> bool {
    response.status() == reqwest::StatusCode::NOT_MODIFIED
}

/// The body, if its headers say that it is the JSON that was asked for. Anything else is passing trouble, never "no
/// files".
pub(crate) async fn json_body(response: Response, patience: Patience) -> Result<Chunks, Trouble> {
    let found = text_of(response.headers(), header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let essence = found.split(';').next().unwrap_or_default();
    let is_json = essence.trim().eq_ignore_ascii_case(SIMPLE_JSON);
    let mut chunks = Chunks::new(response, patience);
    if is_json {
        return Ok(chunks);
    }
    let beginning = chunks.next().await?.unwrap_or_default();
    let what = format!("the index answered with {:?} instead of JSON", printable(&found));
    Err(Trouble::Passing(format!("{what}; it begins with: {}", excerpt(&beginning))))
}

fn text_of(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
