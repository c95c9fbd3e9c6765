//! `abiscope survey`: named projects, from PyPI to a table of verdicts.

mod one;
mod progress;
mod requests;
mod table;

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context;
use crawler::{ClientConfig, IndexClient, Policy};
use futures_util::future::OptionFuture;
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::net::TcpListener;
use tokio::sync::Mutex;

use crate::cli::SurveyArgs;
use crate::exit::{self, Exit};
use crate::service::{Home, Interrupt, search, serve};

use one::{Answer, Surveyor};
use progress::Progress;
use requests::{Request, requests};

/// Projects worked on at once: enough to keep the connections and both cores busy.
const AT_ONCE: usize = 8;

/// Surveys the projects, prints the table, and serves the dashboard if asked.
pub async fn run(args: SurveyArgs) -> anyhow::Result<Exit> {
    let requests = match requests(&args.projects, args.from.as_deref()) {
        Ok(requests) => requests,
        Err(error) => {
            exit::complain(&format!("{error:#}"));
            return Ok(Exit::Usage);
        }
    };
    let interrupt = Interrupt::listen()?;
    let client = client(&args)?;
    let listener = match args.serve {
        Some(address) => Some(serve::listen(address, "--serve").await?),
        None => None,
    };
    let home = tokio::select! {
        home = Home::open(&args.home) => home?,
        () = interrupt.heard() => return Ok(Exit::Interrupted),
    };
    let surveyor =
        Surveyor::new(home.store.clone(), client, Policy { pure_too: args.all, history: args.history.policy() })?;
    let outcome = survey_and_serve(surveyor, &requests, &home, listener, interrupt).await;
    home.leave().await;
    outcome
}

/// Surveys, with the dashboard beside it and afterwards if there is a listener for one.
async fn survey_and_serve(
    surveyor: Surveyor,
    requests: &[Request],
    home: &Home,
    listener: Option<TcpListener>,
    interrupt: Interrupt,
) -> anyhow::Result<Exit> {
    let dashboard = match listener {
        Some(listener) => {
            serve::announce(&listener)?;
            Some(tokio::spawn(serve::until_interrupted(
                listener,
                home.store.clone(),
                serve::config(None),
                interrupt.clone(),
            )))
        }
        None => None,
    };
    let answers = tokio::select! {
        answers = survey(surveyor, requests) => answers?,
        () = interrupt.heard() => {
            eprintln!("Interrupted. What is done is kept; the same command goes on from there.");
            return Ok(Exit::Interrupted);
        }
    };
    search::indexed(&home.store, false).await?;
    table::print(&answers)?;
    if let Some(dashboard) = dashboard {
        dashboard.await.context("the dashboard's task")??;
        return Ok(Exit::Done);
    }
    Ok(if answers.iter().any(Answer::is_failure) { Exit::InputFailed } else { Exit::Done })
}

fn client(args: &SurveyArgs) -> anyhow::Result<IndexClient> {
    let index = crawler::IndexUrl::from_environment(args.index_url.as_deref(), &default_index::url())?;
    let config = ClientConfig { contact: args.contact.clone(), ..ClientConfig::default() };
    IndexClient::new(index, config).context("preparing the connection to the index")
}

/// Surveys every project, several at once, and returns the answers in the order asked. Of one project one release at a
/// time: what is not done yet of a release that its page was read for would be given up for the next one.
async fn survey(surveyor: Surveyor, requests: &[Request]) -> anyhow::Result<Vec<Answer>> {
    let progress = Arc::new(Progress::start(requests.len()));
    let surveyor = Arc::new(surveyor);
    let turns: HashMap<_, _> = requests.iter().map(|request| (&request.name, Mutex::new(()))).collect();
    let answers = stream::iter(requests)
        .map(|request| {
            let (surveyor, progress, turn) = (surveyor.clone(), progress.clone(), turns.get(&request.name));
            async move {
                let _turn = OptionFuture::from(turn.map(Mutex::lock)).await;
                let answer = surveyor.survey(request, &progress).await?;
                progress.finished(&answer);
                anyhow::Ok(answer)
            }
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await;
    progress.clear();
    answers
}
