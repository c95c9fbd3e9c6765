//! Bodies that break, drip or stall: gone on with where that is safe, given up in time, and never believed unverified.

use std::time::Duration;

use crate::common::{FILE, client, client_of, fetch, times};
use crawler::{ClientConfig, FetchFailure};
use fake_index::{FakeIndex, Fault, SdistBuilder};

/// An sdist of some kilobytes that do not compress.
fn large() -> SdistBuilder {
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    });
    SdistBuilder::new("demo-1.0").file("noise.bin", noise.take(40_000).collect::<Vec<u8>>())
}

async fn index() -> FakeIndex {
    let index = FakeIndex::start().await;
    index.add("demo").sdist("1.0", &large());
    index
}

fn ranges(index: &FakeIndex) -> Vec<String> {
    index.request_headers("range").into_iter().skip(1).collect()
}

#[tokio::test]
async fn a_body_that_broke_off_is_gone_on_with() {
    let index = index().await;
    index.fault(FILE, Fault::CutBody, 2);
    assert_eq!(fetch(&client(&index)).await.unwrap(), large().tar_gz());
    let length = large().tar_gz().len();
    let (half, three_quarters) = (length / 2, length / 2 + (length - length / 2) / 2);
    assert_eq!(ranges(&index), [String::new(), format!("bytes={half}-"), format!("bytes={three_quarters}-")]);
}

#[tokio::test]
async fn a_host_that_sends_the_whole_file_again_is_read_from_the_first_byte() {
    let index = index().await;
    index.fault(FILE, Fault::CutBody, 1);
    index.fault(FILE, Fault::RangeIgnored, 1);
    assert_eq!(fetch(&client(&index)).await.unwrap(), large().tar_gz());
    assert_eq!(times(&index, FILE), 2);
}

#[tokio::test]
async fn a_range_that_begins_elsewhere_is_refused_and_the_file_begun_again() {
    let index = index().await;
    index.fault(FILE, Fault::CutBody, 1);
    index.fault(FILE, Fault::RangeShifted, 1);
    let client = client(&index);
    assert_eq!(fetch(&client).await.unwrap(), large().tar_gz());
    assert_eq!(client.counts().wrong_bodies, 0, "its body is not even read");
    let asked = ranges(&index);
    assert!(asked[1].starts_with("bytes=") && asked[2].is_empty(), "{asked:?}");
}

#[tokio::test]
async fn a_range_that_cannot_be_had_begins_the_file_again() {
    let index = index().await;
    index.fault(FILE, Fault::CutBody, 1);
    index.fault(FILE, Fault::Status(416), 1);
    assert_eq!(fetch(&client(&index)).await.unwrap(), large().tar_gz());
    assert_eq!(ranges(&index)[2], "");
}

#[tokio::test]
async fn halves_of_different_files_are_found_out_by_the_hash_of_the_whole() {
    let index = index().await;
    index.fault(FILE, Fault::CutBody, 1);
    index.fault(FILE, Fault::WrongBytes, 1);
    assert_eq!(fetch(&client(&index)).await.unwrap(), large().tar_gz());
    assert_eq!(ranges(&index)[2], "", "nothing of a wrong file is kept");
    for _ in 0..3 {
        index.fault(FILE, Fault::CutBody, 1);
        index.fault(FILE, Fault::WrongBytes, 1);
    }
    let failure = fetch(&client(&index)).await.unwrap_err();
    assert!(matches!(failure, FetchFailure::HashMismatch { .. }), "{failure:?}");
}

/// A client whose patience is so many times shorter than a real one's.
async fn impatient(index: &FakeIndex, change: impl FnOnce(&mut ClientConfig)) -> Result<bytes::Bytes, FetchFailure> {
    fetch(&client_of(&index.url(), change)).await
}

#[tokio::test]
async fn silence_within_a_body_is_given_up_and_what_came_is_kept() {
    let index = index().await;
    index.fault(FILE, Fault::Stall(Duration::from_mins(10)), 2);
    let idle = |config: &mut ClientConfig| config.patience.idle_read = Duration::from_millis(300);
    assert_eq!(impatient(&index, idle).await.unwrap(), large().tar_gz());
    assert!(ranges(&index)[0].is_empty() && ranges(&index)[1].starts_with("bytes="));
    index.fault(FILE, Fault::Stall(Duration::from_mins(10)), Fault::ALWAYS);
    let failure = impatient(&index, idle).await.unwrap_err();
    assert!(failure.to_string().contains("timed out"), "{failure}");
    assert!(matches!(failure, FetchFailure::Deferred { tries: 6, retry_after: None, .. }));
}

#[tokio::test]
async fn a_drip_is_given_up_after_a_window_though_it_is_never_silent() {
    let index = index().await;
    index.fault(FILE, Fault::SlowDrip(Duration::from_millis(5)), Fault::ALWAYS);
    let slow = |config: &mut ClientConfig| config.patience.window = Duration::from_millis(200);
    let failure = impatient(&index, slow).await.unwrap_err();
    assert!(failure.to_string().contains("slower than 10000 bytes a second for 200ms"), "{failure}");
}

#[tokio::test]
async fn no_request_takes_longer_than_the_whole_time() {
    let index = index().await;
    index.fault(FILE, Fault::SlowDrip(Duration::from_millis(5)), Fault::ALWAYS);
    let total = |config: &mut ClientConfig| config.patience.total = Duration::from_millis(300);
    let failure = impatient(&index, total).await.unwrap_err();
    assert!(failure.to_string().contains("timed out"), "{failure}");
}
