//! The request budget, from several tasks over two pools.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use futures_util::future::join_all;
use sqlx::PgPool;
use store::{Budget, Error};

use crate::world::World;

const INDEX: &str = "https://index.example";

async fn world(pool: PgPool, per_second: Option<f64>) -> World {
    let world = World::new(pool).await;
    world.store.budget_set(INDEX, Budget { per_second, connections: 3 }).await.unwrap();
    world
}

#[sqlx::test(migrations = "../migrations")]
async fn no_slot_is_given_out_twice_and_the_rate_is_kept_over_two_pools(pool: PgPool) {
    let world = world(pool, Some(20.0)).await;
    let other = world.another().await;
    let stores = [&world.store, &other];
    let slots = join_all((0..60).map(|n| stores[n % 2].reserve_request(INDEX))).await;
    let mut slots: Vec<_> = slots.into_iter().map(|slot| slot.unwrap()).collect();
    slots.sort_by_key(|slot| slot.at);
    for pair in slots.windows(2) {
        assert!(pair[1].at - pair[0].at >= TimeDelta::milliseconds(50), "{pair:?}");
    }
    // The last one has to wait for all before it, less what it took to ask.
    assert!(slots[59].wait > Duration::from_secs(1));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_turn_is_waited_for(pool: PgPool) {
    let world = world(pool, Some(20.0)).await;
    let began = Instant::now();
    join_all((0..9).map(|_| world.store.request_turn(INDEX))).await.into_iter().for_each(Result::unwrap);
    assert!(began.elapsed() >= Duration::from_millis(400));
}

#[sqlx::test(migrations = "../migrations")]
async fn without_a_limit_nobody_waits_but_for_quiet(pool: PgPool) {
    let world = world(pool, None).await;
    for _ in 0..50 {
        assert!(world.store.reserve_request(INDEX).await.unwrap().wait.is_zero());
    }
    world.store.block_requests(INDEX, Duration::from_mins(1)).await.unwrap();
    assert!(world.store.reserve_request(INDEX).await.unwrap().wait > Duration::from_secs(50));
}

#[sqlx::test(migrations = "../migrations")]
async fn quiet_is_never_shortened_and_lasts_an_hour_at_most(pool: PgPool) {
    let world = world(pool, Some(20.0)).await;
    let quiet = async || world.store.quiet_for(INDEX).await.unwrap().as_secs();
    assert_eq!(quiet().await, 0);
    world.store.block_requests(INDEX, Duration::from_mins(10)).await.unwrap();
    world.store.block_requests(INDEX, Duration::from_secs(1)).await.unwrap();
    assert!((500..=600).contains(&quiet().await));
    world.store.block_requests(INDEX, Duration::MAX).await.unwrap();
    assert!((3500..=3600).contains(&quiet().await));
}

/// Turns that were given out before the index asked for quiet are given up.
#[sqlx::test(migrations = "../migrations")]
async fn who_waits_while_quiet_is_asked_for_waits_until_after_it(pool: PgPool) {
    let world = world(pool, Some(5.0)).await;
    let other = world.another().await;
    world.store.reserve_request(INDEX).await.unwrap();
    let began = Instant::now();
    let quiet = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        world.store.block_requests(INDEX, Duration::from_millis(1500)).await.unwrap();
    };
    let ((), a, b) = tokio::join!(quiet, world.store.request_turn(INDEX), other.request_turn(INDEX));
    a.and(b).unwrap();
    assert!(began.elapsed() >= Duration::from_millis(1500));
}

