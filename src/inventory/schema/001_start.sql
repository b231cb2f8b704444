-- SPDX-License-Identifier: Apache-2.0
-- For SQLite and PostgreSQL alike. Times are seconds since 1970; lists are
-- lines of one text; an empty text is "not known".

CREATE TABLE schema_version (
  version BIGINT NOT NULL PRIMARY KEY,
  product TEXT NOT NULL
);

CREATE TABLE settings (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE runs (
  id TEXT NOT NULL PRIMARY KEY,
  machine TEXT NOT NULL,
  scope TEXT NOT NULL,
  at BIGINT NOT NULL,
  complete BIGINT NOT NULL,
  keys BIGINT NOT NULL,
  places BIGINT NOT NULL
);

CREATE TABLE keys (
  fingerprint TEXT NOT NULL PRIMARY KEY,
  id TEXT NOT NULL,
  rule TEXT NOT NULL,
  provider TEXT NOT NULL,
  title TEXT NOT NULL,
  redacted TEXT NOT NULL,
  seen_environment TEXT NOT NULL,
  seen_tier TEXT NOT NULL,
  set_name TEXT NOT NULL,
  set_owner TEXT NOT NULL,
  set_environment TEXT NOT NULL,
  set_tier TEXT NOT NULL,
  labels TEXT NOT NULL,
  first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  verdict TEXT NOT NULL,
  verdict_evidence TEXT NOT NULL,
  checked_at BIGINT,
  fact_key_id TEXT NOT NULL,
  fact_name TEXT NOT NULL,
  fact_owner TEXT NOT NULL,
  fact_account TEXT NOT NULL,
  fact_scopes TEXT NOT NULL,
  fact_created BIGINT,
  fact_expires BIGINT,
  fact_last_used BIGINT
);
CREATE INDEX keys_by_id ON keys (id);

-- One row for each scope that saw the place. "place" is a digest of the texts
-- that make it, "origin" one of machine and scope: indexes want short keys.
CREATE TABLE places (
  fingerprint TEXT NOT NULL,
  place TEXT NOT NULL,
  origin TEXT NOT NULL,
  machine TEXT NOT NULL,
  path TEXT NOT NULL,
  client TEXT NOT NULL,
  server TEXT NOT NULL,
  slot TEXT NOT NULL,
  line BIGINT NOT NULL,
  kinds TEXT NOT NULL,
  first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  gone_at BIGINT,
  run TEXT NOT NULL,
  PRIMARY KEY (fingerprint, place, origin)
);
CREATE INDEX places_by_origin ON places (origin);

CREATE TABLE evidence (
  fingerprint TEXT NOT NULL,
  source TEXT NOT NULL,
  earliest BIGINT NOT NULL,
  latest BIGINT NOT NULL,
  PRIMARY KEY (fingerprint, source)
);

-- Each rotation twice: once for each of its keys.
CREATE TABLE rotations (
  fingerprint TEXT NOT NULL,
  at BIGINT NOT NULL,
  from_key TEXT NOT NULL,
  to_key TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (fingerprint, at, from_key, to_key)
);
