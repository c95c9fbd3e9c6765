//! Commands that share a private server, in every order of coming, leaving and being killed.

#![cfg(unix)]

mod harness;

use std::os::unix::fs::PermissionsExt as _;

use harness::{Client, DataDir, kill, query};

#[test]
fn the_first_command_starts_the_server_and_the_last_one_stops_it() {
    let dir = DataDir::new();
    let client = Client::join(&dir);
    assert_eq!(client.steps, ["Initialising", "Starting"]);
    assert_eq!(query(&client.url, "SELECT 40 + 2"), 42);
    client.leave();
    assert!(dir.stopped(), "the server has stopped when the last command has left");
    assert!(dir.log().contains("database system is shut down"), "{}", dir.log());
}

#[test]
fn a_later_start_finds_the_data_and_makes_nothing_anew() {
    let dir = DataDir::new();
    let client = Client::join(&dir);
    query(&client.url, "CREATE TABLE kept AS SELECT 7 AS n");
    client.leave();
    let client = Client::join(&dir);
    assert_eq!(client.steps, ["Starting"]);
    assert_eq!(query(&client.url, "SELECT n FROM kept"), 7);
    client.leave();
}

#[test]
fn of_two_commands_either_may_leave_first() {
    for first_leaves_first in [true, false] {
        let dir = DataDir::new();
        let first = Client::join(&dir);
        let second = Client::join(&dir);
        assert_eq!(second.steps, ["Joined"]);
        assert_eq!(first.url, second.url);
        let (leaving, staying) = if first_leaves_first { (first, second) } else { (second, first) };
        leaving.leave();
        assert_eq!(query(&staying.url, "SELECT 1"), 1);
        staying.leave();
        assert!(dir.stopped());
    }
}

#[test]
fn of_two_commands_either_may_be_killed_first() {
    for first_dies_first in [true, false] {
        let dir = DataDir::new();
        let first = Client::join(&dir);
        let second = Client::join(&dir);
        let (dying, staying) = if first_dies_first { (first, second) } else { (second, first) };
        dying.kill();
        assert_eq!(query(&staying.url, "SELECT 1"), 1);
        staying.kill();
        dir.wait_until_stopped();
    }
}

#[test]
fn commands_that_come_at_once_share_one_server() {
    let dir = DataDir::new();
    let coming: Vec<_> = (0..4).map(|_| Client::spawn(&dir)).collect();
    let clients: Vec<_> = coming.into_iter().map(harness::Coming::joined).collect();
    assert!(clients.iter().all(|client| client.url == clients[0].url));
    let started = clients.iter().filter(|client| client.steps.contains(&"Starting".to_owned())).count();
    assert_eq!(started, 1);
    for client in clients {
        client.leave();
    }
    assert!(dir.stopped());
}

#[test]
fn a_command_that_comes_while_the_server_stops_gets_a_new_one() {
    let dir = DataDir::new();
    for _ in 0..5 {
        let leaving = Client::join(&dir);
        leaving.kill();
        let client = Client::join(&dir);
        assert_eq!(query(&client.url, "SELECT 1"), 1);
        client.leave();
    }
}

#[test]
fn a_command_killed_while_it_starts_the_server_is_in_nobodys_way() {
    let dir = DataDir::new();
    assert_eq!(Client::spawn(&dir).killed_at_its_first_step(), "Initialising");
    let client = Client::join(&dir);
    assert_eq!(query(&client.url, "SELECT 1"), 1);
    client.leave();
    assert_eq!(Client::spawn(&dir).killed_at_its_first_step(), "Starting");
    let client = Client::join(&dir);
    assert_eq!(query(&client.url, "SELECT 1"), 1);
    client.leave();
    assert!(dir.stopped());
}

#[test]
fn of_a_throwaway_server_nothing_is_left_even_if_its_command_is_killed() {
    let dir = DataDir::new();
    let temporary = dir.throwaways().to_owned();
    let spawn = || {
        Client::spawn_with(&dir, |command| {
            command.arg("--throwaway").env("TMPDIR", &temporary);
        })
    };
    let files = || {
        let servers = std::fs::read_dir(&temporary).unwrap().map(|server| server.unwrap().path().join("postgres"));
        servers.filter_map(|server| std::fs::read_dir(server).ok()).flatten().count()
    };

    let client = spawn().joined();
    assert_eq!(query(&client.url, "SELECT 1"), 1);
    assert!(files() > 0);
    client.leave();
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 0);

    let client = spawn().joined();
    assert!(files() > 0);
    client.kill();
    harness::wait("its files are removed", || files() == 0);
}

#[test]
fn ctrl_c_in_a_terminal_ends_the_command_but_not_the_server() {
    let dir = DataDir::new();
    let first = Client::join(&dir);
    let second = Client::join(&dir);
    first.interrupt_group();
    assert_eq!(query(&second.url, "SELECT 1"), 1);
    second.leave();
    assert!(dir.stopped());
}

