//! Every public header through the preprocessor, at once.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use capi::Version;

/// A library header that a CPython header wants and this machine lacks is replaced by an empty one, so often at most.
const MOST_STUBS: usize = 20;

/// The preprocessed text (`-E -dD`) of all headers in `headers`, with `Py_LIMITED_API` set if a level is given.
pub(super) fn preprocess(headers: &Path, level: Option<Version>) -> anyhow::Result<String> {
    let stubs = Stubs::new()?;
    let source = source(headers)?;
    for _ in 0..MOST_STUBS {
        let output = run(headers, &stubs.folder, level, &source)?;
        let errors = String::from_utf8_lossy(&output.stderr);
        match missing_header(&errors) {
            Some(missing) => stubs.add(missing)?,
            None if output.stdout.is_empty() => bail!("cc -E gave nothing for {}: {errors}", headers.display()),
            None => return Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        }
    }
    bail!("{}: more than {MOST_STUBS} system headers are missing", headers.display())
}

/// `Python.h` first, then everything else that a program can include.
fn source(headers: &Path) -> anyhow::Result<String> {
    let mut names = Vec::new();
    let listing = std::fs::read_dir(headers).with_context(|| format!("reading {}", headers.display()))?;
    for entry in listing {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        if path.extension().is_some_and(|extension| extension == "h") {
            names.extend(name.filter(|name| name != "Python.h"));
        }
    }
    names.sort();
    let mut source = "#include <Python.h>\n".to_owned();
    for name in names {
        let _ = writeln!(source, "#include <{name}>");
    }
    Ok(source)
}

fn run(headers: &Path, stubs: &Path, level: Option<Version>, source: &str) -> anyhow::Result<std::process::Output> {
    let mut command = Command::new("cc");
    command.args(["-E", "-dD", "-w", "-x", "c", "-DNDEBUG", "-I"]).arg(headers).arg("-I").arg(stubs);
    if let Some(level) = level {
        command.arg(format!("-DPy_LIMITED_API={:#010x}", level.limited_hex()));
    }
    let mut child = command
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("starting cc: a C compiler is needed to preprocess the headers")?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(source.as_bytes())?;
    }
    Ok(child.wait_with_output()?)
}

/// The header that the compiler could not find, from its message.
fn missing_header(errors: &str) -> Option<&str> {
    let line = errors.lines().find(|line| line.contains("fatal error:"))?;
    let rest = line.split("fatal error:").nth(1)?.trim();
    let name = rest.split(": No such file").next()?.split("' file not found").next()?;
    (rest.contains("No such file") || rest.contains("file not found")).then(|| name.trim_matches('\''))
}

/// A folder of empty headers, removed when dropped.
struct Stubs {
    folder: std::path::PathBuf,
}

impl Stubs {
    fn new() -> anyhow::Result<Self> {
        use std::sync::atomic::{AtomicU32, Ordering};
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("xtask-capi-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).with_context(|| format!("making {}", folder.display()))?;
        Ok(Self { folder })
    }

    fn add(&self, header: &str) -> anyhow::Result<()> {
        let path = self.folder.join(header);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&path, "").with_context(|| format!("writing {}", path.display()))
    }
}

impl Drop for Stubs {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[cfg(test)]
mod tests {
    use super::missing_header;

    #[test]
    fn the_missing_header_is_read_from_either_compiler() {
        let gcc =
            "In file included from <stdin>:3:\npy_curses.h:7:10: fatal error: curses.h: No such file or directory\n";
        assert_eq!(missing_header(gcc), Some("curses.h"));
        let clang = "py_curses.h:7:10: fatal error: 'curses.h' file not found\n";
        assert_eq!(missing_header(clang), Some("curses.h"));
        assert_eq!(missing_header("x.h:1:2: error: #error \"no\"\n"), None);
    }
}
