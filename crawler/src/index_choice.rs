//! Which index is read when the operator does not say: the one that Python's installers would use.

use std::path::{Path, PathBuf};

use configparser::ini::Ini;

use crate::{IndexUrl, NotAnIndexUrl};

/// What the choice of an index looks at; given as functions so that it can be tried without a real environment.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<Env, Read> {
    /// The value of an environment variable.
    pub env: Env,
    /// The text of a file, if it can be read.
    pub read: Read,
}

impl IndexUrl {
    /// Chooses the index: `flag` (`--index-url`), else `UV_DEFAULT_INDEX`, else `PIP_INDEX_URL`, else `index-url` of
    /// pip's configuration files, else `default`. An address that is given but cannot be used is an error that names
    /// its place; it is never passed over.
    pub fn choose<Env, Read>(
        flag: Option<&str>,
        surroundings: &Surroundings<Env, Read>,
        default: &str,
    ) -> Result<Self, NotAnIndexUrl>
    where
        Env: Fn(&str) -> Option<String>,
        Read: Fn(&Path) -> Option<String>,
    {
        if let Some(text) = flag {
            return named("--index-url", text);
        }
        let set = |name: &str| (surroundings.env)(name).filter(|value| !value.trim().is_empty());
        if let Some(text) = set("UV_DEFAULT_INDEX") {
            return named("UV_DEFAULT_INDEX", without_label(&text));
        }
        if let Some(text) = set("PIP_INDEX_URL") {
            return named("PIP_INDEX_URL", &text);
        }
        for path in pip_files(&set) {
            if let Some(text) = (surroundings.read)(&path).and_then(|ini| index_url_of(&ini)) {
                return named(&path.display().to_string(), &text);
            }
        }
        Self::parse(default)
    }

    /// [`IndexUrl::choose`] in the environment of this process.
    pub fn from_environment(flag: Option<&str>, default: &str) -> Result<Self, NotAnIndexUrl> {
        let surroundings = Surroundings {
            env: |name: &str| std::env::var(name).ok(),
            read: |path: &Path| std::fs::read_to_string(path).ok(),
        };
        Self::choose(flag, &surroundings, default)
    }
}

fn named(place: &str, text: &str) -> Result<IndexUrl, NotAnIndexUrl> {
    IndexUrl::parse(text).map_err(|NotAnIndexUrl(why)| NotAnIndexUrl(format!("{place}: {why}")))
}

/// uv allows a name before the address: `internal=https://…`.
fn without_label(text: &str) -> &str {
    match text.split_once('=') {
        Some((label, address)) if !label.contains([':', '/']) => address,
        _ => text,
    }
}

/// pip's configuration files on Unix, the strongest first: `PIP_CONFIG_FILE`, the environment's, the user's, the site's.
fn pip_files(env: &dyn Fn(&str) -> Option<String>) -> Vec<PathBuf> {
    let given = env("PIP_CONFIG_FILE");
    if given.as_deref() == Some("/dev/null") {
        return Vec::new(); // pip's way to say: no configuration at all
    }
    let home = env("HOME").map(PathBuf::from);
    let config_home = env("XDG_CONFIG_HOME").map(PathBuf::from).or(home.as_ref().map(|home| home.join(".config")));
    let site_folders = env("XDG_CONFIG_DIRS").unwrap_or_else(|| "/etc/xdg".to_owned());

    let mut files: Vec<PathBuf> = given.map(PathBuf::from).into_iter().collect();
    files.extend(env("VIRTUAL_ENV").map(|folder| PathBuf::from(folder).join("pip.conf")));
    files.extend(config_home.map(|folder| folder.join("pip/pip.conf")));
    files.extend(home.map(|folder| folder.join(".pip/pip.conf")));
    files.push(PathBuf::from("/etc/pip.conf"));
    files.extend(std::env::split_paths(&site_folders).map(|folder| folder.join("pip/pip.conf")));
    files
}

