-- compatible_from: 1
-- One set for SQLite and PostgreSQL. Times are unix milliseconds; truth is 0 or 1; hashes and secrets are octets.

-- The lines of history: a new one begins when a backup was restored.
CREATE TABLE history (
  number bigint PRIMARY KEY,
  log_id text NOT NULL UNIQUE,
  began_at bigint NOT NULL,
  restored_at bigint
);

-- 'registry': its revision. 'revocation', 'audit': the last place in these logs.
CREATE TABLE counter (
  name text PRIMARY KEY,
  value bigint NOT NULL
);
INSERT INTO counter (name, value) VALUES ('registry', 0), ('revocation', 0), ('audit', 0);

-- What running programs have seen of the database, to notice that it was set back.
CREATE TABLE pulse (
  id text PRIMARY KEY,
  beat bigint NOT NULL,
  at bigint NOT NULL,
  program text NOT NULL
);

-- The registry. A removed entry stays, without document: its identifier is taken.
CREATE TABLE entry (
  kind bigint NOT NULL,
  id text NOT NULL,
  document text,
  secret bytea,
  revision bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (kind, id)
);
CREATE INDEX entry_revision ON entry (revision);

CREATE TABLE audit (
  sequence bigint PRIMARY KEY,
  at bigint NOT NULL,
  actor text NOT NULL,
  thumbprint text,
  address text,
  action text NOT NULL,
  kind bigint NOT NULL,
  id text NOT NULL,
  before text,
  after text
);
CREATE INDEX audit_entry ON audit (kind, id, sequence);

CREATE TABLE client_use (
  client_id text PRIMARY KEY,
  at bigint NOT NULL,
  grant_type text NOT NULL,
  resource text,
  binding text NOT NULL,
  address text
);

-- What counts no more, each once. The key is the SHA-256 of kind and value, because a value may be long.
CREATE TABLE revocation (
  key bytea PRIMARY KEY,
  sequence bigint NOT NULL UNIQUE,
  at bigint NOT NULL,
  kind bigint NOT NULL,
  value text NOT NULL,
  until bigint,
  reason text NOT NULL
);
CREATE INDEX revocation_until ON revocation (until);

-- Spent client assertions: the SHA-256 of client and jti.
CREATE TABLE assertion (
  key bytea PRIMARY KEY,
  expires_at bigint NOT NULL
);
CREATE INDEX assertion_expires_at ON assertion (expires_at);

-- log_id: one from another line of history may have been used in it, and is void.
CREATE TABLE pushed_request (
  hash bytea PRIMARY KEY,
  log_id text NOT NULL,
  client_id text NOT NULL,
  parameters text NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint
);
CREATE INDEX pushed_request_expires_at ON pushed_request (expires_at);

CREATE TABLE issued_grant (
  grant_id text PRIMARY KEY,
  client_id text NOT NULL,
  subject text NOT NULL,
  scope text NOT NULL,
  resources text NOT NULL,
  authenticated_at bigint NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  ended_at bigint
);
CREATE INDEX issued_grant_expires_at ON issued_grant (expires_at);
CREATE INDEX issued_grant_ended_at ON issued_grant (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE authorization_code (
  hash bytea PRIMARY KEY,
  log_id text NOT NULL,
  grant_id text NOT NULL REFERENCES issued_grant (grant_id),
  client_id text NOT NULL,
  redirect_uri text NOT NULL,
  redirect_uri_stated bigint NOT NULL,
  code_challenge text NOT NULL,
  dpop_jkt text,
  nonce text,
  expires_at bigint NOT NULL,
  redeemed_at bigint
);
CREATE INDEX authorization_code_grant_id ON authorization_code (grant_id);
CREATE INDEX authorization_code_expires_at ON authorization_code (expires_at);

CREATE TABLE refresh_token (
  hash bytea PRIMARY KEY,
  grant_id text NOT NULL REFERENCES issued_grant (grant_id),
  client_id text NOT NULL,
  dpop_jkt text,
  x5t_s256 text,
  issued_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  replaced_at bigint,
  sealed_successor bytea
);
CREATE INDEX refresh_token_grant_id ON refresh_token (grant_id);
CREATE INDEX refresh_token_expires_at ON refresh_token (expires_at);

-- The key is the SHA-256 of subject and client.
CREATE TABLE consent (
  key bytea PRIMARY KEY,
  subject text NOT NULL,
  client_id text NOT NULL,
  scopes text NOT NULL,
  at bigint NOT NULL
);
