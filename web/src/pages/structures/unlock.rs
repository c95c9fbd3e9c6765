//! `/unlock`: which items would free most projects, if the limited API had them.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use capi::Target;
use serde::Serialize;
use store::STATIC_TYPES;

use crate::api::versioned;
use crate::app::App;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::{Count, share};
use crate::pages::{Choice, target_choices};
use crate::params::Params;
use crate::unlock::{Curve, Unlock};
use crate::{address, facts, render};

/// After how many items the lead tells the sum.
const TOLD: usize = 10;

#[derive(Template)]
#[template(path = "structures/unlock.html")]
struct UnlockPage {
    frame: Frame,
    target: Target,
    targets: Vec<Choice>,
    lead: String,
    /// Unweighted, then by downloads where there are any.
    views: Vec<View>,
}

struct View {
    title: &'static str,
    points: String,
    end: String,
    rows: Vec<Row>,
    items: usize,
}

struct Row {
    n: usize,
    item: String,
    address: String,
    what: String,
    blocks: Count,
    frees: Count,
    free: Count,
    share: String,
}

pub(crate) async fn unlock(State(app): State<App>, here: Here, params: Params) -> Result<Response, WebError> {
    let target = params.target()?;
    let unlock = app.unlock(target, here.data_version).await?;
    let json = address::with_query("/unlock.json", &[("target", &address::target_value(target))]);
    render::page(&UnlockPage {
        frame: Frame::new("Unlock curve", "structures", &here).with_json(json),
        target,
        targets: target_choices(target),
        lead: lead(&unlock.each, target),
        views: [view("Each project counts one", &unlock.each)]
            .into_iter()
            .chain(unlock.weighed.as_ref().map(|curve| view("Each project counts its downloads", curve)))
            .collect(),
    })
}

fn lead(curve: &Curve, target: Target) -> String {
    let free = curve.free_after(TOLD);
    format!(
        "With the first {TOLD} of these items in the limited API, {} of {} projects that are blocked for {target} would have \
         no blocker left ({}).",
        Count(free),
        Count(curve.blocked),
        share(free, curve.blocked)
    )
}

fn view(title: &'static str, curve: &Curve) -> View {
    let last = curve.steps.last().map_or(0, |step| step.free);
    View {
        title,
        points: curve.points(),
        end: share(last, curve.blocked),
        items: curve.steps.len(),
        rows: curve
            .steps
            .iter()
            .zip(1..)
            .map(|(step, n)| Row {
                n,
                item: step.item.clone(),
                address: if step.item == STATIC_TYPES {
                    "/items?kind=static-type".to_owned()
                } else {
                    address::item(&step.item, None)
                },
                what: what(&step.item),
                blocks: Count(step.blocks),
                frees: Count(step.frees),
                free: Count(step.free),
                share: share(step.free, curve.blocked),
            })
            .collect(),
    }
}

/// `macro, not limited`.
fn what(item: &str) -> String {
    if item == STATIC_TYPES {
        return "variables of PyTypeObject with static storage".to_owned();
    }
    let kind = if item.contains('.') { analyzer::Kind::Member } else { analyzer::Kind::Api };
    facts::tier(kind, item)
}

/// The curves of a target.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct UnlockAnswer<'u> {
    target: Target,
    #[serde(flatten)]
    unlock: &'u Unlock,
}

pub(crate) async fn json(State(app): State<App>, here: Here, params: Params) -> Result<Response, WebError> {
    let target = params.target()?;
    let unlock = app.unlock(target, here.data_version).await?;
    Ok(versioned(&here, UnlockAnswer { target, unlock: &unlock }))
}
