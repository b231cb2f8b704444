-- SPDX-License-Identifier: Apache-2.0
-- Digests of what providers show of a key (src/inventory/hints.h).

CREATE TABLE hints (
  fingerprint TEXT NOT NULL,
  hint TEXT NOT NULL,
  PRIMARY KEY (fingerprint, hint)
);
CREATE INDEX hints_by_hint ON hints (hint);

CREATE INDEX keys_by_key_id ON keys (fact_key_id);
