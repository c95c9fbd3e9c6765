//! One request and its answer: redirects by hand, statuses told apart.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{Client, Response, StatusCode};
use url::Url;

use crate::budget::{Budget, LONGEST_WAIT, Slot};
use crate::counts::Counts;
use crate::trouble::{Trouble, seconds};
use crate::trust::Refused;

const REDIRECTS: usize = 5;

/// An index that asks for more is asked again after an hour.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// How requests of one kind are sent.
pub(crate) struct Exchange<'a> {
    pub(crate) client: &'a Client,
    pub(crate) budget: &'a dyn Budget,
    /// `Accept`.
    pub(crate) accept: HeaderValue,
    /// Says of every hop whether it is followed, and gives the address to ask.
    pub(crate) admit: &'a (dyn Fn(Url) -> Result<Url, Refused> + Sync),
    pub(crate) counts: &'a Counts,
}

/// A usable answer.
pub(crate) struct Answered {
    /// 200; or 304, 206 and 416, where the request asked for them.
    pub(crate) response: Response,
    /// The right to read the body.
    pub(crate) slot: Slot,
    /// There were redirects, and all were for good.
    pub(crate) moved_for_good: bool,
}

impl Exchange<'_> {
    /// The usable answer to `url`, wherever it lies within the rules.
    pub(crate) async fn get(&self, url: Url, headers: &HeaderMap) -> Result<Answered, Trouble> {
        let mut next = (self.admit)(url)?;
        let (mut hops, mut all_for_good) = (0, true);
        loop {
            let slot = self.budget.slot().await?;
            let request = self.client.get(next.clone()).header(header::ACCEPT, self.accept.clone());
            self.counts.sent();
            let sent = request.headers(headers.clone()).send().await;
            let response = sent.map_err(|error| Trouble::of_transport(&error))?;
            let Some(target) = redirect(&response, &next) else {
                let response = self.judged(response, headers).await?;
                return Ok(Answered { response, slot, moved_for_good: hops > 0 && all_for_good });
            };
            hops += 1;
            if hops > REDIRECTS {
                return Err(Trouble::Misled(format!("more than {REDIRECTS} redirects, the last from {}", next.path())));
            }
            all_for_good &= matches!(response.status().as_u16(), 301 | 308);
            next = (self.admit)(target.map_err(Trouble::NotNow)?).map_err(|Refused(why)| Trouble::Misled(why))?;
        }
    }

    async fn judged(&self, response: Response, asked: &HeaderMap) -> Result<Response, Trouble> {
        let status = response.status();
        let usable = status == StatusCode::OK
            || (status == StatusCode::NOT_MODIFIED && asked.contains_key(header::IF_NONE_MATCH))
            || (matches!(status, StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE)
                && asked.contains_key(header::RANGE));
        if usable {
            return Ok(response);
        }
        if matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Err(Trouble::NotThere);
        }
        if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
            && let Some(pause) = retry_after(response.headers(), Utc::now())
        {
            self.budget.block_for(pause).await;
            let what = format!("{status}, and the index asks for a pause of {}", seconds(pause));
            let too_long = pause > LONGEST_WAIT;
            return Err(if too_long { Trouble::Held { what, left: pause } } else { Trouble::Paused { what, pause } });
        }
        Err(if may_pass(status) { Trouble::Passing(status.to_string()) } else { Trouble::NotNow(status.to_string()) })
    }
}

/// Whether the same request may succeed in a moment.
fn may_pass(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS)
}

/// Where an answer leads, if it leads elsewhere.
fn redirect(response: &Response, from: &Url) -> Option<Result<Url, String>> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let target = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
    let target = target.and_then(|text| without_user(from.clone()).join(text).ok());
    Some(target.ok_or_else(|| format!("{} without a usable address", response.status())))
}

/// A relative redirect must not look as if it carried a user name: the rules would refuse it.
fn without_user(mut url: Url) -> Url {
    _ = url.set_username("");
    _ = url.set_password(None);
    url
}

/// `Retry-After`, in seconds or as a date (RFC 9110); at most an hour.
fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let pause = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        // The server's own clock, where it says the time, is the one its date was made with.
        Err(_) => (date(text)? - headers.get(header::DATE).and_then(|value| date(value.to_str().ok()?)).unwrap_or(now))
            .to_std()
            .unwrap_or_default(),
    };
    Some(pause.min(LONGEST_PAUSE))
}

fn date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text).ok().map(|date| date.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pause(after: &str, date: Option<&str>) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(header::RETRY_AFTER, after.parse().unwrap());
        if let Some(date) = date {
            headers.insert(header::DATE, date.parse().unwrap());
        }
        let now = "2026-11-23T07:00:00Z".parse().unwrap();
        retry_after(&headers, now).map(|pause| pause.as_secs())
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_at_most_an_hour() {
        assert_eq!(pause("7", None), Some(7));
        assert_eq!(pause("86400", None), Some(3600));
        assert_eq!(pause("Mon, 23 Nov 2026 07:01:30 GMT", None), Some(90));
        assert_eq!(pause("Mon, 23 Nov 2026 06:00:00 GMT", None), Some(0));
        assert_eq!(pause("Tue, 24 Nov 2026 07:00:00 GMT", None), Some(3600));
        assert_eq!(pause("soon", None), None);
        assert_eq!(pause("-5", None), None);
    }

    #[test]
    fn a_date_is_measured_with_the_servers_clock() {
        let date = Some("Mon, 23 Nov 2026 09:00:00 GMT");
        assert_eq!(pause("Mon, 23 Nov 2026 09:00:20 GMT", date), Some(20));
    }
}