#[test]
fn a_killed_supervisor_takes_its_server_along_and_the_next_command_recovers() {
    let dir = DataDir::new();
    let first = Client::join(&dir);
    query(&first.url, "CREATE TABLE kept AS SELECT 7 AS n");
    kill(dir.process("supervisor"));
    let second = Client::join(&dir);
    assert_eq!(second.steps, ["Starting"]);
    assert_eq!(query(&second.url, "SELECT n FROM kept"), 7);
    assert_eq!(first.url, second.url, "a command that was joined before finds the server again");
    assert_eq!(query(&first.url, "SELECT n FROM kept"), 7);
    second.leave();
    first.leave();
    assert!(dir.stopped());
}

#[test]
fn a_command_leaves_also_when_nobody_looks_after_the_server() {
    let dir = DataDir::new();
    let client = Client::join(&dir);
    kill(dir.process("supervisor"));
    client.leave();
}

#[test]
fn a_killed_server_is_started_again_at_the_same_address() {
    let dir = DataDir::new();
    let client = Client::join(&dir);
    query(&client.url, "CREATE TABLE kept AS SELECT 7 AS n");
    let before = dir.process("postmaster");
    kill(before);
    harness::wait("the server is started again", || dir.try_process("postmaster").is_some_and(|pid| pid != before));
    assert_eq!(query(&client.url, "SELECT n FROM kept"), 7);
    client.leave();
    assert!(dir.stopped());
}

#[test]
fn after_everything_was_killed_at_once_the_next_command_recovers() {
    let dir = DataDir::new();
    let client = Client::join(&dir);
    query(&client.url, "CREATE TABLE kept AS SELECT 7 AS n");
    let (supervisor, postmaster) = (dir.process("supervisor"), dir.process("postmaster"));
    kill(supervisor);
    kill(postmaster);
    client.kill();
    let client = Client::join(&dir);
    assert_eq!(query(&client.url, "SELECT n FROM kept"), 7);
    client.leave();
    assert!(dir.stopped());
}

#[test]
fn a_stale_pid_file_that_names_a_foreign_process_is_no_obstacle() {
    let dir = DataDir::new();
    Client::join(&dir).leave();
    let foreign = std::process::id();
    dir.write("cluster/postmaster.pid", &format!("{foreign}\n/elsewhere\n1700000000\n5433\n\n127.0.0.1\n1 1\nready\n"));
    let client = Client::join(&dir);
    assert_eq!(query(&client.url, "SELECT 1"), 1);
    client.leave();
}

#[test]
fn a_cluster_of_another_major_version_is_refused_and_both_are_named() {
    let dir = DataDir::new();
    Client::join(&dir).leave();
    dir.write("cluster/PG_VERSION", "9\n");
    let refusal = Client::spawn(&dir).refused();
    assert!(refusal.contains("was made by Postgres 9, but this machine has Postgres 1"), "{refusal}");
    assert!(refusal.contains("abiscope db export"), "{refusal}");
}

#[test]
fn a_cluster_that_was_cut_short_is_made_anew() {
    let dir = DataDir::new();
    Client::join(&dir).leave();
    std::fs::rename(dir.path("cluster"), dir.path("cluster.unfinished")).unwrap();
    std::fs::remove_file(dir.path("cluster.unfinished/PG_VERSION")).unwrap();
    let client = Client::join(&dir);
    assert_eq!(client.steps, ["Initialising", "Starting"]);
    client.leave();
}

#[test]
fn another_servers_settings_in_the_environment_change_nothing() {
    let dir = DataDir::new();
    let client = Client::spawn_with(&dir, |command| {
        command.env("PGDATA", "/nowhere").env("PGPORT", "1").env("PGOPTIONS", "-c search_path=nowhere");
    });
    let client = client.joined();
    assert_eq!(query(&client.url, "SELECT 1"), 1);
    client.leave();
}

#[test]
fn only_the_account_of_the_server_may_read_its_files() {
    let dir = DataDir::new();
    let client = Client::join(&dir);
    for (path, mode) in [("", 0o700), ("password", 0o600), ("server.json", 0o600), ("server.log", 0o600)] {
        let found = dir.path(path).metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "{path:?} has mode {found:o}");
    }
    client.leave();
}

#[test]
fn an_ordinary_user_has_a_server_too_and_root_joins_it() {
    if !harness::is_root() {
        return; // Every other test was run by an ordinary user then.
    }
    let dir = DataDir::owned_by_nobody();
    let user = Client::spawn_as_nobody(&dir).joined();
    let root = Client::join(&dir);
    assert_eq!(root.steps, ["Joined"]);
    user.leave();
    assert_eq!(query(&root.url, "SELECT 1"), 1);
    root.leave();
    assert!(dir.stopped());
    let root = Client::join(&dir);
    let user = Client::spawn_as_nobody(&dir).joined();
    root.leave();
    assert_eq!(query(&user.url, "SELECT 1"), 1);
    user.leave();
    assert!(dir.stopped());
}

#[test]
fn as_root_a_folder_that_only_root_can_enter_is_refused_with_the_way_out() {
    if !harness::is_root() {
        return;
    }
    let dir = DataDir::below_a_root_only_folder();
    let refusal = Client::spawn(&dir).refused();
    assert!(refusal.contains("Postgres does not run as root"), "{refusal}");
    assert!(refusal.contains("`--data-dir` or ABISCOPE_DATA_DIR"), "{refusal}");
}
