//! Pages of projects.

use packaging::ProjectName;
use store::{FileRecord, ProjectPage, ProjectState};
use url::Url;

use super::IndexClient;
use crate::judge::judge;
use crate::read::{self, Answer, Reading, Validators};
use crate::refresh::Unchanged;
use crate::simple_page::SimplePage;
use crate::tries::pauses;
use crate::{Known, Policy, PureSample, Question, ReadFailure, ReadPage, Refreshed, Wanted, Whereabouts};

/// How often a page is asked for again when a cache served an old one.
const TRIES_OF_A_STALE_PAGE: usize = 3;

impl IndexClient {
    /// Reads a project's page, whatever is known of it, and judges every release: the wanted one is `selected` if it has
    /// an sdist worth fetching.
    ///
    /// A release that is wanted by its version and does not exist is [`ReadFailure::NoSuchRelease`]; a project without
    /// any release is a page without releases.
    pub async fn read_project(
        &self,
        name: &ProjectName,
        wanted: &Wanted,
        policy: Policy,
    ) -> Result<ProjectPage, ReadFailure> {
        let question = Question { wanted: wanted.clone(), policy, sample: PureSample::Nobody };
        match self.read_once(name, None).await? {
            Answer::Page(page, validators) => Ok(judged(name, page, validators, &question, false)?.page),
            Answer::NotModified(_) => Err(not_asked_for()),
        }
    }

    /// Reads a project's page again, if it says anything new.
    ///
    /// A page that a stale cache serves is asked for again three times, and then taken, marked as stale.
    pub async fn refresh_project(
        &self,
        name: &ProjectName,
        question: &Question,
        known: &Known,
    ) -> Result<Refreshed, ReadFailure> {
        let etag = known.etag.as_deref().filter(|_| question.is_usual_of(name));
        let (answer, stale) = self.read_fresh(name, etag, known).await?;
        refreshed(name, answer, question, known, stale)
    }

    /// Where a file is that the files host does not have: reads the project's page again. `recorded_serial`: that of the
    /// page which listed the file. An older page cannot say that the file is gone: it is taken for listed.
    pub async fn whereabouts(
        &self,
        name: &ProjectName,
        file: &FileRecord,
        recorded_serial: Option<i64>,
    ) -> Result<Whereabouts, ReadFailure> {
        let known = Known { serial_expected: recorded_serial, ..Known::default() };
        let (page, stale) = match self.read_fresh(name, None, &known).await {
            Ok((Answer::Page(page, _), stale)) => (page, stale),
            Ok((Answer::NotModified(_), _)) => return Err(not_asked_for()),
            Err(ReadFailure::NotFound | ReadFailure::Renamed { .. }) => return Ok(Whereabouts::Withdrawn),
            Err(failure) => return Err(failure),
        };
        let quarantined = page.status.as_deref() == Some(ProjectState::Quarantined.as_str());
        let listed = page.files.iter().find(|listed| listed.filename == file.filename);
        Ok(match listed {
            Some(listed) if listed.sha256.is_some() && listed.sha256 != file.sha256 => Whereabouts::OtherContent,
            Some(_) => Whereabouts::StillListed,
            None if stale => Whereabouts::StillListed,
            None if quarantined => Whereabouts::Quarantined,
            None => Whereabouts::Withdrawn,
        })
    }

    /// Reads a page, and again if it is older than what is known to exist; says whether it still is in the end.
    async fn read_fresh(
        &self,
        name: &ProjectName,
        etag: Option<&str>,
        known: &Known,
    ) -> Result<(Answer, bool), ReadFailure> {
        let mut pauses = pauses(self.config.wait_between_tries, TRIES_OF_A_STALE_PAGE);
        loop {
            let answer = self.read_once(name, etag).await?;
            let stale = known.is_stale(match &answer {
                // The page that is known, and so its serial, unless the headers know better.
                Answer::NotModified(validators) => validators.serial.or(known.serial),
                Answer::Page(page, _) => page.serial,
            });
            match pauses.next() {
                Some(pause) if stale => tokio::time::sleep(pause).await,
                _ => return Ok((answer, stale)),
            }
        }
    }

    async fn read_once(&self, name: &ProjectName, etag: Option<&str>) -> Result<Answer, ReadFailure> {
        let admit = |url| self.trust.page(url);
        let exchange = self.page_exchange(&admit);
        let reading = Reading { etag, limit: self.config.page_bytes, patience: self.config.patience };
        let url = self.page_url(name);
        let attempt = || read::read_page(&exchange, url.clone(), name, reading);
        let answer = self.with_tries(attempt).await;
        let answer = answer.map_err(|(trouble, tries)| ReadFailure::of(trouble, tries))?;
        if let Answer::Page(page, _) = &answer {
            self.trust.learn(page.files.iter().map(|file| file.url.as_str()));
        }
        Ok(answer)
    }

    /// Normalised names need no escaping; the slash at the end spares a redirect.
    fn page_url(&self, name: &ProjectName) -> Url {
        let mut url = self.index.as_url().clone();
        url.set_path(&format!("{}{name}/", url.path()));
        url
    }
}

fn refreshed(
    name: &ProjectName,
    answer: Answer,
    question: &Question,
    known: &Known,
    stale: bool,
) -> Result<Refreshed, ReadFailure> {
    let (page, validators) = match answer {
        Answer::Page(page, validators) => (page, validators),
        Answer::NotModified(Validators { serial, etag }) => {
            let etag = etag.or_else(|| known.etag.clone());
            return Ok(Refreshed::Unchanged(Unchanged { serial: serial.or(known.serial), etag, stale }));
        }
    };
    let read = judged(name, page, validators, question, stale)?;
    if known.digest == Some(read.digest) {
        let ProjectPage { serial, etag, .. } = read.page;
        return Ok(Refreshed::Unchanged(Unchanged { serial, etag, stale }));
    }
    let page = Box::new(read);
    Ok(match known.doubts(&page.page) {
        Some(again_after) => Refreshed::LostAllFiles { page, again_after },
        None => Refreshed::Page(page),
    })
}

fn judged(
    name: &ProjectName,
    page: SimplePage,
    validators: Validators,
    question: &Question,
    stale: bool,
) -> Result<ReadPage, ReadFailure> {
    let sampled = question.sample.contains(name);
    let digest = page.digest(&question.text(sampled));
    let mut answer = judge(name, page, &question.wanted, question.policy, sampled)?;
    answer.page.etag = validators.etag.filter(|_| question.is_usual_of(name) && !stale);
    Ok(ReadPage { page: answer.page, digest, stale, fetch: answer.fetch })
}

/// 304 is refused as a status that was not asked for before it gets here.
fn not_asked_for() -> ReadFailure {
    let reason = "the index answered that nothing changed, which was not asked".to_owned();
    ReadFailure::Deferred { reason, tries: 1, retry_after: None }
}
