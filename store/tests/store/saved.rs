//! Answers that are given once, and what people say about sites.

use analyzer::{Kind, Use};
use sqlx::PgPool;
use store::{NoSuchSite, Said};
use whatif::{Judgement, Page, Proposal, Rule, Status};

use crate::world::{PATH, World, report, tree, used};

const F_CODE: &str = "PyFrameObject.f_code";

fn proposal() -> Proposal {
    Proposal::from_toml("title = 'Frames'\nhide = 'PyFrameObject.f_code'").unwrap()
}

/// The member in line 3, and the macro in lines 2 and 4.
fn uses() -> Vec<Use> {
    vec![used(Kind::Member, F_CODE, &[3]), used(Kind::Lvalue, "Py_TYPE", &[4])]
}

async fn names(world: &World, proposal: &Proposal) -> Vec<String> {
    let answer = world.store.inquire(proposal).await.unwrap().answer(Page::ALL);
    answer.rows.into_iter().map(|row| row.name).collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn an_answer_is_given_once_whatever_becomes_of_the_survey(pool: PgPool) {
    let world = World::new(pool).await;
    world.analysed("spam", uses()).await;
    let first = world.store.proposal_saved(&world.store.inquire(&proposal()).await.unwrap()).await.unwrap();
    assert_eq!((first.head.title.as_str(), first.answer.rows[0].first_site.as_str()), ("Frames", "src/a.c:3"));
    let other_title = Proposal { title: "Other".to_owned(), ..proposal() };
    let again = world.store.proposal_saved(&world.store.inquire(&other_title).await.unwrap()).await.unwrap();
    assert_eq!(again, first, "the same rules of the same snapshot");

    // The report of the same sdist changes: no other snapshot, and still the answer of then.
    let file = world.file("spam").await;
    world.store.file_analysed(file, &tree(), &report("spam", Vec::new())).await.unwrap();
    assert!(names(&world, &proposal()).await.is_empty());
    let kept = world.store.proposal_saved(&world.store.inquire(&proposal()).await.unwrap()).await.unwrap();
    assert_eq!(kept, first);

    world.analysed("eggs", uses()).await;
    let second = world.store.proposal_saved(&world.store.inquire(&proposal()).await.unwrap()).await.unwrap();
    assert_ne!((&second.head.id, second.head.snapshot), (&first.head.id, first.head.snapshot));
    assert_eq!(second.answer.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["eggs"]);
    assert_eq!(world.store.saved_proposal(&first.head.id).await.unwrap().as_ref(), Some(&first));
    let listed = world.store.saved_proposals(10).await.unwrap();
    assert_eq!(listed, [second.head.clone(), first.head.clone()], "newest first");
    assert_eq!(listed[0].proposal().unwrap(), proposal());
}

fn said<'a>(rule: &'a Rule, project: &'a packaging::ProjectName, line: u32) -> Said<'a> {
    let (verdict, reason) = (Judgement::FalsePositive, "a comment says so");
    Said { rule, project, path: PATH, line, verdict, reason, by: "N. N." }
}

#[sqlx::test(migrations = "../migrations")]
async fn what_people_say_is_replayed_while_the_file_stays_the_same(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.analysed("spam", uses()).await;
    world.analysed("eggs", uses()).await;
    let rule = Rule::Hide(F_CODE.to_owned());
    let spam = "spam".parse().unwrap();
    let version = world.store.data_version().await.unwrap();
    world.store.reviewed(&said(&rule, &spam, 3)).await.unwrap().unwrap();
    assert!(world.store.data_version().await.unwrap() > version, "a copy of the answer is no longer right");
    let answer = world.store.inquire(&proposal()).await.unwrap().answer(Page::ALL);
    assert_eq!(answer.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["eggs"]);
    let told = &answer.reviewed[0];
    assert_eq!(
        (told.name.as_str(), told.place.as_str(), told.taken_out, told.reason.as_str()),
        ("spam", "src/a.c:3", true, "a comment says so")
    );
    let other = Proposal::from_toml("forbid-lvalue = 'Py_TYPE'").unwrap();
    assert_eq!(names(&world, &other).await, ["eggs", "spam"], "nobody said anything about this rule");

    // The same file in a newer report: replayed. Another content: not.
    world.store.file_analysed(file, &tree(), &report("spam", uses()[..1].to_vec())).await.unwrap();
    assert_eq!(names(&world, &proposal()).await, ["eggs"]);
    let mut changed = tree();
    changed.files[0].bytes = [&changed.files[0].bytes[..], b"int b;\n"].concat().into();
    world.store.file_analysed(file, &changed, &report("spam", uses())).await.unwrap();
    assert_eq!(names(&world, &proposal()).await, ["eggs", "spam"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_review_is_of_a_site_and_can_be_replaced_and_taken_back(pool: PgPool) {
    let world = World::new(pool).await;
    world.analysed("spam", uses()).await;
    let rule = Rule::Hide(F_CODE.to_owned());
    let spam: packaging::ProjectName = "spam".parse().unwrap();
    let none = world.store.reviewed(&said(&rule, &spam, 2)).await.unwrap().unwrap_err();
    assert_eq!(none.to_string(), "the rule asks for nothing in src/a.c:2 of spam 1.0, but in src/a.c:3");
    let nobody = "nobody".parse().unwrap();
    let none = world.store.reviewed(&said(&rule, &nobody, 3)).await.unwrap().unwrap_err();
    assert_eq!(none, NoSuchSite::NotRead("nobody".to_owned()));
    assert!(world.store.reviews().await.unwrap().is_empty());

    world.store.reviewed(&said(&rule, &spam, 3)).await.unwrap().unwrap();
    let confirmed = Said { verdict: Judgement::Confirmed, reason: "looked again", ..said(&rule, &spam, 3) };
    world.store.reviewed(&confirmed).await.unwrap().unwrap();
    let reviews = world.store.reviews().await.unwrap();
    assert_eq!(reviews.len(), 1, "what was said later counts");
    // Another project has the same file: what is said of it is said of it alone.
    world.analysed("eggs", uses()).await;
    let eggs = "eggs".parse().unwrap();
    world.store.reviewed(&said(&rule, &eggs, 3)).await.unwrap().unwrap();
    assert_eq!(names(&world, &proposal()).await, ["spam"]);
    assert_eq!(world.store.review_withdrawn(&rule, &eggs, PATH, 3).await.unwrap(), Ok(true));
    assert_eq!((reviews[0].site.as_str(), reviews[0].reason.as_str()), ("f->f_code;", "looked again"));
    let answer = world.store.inquire(&proposal()).await.unwrap().answer(Page::ALL);
    let of_spam = answer.rows.iter().find(|row| row.name == "spam").unwrap();
    assert_eq!((of_spam.status, answer.reviewed[0].taken_out), (Status::Affected, false));

    assert_eq!(world.store.review_withdrawn(&rule, &spam, PATH, 3).await.unwrap(), Ok(true));
    assert_eq!(world.store.review_withdrawn(&rule, &spam, PATH, 3).await.unwrap(), Ok(false));
    assert!(world.store.inquire(&proposal()).await.unwrap().answer(Page::ALL).reviewed.is_empty());
}
