//! Trying again.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};

use crate::trouble::Trouble;

/// Tries of one request that fails for passing reasons.
const TRIES: usize = 6;

/// Tries of a body that is not the promised one, and of a redirect that is not followed.
const TRIES_OF_THE_WRONG: u32 = 3;

/// Pauses that the index may ask for in a row before the request is put off.
const PAUSES: u32 = 20;

/// Tries until it works, fails for good, or was tried often enough: six times with pauses of 1, 2, 4, 8 and 16 seconds
/// and as much again by chance; three times when the body was wrong. A pause that the index asked for is no try: the
/// budget waits. Gives the last trouble and the number of requests.
pub(crate) async fn with_tries<T, F, Fut>(waits: bool, mut attempt: F) -> Result<T, (Trouble, u32)>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, Trouble>>,
{
    let mut pauses = pauses(waits, TRIES - 1);
    let (mut requests, mut wrong, mut asked_to_wait) = (0, 0, 0);
    loop {
        requests += 1;
        let trouble = match attempt().await {
            Ok(done) => return Ok(done),
            Err(trouble) => trouble,
        };
        let pause = match &trouble {
            Trouble::Passing(_) => pauses.next(),
            Trouble::WrongBody(_) | Trouble::Misled(_) => {
                wrong += 1;
                pauses.next().filter(|_| wrong < TRIES_OF_THE_WRONG)
            }
            Trouble::Paused { .. } => {
                asked_to_wait += 1;
                (asked_to_wait < PAUSES).then_some(Duration::ZERO)
            }
            Trouble::Held { .. }
            | Trouble::NotNow(_)
            | Trouble::Blocked(_)
            | Trouble::MovedTo(_)
            | Trouble::NotThere
            | Trouble::TooLarge(_) => None,
        };
        let Some(pause) = pause else { return Err((trouble, requests)) };
        tracing::debug!(?trouble, ?pause, "trying again");
        tokio::time::sleep(pause).await;
    }
}

/// `times` pauses, doubling from one second.
pub(crate) fn pauses(waits: bool, times: usize) -> impl Iterator<Item = Duration> {
    let pauses = ExponentialBuilder::new().with_factor(2.0).with_max_times(times);
    let pauses = if waits {
        pauses.with_min_delay(Duration::from_secs(1)).with_max_delay(Duration::from_mins(1)).with_jitter()
    } else {
        pauses.with_min_delay(Duration::ZERO).with_max_delay(Duration::ZERO)
    };
    pauses.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn tried(troubles: Vec<Trouble>) -> Result<(), (Trouble, u32)> {
        let mut troubles = troubles.into_iter();
        with_tries(false, || {
            let next = troubles.next();
            async move { next.map_or(Ok(()), Err) }
        })
        .await
    }

    fn passing() -> Trouble {
        Trouble::Passing("503".into())
    }

    #[tokio::test]
    async fn passing_trouble_is_tried_six_times_and_the_last_is_told() {
        assert_eq!(tried(vec![passing(); 5]).await, Ok(()));
        assert_eq!(tried(vec![passing(); 6]).await, Err((passing(), 6)));
    }

    #[tokio::test]
    async fn a_pause_that_was_asked_for_is_no_try_but_not_for_ever() {
        let paused = || Trouble::Paused { what: "429".into(), pause: Duration::ZERO };
        let mixed = [vec![paused(); 10], vec![passing(); 3], vec![paused(); 9], vec![passing(); 2]].concat();
        assert_eq!(tried(mixed).await, Ok(()));
        assert_eq!(tried(vec![paused(); 30]).await, Err((paused(), 20)));
    }

    #[tokio::test]
    async fn a_wrong_body_is_tried_three_times_whatever_came_between() {
        let wrong = || Trouble::WrongBody("ab".into());
        assert_eq!(tried(vec![wrong(); 2]).await, Ok(()));
        assert_eq!(tried(vec![wrong(), passing(), wrong(), wrong()]).await, Err((wrong(), 4)));
        let misled = || Trouble::Misled("a circle".into());
        assert_eq!(tried(vec![misled(); 2]).await, Ok(()));
        assert_eq!(tried(vec![misled(); 3]).await, Err((misled(), 3)));
    }

    #[tokio::test]
    async fn what_will_not_pass_is_not_tried_again() {
        for trouble in [
            Trouble::NotThere,
            Trouble::Held { what: "429".into(), left: Duration::from_mins(5) },
            Trouble::Blocked("http".into()),
            Trouble::NotNow("403".into()),
            Trouble::TooLarge("big".into()),
        ] {
            assert_eq!(tried(vec![trouble.clone()]).await, Err((trouble, 1)));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_double_from_one_second() {
        let before = tokio::time::Instant::now();
        let outcome = with_tries::<(), _, _>(true, || async { Err(passing()) }).await;
        assert_eq!(outcome, Err((passing(), 6)));
        let waited = before.elapsed();
        assert!(waited >= Duration::from_secs(31) && waited <= Duration::from_secs(63), "{waited:?}");
    }
}
