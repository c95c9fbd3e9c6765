//! What addresses ask, read strictly: a value we do not know is said, never guessed.

use analyzer::{Kind, Outcome};
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use capi::Target;
use packaging::ProjectName;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use store::ProjectSort;
use trends::{Month, Scope, Subject};

use crate::app::DEFAULT_TARGET;
use crate::error::WebError;
use crate::words;

/// The longest search text.
const LONGEST: usize = 100;

/// Pages beyond this are not lists any more.
pub(crate) const LAST_PAGE: u32 = 100_000;

/// Rows that a program may ask for at once.
pub(crate) const MOST_ROWS: usize = 500;

/// The parameters of all pages, each optional. Parameters that a page does not know are ignored.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Params {
    q: Option<String>,
    target: Option<String>,
    verdict: Option<String>,
    kind: Option<String>,
    sort: Option<String>,
    desc: Option<String>,
    page: Option<String>,
    cursor: Option<String>,
    limit: Option<String>,
    item: Option<String>,
    path: Option<String>,
    line: Option<String>,
    of: Option<String>,
    scope: Option<String>,
    after: Option<String>,
    until: Option<String>,
}

impl<S: Sync + Send> FromRequestParts<S> for Params {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        each_once(parts, state).await
    }
}

/// The parameters of an address that knows them all by name.
pub(crate) async fn each_once<T: DeserializeOwned, S: Sync + Send>(
    parts: &mut Parts,
    state: &S,
) -> Result<T, WebError> {
    let wrong = |_| WebError::BadRequest("A parameter of this address stands twice, or is not text.".to_owned());
    Query::from_request_parts(parts, state).await.map(|Query(params)| params).map_err(wrong)
}

fn given(value: Option<&String>) -> Option<&str> {
    value.map(|text| text.trim()).filter(|text| !text.is_empty())
}

fn unknown(what: &str, value: &str, known: &str) -> WebError {
    WebError::BadRequest(format!("{value:?} is not {what}: try {known}."))
}

impl Params {
    /// The search text, cut where nobody types.
    pub(crate) fn search(&self) -> Option<String> {
        given(self.q.as_ref()).map(|text| text.chars().take(LONGEST).collect())
    }

    pub(crate) fn target(&self) -> Result<Target, WebError> {
        given(self.target.as_ref())
            .map_or(Ok(DEFAULT_TARGET), str::parse::<Target>)
            .map_err(|error| WebError::BadRequest(format!("{error}.")))
    }

    /// The target, if one is asked for.
    pub(crate) fn target_given(&self) -> Result<Option<Target>, WebError> {
        given(self.target.as_ref()).map(|_| self.target()).transpose()
    }

    pub(crate) fn verdict(&self) -> Result<Option<Outcome>, WebError> {
        let read = |text| {
            words::outcome(text)
                .ok_or_else(|| unknown("a verdict", text, "no-blocker, blocked, tool-blocks, undecided or pure"))
        };
        given(self.verdict.as_ref()).map(read).transpose()
    }

    pub(crate) fn kind(&self) -> Result<Option<Kind>, WebError> {
        let known = || Kind::ALL.map(Kind::as_str).join(", ");
        let read = |text| words::kind(text).ok_or_else(|| unknown("a kind", text, &known()));
        given(self.kind.as_ref()).map(read).transpose()
    }

    pub(crate) fn sort(&self) -> Result<ProjectSort, WebError> {
        match given(self.sort.as_ref()) {
            None | Some("name") => Ok(ProjectSort::Name),
            Some("verdict") => Ok(ProjectSort::Verdict),
            Some("blockers") => Ok(ProjectSort::Blockers),
            Some("uploaded") => Ok(ProjectSort::Uploaded),
            Some(other) => Err(unknown("an order", other, "name, verdict, blockers or uploaded")),
        }
    }

    pub(crate) fn descending(&self) -> bool {
        given(self.desc.as_ref()).is_some()
    }

    /// 1-based.
    pub(crate) fn page(&self) -> Result<u32, WebError> {
        Ok(self.page_given()?.unwrap_or(1))
    }

    /// The page, if one is asked for.
    pub(crate) fn page_given(&self) -> Result<Option<u32>, WebError> {
        let read = |text: &str| {
            let page = text.parse().ok().filter(|page| (1..=LAST_PAGE).contains(page));
            page.ok_or_else(|| unknown("a page", text, "1, 2, …"))
        };
        given(self.page.as_ref()).map(read).transpose()
    }

    /// After which row a list goes on.
    pub(crate) fn cursor(&self) -> Option<&str> {
        given(self.cursor.as_ref())
    }

    /// At most so many rows.
    pub(crate) fn limit(&self) -> Result<Option<usize>, WebError> {
        let read = |text: &str| {
            let limit = text.parse().ok().filter(|limit| (1..=MOST_ROWS).contains(limit));
            limit.ok_or_else(|| unknown("a number of rows", text, &format!("1 to {MOST_ROWS}")))
        };
        given(self.limit.as_ref()).map(read).transpose()
    }

    pub(crate) fn item(&self) -> Result<&str, WebError> {
        let missing = || WebError::BadRequest("This address needs item=, such as item=PyTuple_GET_SIZE.".to_owned());
        given(self.item.as_ref()).ok_or_else(missing)
    }

    /// What a series counts.
    pub(crate) fn subject(&self) -> Result<Subject, WebError> {
        let missing = || WebError::BadRequest("This address needs of=, such as of=structure:PyTypeObject.".to_owned());
        let text = given(self.of.as_ref()).ok_or_else(missing)?;
        text.parse().map_err(|error| WebError::BadRequest(format!("{error}.")))
    }

    /// Which projects a series counts.
    pub(crate) fn scope(&self) -> Result<Scope, WebError> {
        let read = |text: &str| text.parse().map_err(|error| WebError::BadRequest(format!("{error}.")));
        given(self.scope.as_ref()).map_or(Ok(Scope::All), read)
    }

    /// From the end of which month to the end of which; of one month if only that is given.
    pub(crate) fn months(&self) -> Result<(Month, Month), WebError> {
        let read = |text: &str| text.parse::<Month>().map_err(|_| unknown("a month", text, "2026-11"));
        let missing = || WebError::BadRequest("This address needs until=, such as until=2026-11.".to_owned());
        let until = given(self.until.as_ref()).ok_or_else(missing).and_then(read)?;
        let after = given(self.after.as_ref()).map_or_else(|| Ok(until.before()), read)?;
        if after >= until {
            return Err(WebError::BadRequest(format!("{after} is not before {until}.")));
        }
        Ok((after, until))
    }

    /// Path and line of a source file.
    pub(crate) fn place(&self) -> Result<(&str, u32), WebError> {
        let missing = || WebError::BadRequest("This address needs path= and line=.".to_owned());
        let path = self.path.as_deref().filter(|path| !path.is_empty()).ok_or_else(missing)?;
        let line = given(self.line.as_ref()).ok_or_else(missing)?;
        let line = line.parse().ok().filter(|line| *line >= 1);
        Ok((path, line.ok_or_else(missing)?))
    }
}

/// A project's name in an address: normal, or to be redirected.
pub(crate) enum NameAsked {
    Normal(ProjectName),
    Other(ProjectName),
}

/// Reads the name of an address.
pub(crate) fn name(text: &str) -> Result<NameAsked, WebError> {
    let name: ProjectName =
        text.parse().map_err(|error: packaging::NotAName| WebError::NotFound(format!("{error}.")))?;
    Ok(if name.as_str() == text { NameAsked::Normal(name) } else { NameAsked::Other(name) })
}
