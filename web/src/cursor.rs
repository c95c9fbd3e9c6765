//! Lists for programs go on after a row, not at a number: a row that keeps its place is neither skipped nor said twice,
//! though others come and go meanwhile.

use axum::http::{HeaderValue, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::{Paged, Start};

use crate::api::versioned;
use crate::error::WebError;
use crate::fresh::Here;
use crate::params::Params;

/// Rows of a page that is asked by its number.
const ROWS: i64 = 50;

/// What a cursor holds. Programs need not know, and may not rely on it.
#[derive(Serialize, Deserialize)]
struct Cursor<L, P> {
    /// The list and its order: in another one the place means nothing.
    list: L,
    after: P,
}

/// An answer that is a part of a list.
#[derive(Serialize, schemars::JsonSchema)]
#[schemars(rename = "PartOf{T}")]
pub(crate) struct Part<T> {
    #[serde(flatten)]
    page: Paged<T>,
    /// The cursor of what follows; `null`: nothing does.
    next: Option<String>,
}

/// Where an answer begins. It asks for one row more than it shows, to know whether any follows.
pub(crate) fn start<P: DeserializeOwned>(params: &Params, list: &str) -> Result<Start<P>, WebError> {
    let limit = params.limit()?;
    match (params.page_given()?, limit, params.cursor()) {
        (Some(page), None, None) => Ok(Start::Page(page)),
        (Some(_), _, _) => Err(WebError::BadRequest(
            "page= goes with neither cursor= nor limit=: leave it out, and go on with each answer's next.".to_owned(),
        )),
        (None, limit, _) => Ok(Start::After(after(params, list)?, limit.unwrap_or(50) + 1)),
    }
}

/// After which place an answer of a list without pages begins; `None`: with the first.
pub(crate) fn after<P: DeserializeOwned>(params: &Params, list: &str) -> Result<Option<P>, WebError> {
    params.cursor().map(|text| read(text, list)).transpose()
}

fn read<P: DeserializeOwned>(text: &str, list: &str) -> Result<P, WebError> {
    let cursor = URL_SAFE_NO_PAD.decode(text).ok().and_then(|json| serde_json::from_slice(&json).ok());
    let cursor = cursor.filter(|cursor: &Cursor<String, P>| cursor.list == list);
    cursor.map(|cursor| cursor.after).ok_or_else(|| {
        WebError::BadRequest(
            "cursor= is not one of this list in this order: send back the next of an answer to the same question, or \
             leave it out to begin."
                .to_owned(),
        )
    })
}

/// The cursor of what follows a place.
pub(crate) fn written<P: Serialize>(list: &str, after: P) -> Option<String> {
    serde_json::to_vec(&Cursor { list, after }).ok().map(|json| URL_SAFE_NO_PAD.encode(json))
}

/// The answer, with the way to the rest in it and in `Link`.
pub(crate) fn part<T: Serialize, P: Serialize>(
    here: &Here,
    list: &str,
    start: &Start<P>,
    mut page: Paged<T>,
    place: impl Fn(&T) -> P,
) -> Response {
    let next = next(list, start, &mut page, place);
    linked(here, next, |next| Part { page, next })
}

/// The cursor of what follows a part of a list; the row beyond it is taken out.
pub(crate) fn next<T, P: Serialize>(
    list: &str,
    start: &Start<P>,
    page: &mut Paged<T>,
    place: impl Fn(&T) -> P,
) -> Option<String> {
    let goes_on = match start {
        Start::Page(number) => i64::from(*number) * ROWS < page.total,
        Start::After(_, asked) => page.rows.len() == *asked && page.rows.pop().is_some(),
    };
    page.rows.last().filter(|_| goes_on).and_then(|last| written(list, place(last)))
}

/// An answer with the way to the rest in it and in `Link`.
pub(crate) fn linked<A: Serialize>(
    here: &Here,
    next: Option<String>,
    answer: impl FnOnce(Option<String>) -> A,
) -> Response {
    let link = next.as_ref().map(|next| format!("<{}>; rel=\"next\"", address(&here.address, next)));
    let mut response = versioned(here, answer(next));
    if let Some(link) = link.and_then(|link| HeaderValue::try_from(link).ok()) {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

/// The same question, from the cursor on.
fn address(here: &str, cursor: &str) -> String {
    let (path, query) = here.split_once('?').unwrap_or((here, ""));
    let is_kept = |pair: &&str| !(pair.is_empty() || pair.starts_with("cursor=") || pair.starts_with("page="));
    let kept: String = query.split('&').filter(is_kept).flat_map(|pair| [pair, "&"]).collect();
    format!("{path}?{kept}cursor={cursor}")
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn the_rest_is_the_same_question() {
        assert_eq!(address("/api/v1/items", "x"), "/api/v1/items?cursor=x");
        assert_eq!(address("/api/v1/items?q=a&cursor=w&limit=2", "x"), "/api/v1/items?q=a&limit=2&cursor=x");
        assert_eq!(address("/api/v1/items?page=2&kind=api", "x"), "/api/v1/items?kind=api&cursor=x");
    }
}