#[sqlx::test(migrations = "../migrations")]
async fn no_more_connections_are_held_than_allowed_and_released_ones_are_free(pool: PgPool) {
    let world = world(pool, None).await;
    let other = world.another().await;
    let stores = [&world.store, &other];
    let minute = Duration::from_mins(1);
    let taken = join_all((0..30).map(|n| stores[n % 2].take_connection(INDEX, minute))).await;
    let taken: Vec<_> = taken.into_iter().filter_map(|taken| taken.unwrap()).collect();
    let mut slots: Vec<_> = taken.iter().map(store::Connection::slot).collect();
    slots.sort_unstable();
    assert_eq!(slots, [1, 2, 3]);
    other.release_connection(&taken[1]).await.unwrap();
    let again = other.take_connection(INDEX, minute).await.unwrap().unwrap();
    assert_eq!(again.slot(), taken[1].slot());
    // A late release of who held it before frees nothing.
    world.store.release_connection(&taken[1]).await.unwrap();
    assert!(!world.store.renew_connection(&taken[1], minute).await.unwrap());
    assert!(world.store.renew_connection(&again, minute).await.unwrap());
    assert_eq!(world.store.take_connection(INDEX, minute).await.unwrap(), None);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_connection_of_a_dead_holder_is_free_after_it_expired(pool: PgPool) {
    let world = world(pool, None).await;
    let minute = Duration::from_mins(1);
    for _ in 0..3 {
        assert!(world.store.take_connection(INDEX, minute).await.unwrap().is_some());
    }
    assert_eq!(world.store.take_connection(INDEX, minute).await.unwrap(), None);
    // Waits for one of them.
    let time_passes = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        world.change("UPDATE connection_slots SET taken_until = now()").await;
    };
    let (held, ()) = tokio::join!(world.store.hold_connection(INDEX), time_passes);
    let held = held.unwrap();
    assert_eq!(world.store.crawl_status().await.unwrap().budgets[0].connections_taken, 1);
    drop(held);
    all_released(&world).await;
}

/// A dropped connection is released by a task of its own: waits for it.
async fn all_released(world: &World) {
    for _ in 0..200 {
        if world.store.crawl_status().await.unwrap().budgets[0].connections_taken == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("a dropped connection is never released");
}

#[sqlx::test(migrations = "../migrations")]
async fn no_connection_is_held_while_the_index_wants_more_quiet_than_one_waits_for(pool: PgPool) {
    let world = world(pool, None).await;
    let minute = Duration::from_mins(1);
    let hold = async || world.store.hold_connection_unless_quiet(INDEX, minute).await.unwrap();
    world.store.block_requests(INDEX, minute / 2).await.unwrap();
    drop(hold().await.unwrap());
    all_released(&world).await;
    world.store.block_requests(INDEX, minute * 10).await.unwrap();
    let quiet = hold().await.unwrap_err();
    assert!((minute * 9..=minute * 10).contains(&quiet), "{quiet:?}");
    // Nor by somebody who was waiting for a free one before.
    world.change("UPDATE request_budgets SET blocked_until = '-infinity'").await;
    world.change("UPDATE connection_slots SET taken_until = 'infinity'").await;
    let quiet = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        world.store.block_requests(INDEX, minute * 10).await.unwrap();
    };
    let (held, ()) = tokio::join!(hold(), quiet);
    assert!(held.is_err());
}

#[sqlx::test(migrations = "../migrations")]
async fn fewer_connections_are_given_out_once_fewer_are_allowed(pool: PgPool) {
    let world = world(pool, None).await;
    world.store.budget_set(INDEX, Budget { per_second: None, connections: 1 }).await.unwrap();
    assert!(world.store.take_connection(INDEX, Duration::from_mins(1)).await.unwrap().is_some());
    assert_eq!(world.store.take_connection(INDEX, Duration::from_mins(1)).await.unwrap(), None);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_index_without_a_budget_is_not_asked(pool: PgPool) {
    let world = World::new(pool).await;
    assert!(matches!(world.store.request_turn(INDEX).await, Err(Error::NoBudget(index)) if index == INDEX));
    assert!(matches!(world.store.hold_connection(INDEX).await, Err(Error::NoBudget(_))));
    assert!(matches!(world.store.block_requests(INDEX, Duration::ZERO).await, Err(Error::NoBudget(_))));
}
