//! One request and its answer: redirects by hand, statuses told apart.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{Client, Response, StatusCode};
use url::Url;

use crate::pace::{LONGEST_WAIT, Pace, Permit};
use crate::trouble::{Trouble, seconds};
use crate::trust::Refused;

const REDIRECTS: usize = 5;

/// An index that asks for more is asked again after an hour.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// How requests of one kind are sent.
pub(crate) struct Exchange<'a> {
    pub(crate) client: &'a Client,
    pub(crate) pace: &'a Pace,
    /// `Accept`.
    pub(crate) accept: HeaderValue,
    /// Says of every hop whether it is followed, and gives the address to ask.
    pub(crate) admit: &'a (dyn Fn(Url) -> Result<Url, Refused> + Sync),
}

impl Exchange<'_> {
    /// The successful answer to `url`, wherever it lies within the rules, with the right to read its body.
    pub(crate) async fn get(&self, url: Url) -> Result<(Response, Permit), Trouble> {
        let mut next = url;
        for _ in 0..=REDIRECTS {
            let here = (self.admit)(next)?;
            let permit = self.pace.permit().await?;
            let request = self.client.get(here.clone()).header(header::ACCEPT, self.accept.clone());
            let response = request.send().await.map_err(|error| Trouble::of_transport(&error))?;
            match redirect(&response, &here) {
                None => return Ok((self.judged(response)?, permit)),
                Some(target) => next = target.map_err(Trouble::NotNow)?,
            }
        }
        Err(Trouble::Blocked(format!("more than {REDIRECTS} redirects, the last to {}", next.path())))
    }

    fn judged(&self, response: Response) -> Result<Response, Trouble> {
        let status = response.status();
        if status == StatusCode::OK {
            return Ok(response);
        }
        if matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Err(Trouble::NotThere);
        }
        if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
            && let Some(pause) = retry_after(response.headers(), Utc::now())
        {
            self.pace.hold(pause);
            let what = format!("{status}, and the index asks for a pause of {}", seconds(pause));
            return Err(if pause > LONGEST_WAIT { Trouble::NotNow(what) } else { Trouble::Paused(what) });
        }
        let passing = status.is_server_error()
            || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS);
        Err(if passing { Trouble::Passing(status.to_string()) } else { Trouble::NotNow(status.to_string()) })
    }
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
