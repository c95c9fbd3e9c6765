//! What is to be surveyed: names from the command line and from a file.

use std::path::Path;

use anyhow::{Context, bail};
use crawler::Wanted;
use packaging::{ProjectName, ReleaseVersion};

/// One project asked for, or one of its releases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The project.
    pub name: ProjectName,
    /// Which release.
    pub wanted: Wanted,
}

impl std::fmt::Display for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.wanted {
            Wanted::Latest => write!(f, "{}", self.name),
            Wanted::Version(version) => write!(f, "{}=={version}", self.name),
        }
    }
}

/// The requests in the order given, each once: those of the command line, then those of the file.
pub fn requests(projects: &[String], file: Option<&Path>) -> anyhow::Result<Vec<Request>> {
    let mut all = Vec::new();
    for text in projects {
        all.push(request(text)?);
    }
    if let Some(file) = file {
        let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.split('#').next().unwrap_or_default().trim();
            if !line.is_empty() {
                all.push(request(line).with_context(|| format!("{}, line {number}", file.display()))?);
            }
        }
    }
    if all.is_empty() {
        bail!("no project is named: give NAME or NAME==VERSION, or a file of them with --from");
    }
    let mut seen = std::collections::HashSet::new();
    all.retain(|request| seen.insert(request.to_string()));
    Ok(all)
}

fn request(text: &str) -> anyhow::Result<Request> {
    let (name, wanted) = match text.split_once("==") {
        Some((name, version)) if !version.trim().is_empty() => {
            (name.trim(), Wanted::Version(ReleaseVersion::new(version.trim())))
        }
        Some(_) => bail!("{text:?} has no version after `==`"),
        None => (text, Wanted::Latest),
    };
    if name.contains(['<', '>', '=', '~', '!', '[', ';']) {
        bail!("{text:?}: give NAME or NAME==VERSION; ranges, extras and markers are not read");
    }
    Ok(Request { name: name.parse()?, wanted })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(projects: &[&str]) -> Vec<String> {
        projects.iter().map(|&p| p.to_owned()).collect()
    }

    #[test]
    fn names_are_normalised_and_each_request_is_kept_once() {
        let all = requests(&texts(&["MarkupSafe", "markupsafe", "numpy==2.5.5"]), None).expect("good names");
        let shown: Vec<String> = all.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["markupsafe", "numpy==2.5.5"]);
    }

    #[test]
    fn a_file_has_comments_blank_lines_and_says_the_line_of_an_error() {
        let temp = tempfile::tempdir().expect("a folder");
        let file = temp.path().join("names.txt");
        std::fs::write(&file, "# two\n\nsix==1.17.0 # pure\nlxml\n").expect("written");
        assert_eq!(requests(&[], Some(&file)).expect("good names").len(), 2);
        std::fs::write(&file, "six\nnumpy>=2\n").expect("written");
        let error = format!("{:#}", requests(&[], Some(&file)).expect_err("a range"));
        assert!(error.contains("line 2") && error.contains("NAME==VERSION"), "{error}");
    }

    #[test]
    fn nothing_and_nonsense_are_refused() {
        assert!(requests(&[], None).is_err());
        assert!(requests(&texts(&["numpy=="]), None).is_err());
        assert!(requests(&texts(&["../etc"]), None).is_err());
    }
}
