//! A command that joins a private server and does nothing else: tests run it, end it and kill it.
//!
//! `private-postgres-joiner DATA_DIR [--ignore-installed] [--releases-url URL]` prints a line for each step, then
//! `url URL`; it leaves when its standard input ends. With `--throwaway` it does so with a server of its own.

use std::io::Read as _;
use std::path::PathBuf;
use std::process::ExitCode;

use private_postgres::{Config, Step, Throwaway, join};

fn main() -> ExitCode {
    private_postgres::run_supervisor_if_asked();
    let mut config = Config { data_dir: PathBuf::new(), releases_url: None, ignore_installed: false };
    let mut throwaway = false;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--ignore-installed" => config.ignore_installed = true,
            "--throwaway" => throwaway = true,
            "--releases-url" => config.releases_url = arguments.next(),
            _ => config.data_dir = PathBuf::from(argument),
        }
    }
    match tokio::runtime::Runtime::new().map(|runtime| runtime.block_on(hold(&config, throwaway))) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn hold(config: &Config, throwaway: bool) -> Result<(), private_postgres::Error> {
    let tell = |step: Step| println!("{step:?}");
    if throwaway {
        let server = Throwaway::start(&tell).await?;
        wait_after(server.url());
        server.stop().await;
    } else {
        let server = join(config, &tell).await?;
        wait_after(server.url());
        server.leave().await;
    }
    Ok(())
}

fn wait_after(url: &str) {
    println!("url {url}");
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}
