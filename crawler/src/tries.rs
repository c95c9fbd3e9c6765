//! Trying again.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};

use crate::trouble::Trouble;

/// Tries of one request that fails for passing reasons.
const TRIES: usize = 6;

/// Tries of a body that is not the promised one.
const TRIES_OF_A_WRONG_BODY: u32 = 3;

/// Tries until it works, fails for good, or was tried often enough: six times with pauses of 1, 2, 4, 8 and 16 seconds
/// and as much again by chance; three times when the body was wrong. Gives the last trouble and the number of tries.
pub(crate) async fn with_tries<T, F, Fut>(waits: bool, mut attempt: F) -> Result<T, (Trouble, u32)>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, Trouble>>,
{
    let tries = AtomicU32::new(0);
    let mut wrong_bodies = 0;
    let counted = || {
        tries.fetch_add(1, Ordering::Relaxed);
        attempt()
    };
    let outcome = counted
        .retry(pauses(waits))
        .when(|trouble| match trouble {
            Trouble::WrongBody(_) => {
                wrong_bodies += 1;
                wrong_bodies < TRIES_OF_A_WRONG_BODY
            }
            other => other.may_pass(),
        })
        .adjust(|trouble, pause| match trouble {
            Trouble::Paused(_) => pause.map(|_| Duration::ZERO), // the pace waits as long as the index asked
            _ => pause,
        })
        .notify(|trouble, pause| tracing::debug!(?trouble, ?pause, "trying again"))
        .await;
    outcome.map_err(|trouble| (trouble, tries.load(Ordering::Relaxed)))
}

fn pauses(waits: bool) -> ExponentialBuilder {
    let pauses = ExponentialBuilder::new().with_factor(2.0).with_max_times(TRIES - 1);
    if waits {
        pauses.with_min_delay(Duration::from_secs(1)).with_max_delay(Duration::from_mins(1)).with_jitter()
    } else {
        pauses.with_min_delay(Duration::ZERO).with_max_delay(Duration::ZERO)
    }
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
        assert_eq!(tried(vec![Trouble::Paused("429".into()); 6]).await, Err((Trouble::Paused("429".into()), 6)));
    }

    #[tokio::test]
    async fn a_wrong_body_is_tried_three_times_whatever_came_between() {
        let wrong = || Trouble::WrongBody("ab".into());
        assert_eq!(tried(vec![wrong(); 2]).await, Ok(()));
        assert_eq!(tried(vec![wrong(), passing(), wrong(), wrong()]).await, Err((wrong(), 4)));
    }

    #[tokio::test]
    async fn what_will_not_pass_is_not_tried_again() {
        for trouble in [
            Trouble::NotThere,
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
