//! Reading a project's page.

use packaging::ProjectName;
use reqwest::Response;
use reqwest::header::{self, HeaderMap, HeaderValue};
use url::Url;

use crate::body;
use crate::exchange::Exchange;
use crate::simple_page::{BadPage, SimplePage};
use crate::trouble::{Trouble, excerpt, printable};

/// The one type that is asked for and accepted: an index that is asked for another may answer 200 with HTML.
const SIMPLE_JSON: &str = "application/vnd.pypi.simple.v1+json";

/// Bytes of one page, decompressed (the largest seen has 4.9 MB).
const PAGE_BYTES: u64 = 64 << 20;

/// `Accept` of these requests.
pub(crate) const fn accept() -> HeaderValue {
    HeaderValue::from_static(SIMPLE_JSON)
}

/// A page, with what its headers said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) page: SimplePage,
    pub(crate) etag: Option<String>,
}

/// One try.
pub(crate) async fn read_page(exchange: &Exchange<'_>, url: Url, name: &ProjectName) -> Result<Answer, Trouble> {
    let (response, _permit) = exchange.get(url).await?;
    let (url, headers) = (response.url().clone(), response.headers().clone());
    let too_large = || Trouble::TooLarge(format!("more than {} MiB", PAGE_BYTES >> 20));
    let is_json = is_simple_json(&response);
    let body = body::read(response, PAGE_BYTES, too_large, &|_| ()).await?;
    if !is_json {
        let found = text_of(&headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
        let what = format!("the index answered with {:?} instead of JSON", printable(&found));
        return Err(Trouble::Passing(with_excerpt(&what, &body)));
    }
    let mut page = SimplePage::parse(name, &body).map_err(|bad| match bad {
        BadPage::TooMany(what) => Trouble::TooLarge(format!("it names more {what} than are read")),
        BadPage::Malformed(why) => {
            let what = format!("the index answered with a page that cannot be used ({})", printable(&why));
            Trouble::Passing(with_excerpt(&what, &body))
        }
    })?;
    page.files.iter_mut().for_each(|file| file.resolve_url(&url));
    let serial = || text_of(&headers, "x-pypi-last-serial")?.parse().ok();
    page.serial = page.serial.or_else(serial);
    let etag = text_of(&headers, header::ETAG.as_str());
    Ok(Answer { page, etag })
}

fn is_simple_json(response: &Response) -> bool {
    let content_type = text_of(response.headers(), header::CONTENT_TYPE.as_str());
    content_type.is_some_and(|text| {
        let essence = text.split(';').next().unwrap_or_default();
        essence.trim().eq_ignore_ascii_case(SIMPLE_JSON)
    })
}

fn text_of(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn with_excerpt(what: &str, body: &[u8]) -> String {
    format!("{what}; it begins with: {}", excerpt(body))
}
