# One image for every role: docker build -t abiscope:local .

FROM rust:1.95-trixie AS chef
WORKDIR /build
RUN cargo install cargo-chef --version 0.1.78 --locked

# What there is to build, without the sources: dependencies are built anew only when this changes.
FROM chef AS planner
COPY . .
RUN cargo chef prepare --recipe-path recipe.json

FROM chef AS builder
COPY --from=planner /build/recipe.json recipe.json
RUN cargo chef cook --release --locked --package abiscope --recipe-path recipe.json
COPY . .
RUN cargo build --release --locked --package abiscope && strip target/release/abiscope

# Debian's smallest instead of an image without a shell: bash asks after the health, `docker compose exec` finds its way.
# No Postgres programs: `db export` is for private databases; a dump of this one is made where the server is, with its own
# pg_dump of the right version.
FROM debian:trixie-slim
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
# A volume that is mounted at /tables is made as this folder is.
RUN useradd --system --uid 10001 --user-group --no-create-home abiscope && install --directory --owner=10001 --group=10001 /tables
COPY --from=builder /build/target/release/abiscope /usr/local/bin/abiscope
COPY deploy/healthy /usr/local/bin/healthy
COPY LICENSE-APACHE LICENSE-MIT NOTICE /usr/share/doc/abiscope/
# The C library keeps what is freed apart for each of many threads: over a large survey that is a hundred megabytes.
ENV MALLOC_ARENA_MAX=2
USER 10001:10001
EXPOSE 8017 8018
ENTRYPOINT ["abiscope"]
