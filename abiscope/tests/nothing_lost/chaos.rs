//! Chaos: faults of the index, processes killed, Postgres restarted. What is found out is what a calm crawl finds out.

use std::time::{Duration, Instant};

use fake_index::{FakeIndex, FaultPlan};

use crate::deployment::{Deployment, Running, is_idle};
use crate::server::Server;

/// Processes: one that discovers and works, the others only work.
const CREW: [&str; 4] = ["crawl", "work", "work", "work"];

/// After so long without any request of the index something hangs.
const PATIENCE: Duration = Duration::from_mins(3);

/// A number from the environment.
fn given(variable: &str, otherwise: u32) -> u32 {
    std::env::var(variable).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{variable}={text}")))
}

#[test]
fn a_crawl_under_faults_kills_and_restarts_of_postgres_finds_what_a_calm_one_does() {
    let (projects, seed) = (given("ABISCOPE_CHAOS_PROJECTS", 200), given("ABISCOPE_CHAOS_SEED", 1));
    let index = FakeIndex::start_in_thread();
    index.keep_only_counts();
    index.generate(seed.into(), projects);
    let mut server = Server::start();
    let began = Instant::now();

    let calm = Deployment::new(&server, "calm", &index);
    calm.crawl_to_the_end(&[]);
    let (expected, requests) = (calm.found(), index.total());
    assert_eq!(expected.open(), 0, "{expected:?}");
    println!("calm: {requests} requests, {:.0?}", began.elapsed());

    let stormy = Deployment::new(&server, "stormy", &index);
    index.forget_requests();
    index.begin_phase(Some(FaultPlan::transient(seed.into())));
    let mut storm = Storm::new(&stormy, &index, &mut server, seed, 12 + projects / 25, requests);
    storm.rage();
    storm.pass();
    println!("storm: {} requests, {:.0?}", index.total(), began.elapsed());

    index.begin_phase(None);
    stormy.crawl_to_the_end(&[]);
    let found = stormy.found();
    assert_eq!(found.states, expected.states);
    assert_eq!(found.blobs, expected.blobs);
    assert_eq!(found.digest, expected.digest);
    println!("all is the same: {:?}, {} blobs, {:.0?}", found.states["files"], found.blobs.len(), began.elapsed());
}

/// What falls on a crawl.
struct Storm<'a> {
    deployment: &'a Deployment,
    index: &'a FakeIndex,
    server: &'a mut Server,
    crew: Vec<Running>,
    dice: Dice,
    /// Kills still to come, by the number of requests after which they do; the last first.
    kills: Vec<u64>,
    /// Restarts of Postgres still to come, likewise.
    restarts: Vec<(u64, Restart)>,
}

/// How Postgres is restarted.
enum Restart {
    Cleanly,
    Killed,
}

impl<'a> Storm<'a> {
    /// So many kills and two restarts, spread over the requests that a calm crawl makes.
    fn new(
        deployment: &'a Deployment,
        index: &'a FakeIndex,
        server: &'a mut Server,
        seed: u32,
        kills: u32,
        requests: u64,
    ) -> Self {
        let mut dice = Dice(u64::from(seed));
        let mut kills: Vec<u64> = (0..kills).map(|_| dice.below(requests)).collect();
        kills.sort_unstable_by(|a, b| b.cmp(a));
        let restarts = vec![(requests * 2 / 3, Restart::Killed), (requests / 3, Restart::Cleanly)];
        let crew = CREW.iter().map(|role| Self::start(deployment, role)).collect();
        Self { deployment, index, server, crew, dice, kills, restarts }
    }

    fn start(deployment: &Deployment, role: &str) -> Running {
        let takeover = ["--heartbeat", "0.5", "--silence", "3", "--sweep", "1", "--jobs", "1"];
        // Slots of the killed are free after a minute only: there are enough of them.
        let manners = ["--requests-per-second", "0", "--connections", "200"];
        let manners = if role == "crawl" { &manners[..] } else { &[] };
        deployment.start(&[&[role], &takeover[..], manners].concat())
    }

    /// Strikes until every kill and every restart has come.
    fn rage(&mut self) {
        let (mut before, mut moved) = (0, Instant::now());
        while !self.kills.is_empty() || !self.restarts.is_empty() {
            let requests = self.index.total();
            if requests > before {
                (before, moved) = (requests, Instant::now());
            }
            assert!(moved.elapsed() < PATIENCE, "nothing moves after {requests} requests:\n{}", self.said());
            self.strike(requests);
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn strike(&mut self, requests: u64) {
        if let Some((_, how)) = self.restarts.pop_if(|(at, _)| *at <= requests) {
            self.restart(&how);
        }
        if self.kills.pop_if(|at| *at <= requests).is_some() {
            // Not always in the same breath as a request.
            std::thread::sleep(Duration::from_millis(self.dice.below(150)));
            let victim = usize::try_from(self.dice.below(CREW.len() as u64)).expect("few");
            self.crew[victim].kill();
            self.crew[victim] = Self::start(self.deployment, CREW[victim]);
        }
        self.all_are_there();
    }

    fn restart(&mut self, how: &Restart) {
        match how {
            Restart::Cleanly => self.server.stop(),
            Restart::Killed => self.server.kill(),
        }
        std::thread::sleep(Duration::from_millis(500 + self.dice.below(1500)));
        self.server.start_again();
    }

    /// Nobody leaves by himself, but for who finds no database when he comes.
    fn all_are_there(&mut self) {
        for (running, role) in self.crew.iter_mut().zip(CREW) {
            let Some(status) = running.ended() else { continue };
            let said = running.said();
            assert!(said.contains("opening the database"), "`{role}` ended by itself ({status}):\n{said}");
            *running = Self::start(self.deployment, role);
        }
    }

    /// Lets those who live bring it to an end.
    fn pass(mut self) {
        let give_up = Instant::now() + PATIENCE;
        while !is_idle(&self.deployment.url) {
            assert!(Instant::now() < give_up, "it does not come to an end:\n{}", self.said());
            self.all_are_there();
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    fn said(&self) -> String {
        self.crew.iter().map(Running::said).collect()
    }
}

/// Dice that fall the same way for the same seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit.max(1)
    }
}
