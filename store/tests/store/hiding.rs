//! Whose source is not shown.

use analyzer::Kind;
use packaging::ProjectName;
use sqlx::PgPool;
use store::{ProjectState, SourceHidden};

use crate::world::{PATH, World, page, used};

impl World {
    async fn with_source(&self, name: &str) -> ProjectName {
        self.analysed(name, vec![used(Kind::Api, "PyTuple_GET_SIZE", &[2])]).await;
        name.parse().unwrap()
    }

    /// Lines that are shown, by each way there is; and the places, which are facts.
    async fn shown(&self, name: &ProjectName) -> (bool, bool, i64) {
        let sites = self.store.sites(name, "1.0", "PyTuple_GET_SIZE", 10).await.unwrap();
        let snippet = self.store.snippet(name, "1.0", PATH, 1, 3).await.unwrap();
        (sites.rows.iter().any(|row| !row.text.is_empty()), snippet.is_some(), sites.total)
    }

    async fn why(&self, name: &ProjectName) -> Option<SourceHidden> {
        self.store.release(name, None).await.unwrap().unwrap().source_hidden
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_source_of_a_hidden_project_is_not_shown_and_its_facts_and_neighbours_are(pool: PgPool) {
    let world = World::new(pool).await;
    let hidden = world.with_source("spam").await;
    let others = [world.with_source("spam-eggs").await, world.with_source("spa").await];
    assert_eq!((world.shown(&hidden).await, world.why(&hidden).await), ((true, true, 1), None));
    let version = world.store.data_version().await.unwrap();
    world.store.source_hidden(&hidden, "its author asked for it").await.unwrap();
    assert!(world.store.data_version().await.unwrap() > version, "a copy of its page is no longer right");

    assert_eq!(world.shown(&hidden).await, (false, false, 1));
    let reason = "its author asked for it".to_owned();
    assert_eq!(world.why(&hidden).await, Some(SourceHidden::Operator { reason }));
    assert_eq!(world.store.release(&hidden, None).await.unwrap().unwrap().file.unwrap().uses.len(), 1);
    assert_eq!(world.store.items(Some("pytuple"), None, &store::Start::Page(1)).await.unwrap().rows[0].projects, 3);
    for other in &others {
        assert_eq!((world.shown(other).await, world.why(other).await), ((true, true, 1), None), "{other}");
    }

    assert!(world.store.source_shown(&hidden).await.unwrap());
    assert!(!world.store.source_shown(&hidden).await.unwrap());
    assert_eq!((world.shown(&hidden).await, world.why(&hidden).await), ((true, true, 1), None));
}

#[sqlx::test(migrations = "../migrations")]
async fn hiding_outlives_new_pages_and_is_not_in_the_digest(pool: PgPool) {
    let world = World::new(pool).await;
    let name = world.with_source("spam").await;
    let digest = world.store.digest().await.unwrap();
    world.store.source_hidden(&name, "first").await.unwrap();
    world.store.source_hidden(&name, "because\0").await.unwrap();
    assert_eq!(world.store.digest().await.unwrap(), digest, "it was decided, not found out");
    let mut again = page("spam");
    again.serial = Some(11);
    world.store.project_recorded(&again).await.unwrap();
    world.store.project_ended(&name, ProjectState::Deferred, "503").await.unwrap();
    world.with_source("spam").await;
    assert_eq!(world.shown(&name).await, (false, false, 1));
    let hidden = world.store.hidden_projects().await.unwrap();
    assert_eq!((hidden.len(), hidden[0].reason.as_str(), hidden[0].known), (1, "because\u{fffd}", true));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_project_can_be_hidden_before_the_survey_knows_it(pool: PgPool) {
    let world = World::new(pool).await;
    let name = "spam".parse().unwrap();
    world.store.source_hidden(&name, "it will come").await.unwrap();
    assert!(!world.store.hidden_projects().await.unwrap()[0].known);
    assert_eq!(world.with_source("spam").await, name);
    assert_eq!(world.shown(&name).await, (false, false, 1));
}

#[sqlx::test(migrations = "../migrations")]
async fn every_other_reason_to_hide_is_told_and_the_operators_goes_first(pool: PgPool) {
    let world = World::new(pool).await;
    let name = world.with_source("spam").await;
    for (state, why) in [
        (ProjectState::Quarantined, Some(SourceHidden::Quarantined)),
        (ProjectState::Withdrawn, Some(SourceHidden::Withdrawn)),
        (ProjectState::NotFound, None),
        (ProjectState::IndexTooLarge, None),
    ] {
        world.store.project_ended(&name, state, "").await.unwrap();
        assert_eq!(world.why(&name).await, why, "{state}");
        assert_eq!(world.shown(&name).await, (why.is_none(), why.is_none(), 1), "{state}");
    }
    world.store.project_ended(&name, ProjectState::Quarantined, "").await.unwrap();
    world.store.source_hidden(&name, "more").await.unwrap();
    assert_eq!(world.why(&name).await, Some(SourceHidden::Operator { reason: "more".to_owned() }));
}