fn index_url_of(text: &str) -> Option<String> {
    let mut ini = Ini::new();
    ini.set_inline_comment_symbols(Some(&[])); // an address may hold `#` and `;`
    ini.read(text.to_owned()).ok()?;
    let value = ini.get("global", "index-url").or_else(|| ini.get("global", "index_url"))?;
    Some(value).filter(|value| !value.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULT: &str = "https://default.example/simple/";

    fn choose(flag: Option<&str>, env: &[(&str, &str)], files: &[(&str, &str)]) -> Result<String, String> {
        let find = |pairs: &[(&str, &str)], key: &str| {
            let found = pairs.iter().find(|(name, _)| *name == key);
            found.map(|(_, value)| (*value).to_owned())
        };
        let surroundings =
            Surroundings { env: |name: &str| find(env, name), read: |path: &Path| find(files, path.to_str().unwrap()) };
        let chosen = IndexUrl::choose(flag, &surroundings, DEFAULT);
        chosen.map(|url| url.to_string()).map_err(|error| error.to_string())
    }

    #[test]
    fn the_flag_wins_then_uv_then_pip_then_its_file_then_the_default() {
        let flag = Some("https://flag.example/");
        let uv = ("UV_DEFAULT_INDEX", "https://uv.example/");
        let pip = ("PIP_INDEX_URL", "https://pip.example/");
        let file = ("/etc/pip.conf", "[global]\nindex-url = https://file.example/\n");
        assert_eq!(choose(flag, &[uv, pip], &[file]).unwrap(), "https://flag.example/");
        assert_eq!(choose(None, &[uv, pip], &[file]).unwrap(), "https://uv.example/");
        assert_eq!(choose(None, &[pip], &[file]).unwrap(), "https://pip.example/");
        assert_eq!(choose(None, &[], &[file]).unwrap(), "https://file.example/");
        assert_eq!(choose(None, &[], &[]).unwrap(), DEFAULT);
    }

    #[test]
    fn uv_may_name_its_index() {
        let named = [("UV_DEFAULT_INDEX", "inside=https://uv.example/a=b/")];
        assert_eq!(choose(None, &named, &[]).unwrap(), "https://uv.example/a=b/");
        let unnamed = [("UV_DEFAULT_INDEX", "https://uv.example/a=b/")];
        assert_eq!(choose(None, &unnamed, &[]).unwrap(), "https://uv.example/a=b/");
    }

    #[test]
    fn pips_files_are_read_from_the_strongest_to_the_weakest() {
        let env = [("HOME", "/home/me"), ("VIRTUAL_ENV", "/venv"), ("PIP_CONFIG_FILE", "/given.conf")];
        let paths = [
            "/given.conf",
            "/venv/pip.conf",
            "/home/me/.config/pip/pip.conf",
            "/home/me/.pip/pip.conf",
            "/etc/pip.conf",
            "/etc/xdg/pip/pip.conf",
        ];
        let texts: Vec<_> =
            (0..paths.len()).map(|at| format!("[global]\nindex-url=https://file{at}.example/\n")).collect();
        let files: Vec<_> = paths.iter().copied().zip(texts.iter().map(String::as_str)).collect();
        for at in 0..paths.len() {
            assert_eq!(choose(None, &env, &files[at..]).unwrap(), format!("https://file{at}.example/"));
        }
    }

    #[test]
    fn files_that_say_nothing_about_the_index_are_passed_over() {
        let files = [("/etc/pip.conf", "[global]\ntimeout = 60\n[install]\nindex-url = https://no.example/\n")];
        assert_eq!(choose(None, &[], &files).unwrap(), DEFAULT);
        assert_eq!(choose(None, &[("PIP_INDEX_URL", " ")], &[]).unwrap(), DEFAULT);
        let off = [("PIP_CONFIG_FILE", "/dev/null")];
        let file = [("/etc/pip.conf", "[global]\nindex-url = https://file.example/\n")];
        assert_eq!(choose(None, &off, &file).unwrap(), DEFAULT);
    }

    #[test]
    fn passwords_with_signs_of_comments_survive_the_file() {
        let file = [("/etc/pip.conf", "[global]\nindex_url = https://me:a;b%23c@file.example/simple ; not more\n")];
        assert!(choose(None, &[], &file).is_err(), "for pip too a comment needs a line of its own");
        let file = [("/etc/pip.conf", "# ours\n[global]\nIndex-URL: https://me:a;b%23c@file.example/simple\n")];
        assert_eq!(choose(None, &[], &file).unwrap(), "https://file.example/simple/");
    }

    #[test]
    fn an_address_that_cannot_be_used_is_told_with_its_place() {
        let env = [("PIP_INDEX_URL", "http://me:secret@pip.example/")];
        let error = choose(None, &env, &[]).unwrap_err();
        assert!(error.starts_with("PIP_INDEX_URL: ") && !error.contains("secret"), "{error}");
    }
}
