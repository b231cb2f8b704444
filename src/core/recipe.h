// SPDX-License-Identifier: Apache-2.0
//
// A recipe: how to ask a provider whether a key is alive, and how to revoke or
// replace it. Plain data, read from the rule files when a key is to be
// verified and never before; docs/verify.md explains every field.
//
// Texts marked "template" may hold %{name}: `secret` (the key), `base`,
// `time` (seconds since 1970), and the names of parameters, companions, asked
// and saved values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/finding.h"

namespace keytidy {

// In the order of the file.
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

// What an answer has to be for a rule of the recipe to apply; all that is set
// must hold.
struct Condition {
  struct StatusRange {
    int first = 0;
    int last = 0;  // inclusive
  };
  std::vector<StatusRange> status;
  NamedTexts headers;  // lower-case name -> glob over the value
  // JSON pointer (template) -> what stands there: "@string", "@number",
  // "@bool", "@array", "@object", "@null", "@any" (there, and not null),
  // "@absent" (not there, null or empty), or a glob over a string, number,
  // true or false.
  NamedTexts json;
  std::vector<std::string> text;  // each must be in the body
  bool empty_body = false;
};

// The row of a list that speaks of this key: the one whose `field` begins with
// the key's first bytes, or ends with its last, or equals a value.
struct RowSelector {
  std::string in;     // pointer to an array
  std::string field;  // pointer within an item
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::string equals;  // template
};

// Where in the answer a value stands: a JSON pointer, "row:" and a pointer
// within the row, or "header:" and a name. Empty: not told.
struct MetadataFields {
  std::optional<RowSelector> row;
  std::string key_id;
  std::string name;
  std::string owner;
  std::string account;
  std::string scopes;
  std::string created;
  std::string expires;
  std::string last_used;
};

enum class Outcome : std::uint8_t {
  kActive,
  kInactive,
  kUnknown,
  kNext  // go on with the next step; after the last one the procedure worked
};

struct Answer {
  Condition when;
  Outcome outcome = Outcome::kUnknown;
  std::string says;   // one sentence: what the answer proves
  bool stop = false;  // send nothing more to this host in this run
  MetadataFields metadata;
  NamedTexts save;  // name -> where it stands, for later steps
};

struct Signature {
  enum class Kind : std::uint8_t { kNone, kAwsSigV4, kHmacSha256 };
  enum class Encoding : std::uint8_t { kHex, kBase64 };
  Kind kind = Kind::kNone;
  // AWS Signature Version 4.
  std::string service;
  std::string region;
  std::string key_id;  // template
  // HMAC with the key over `message`, sent in `header`.
  std::string header;
  std::string message;  // template
  Encoding encoding = Encoding::kHex;
  bool base64_key = false;  // the key is the base64 of the HMAC's key
};

struct Step {
  std::string title;  // what it does, for a person
  std::string method = "GET";
  std::string url;     // template
  NamedTexts headers;  // value: template
  std::string basic;   // template "user:password"; empty: none
  NamedTexts form;     // value: template; sent as x-www-form-urlencoded
  std::string json;    // template; strings are escaped for JSON
  std::string body;    // template; sent as it is
  Signature sign;
  bool writes = false;  // changes something at the provider; never sent again
  std::vector<Answer> answers;  // the first that applies decides
};

// A value that only the user's own configuration knows: [verify.PROVIDER].
struct Parameter {
  enum class Kind : std::uint8_t { kPath, kPointer, kWord };
  std::string name;
  Kind kind = Kind::kWord;
  std::string what;  // for the message where it is missing
};

// Another key that has to be known too: the nearest of one of these kinds in
// the same file.
struct Companion {
  std::string name;
  std::vector<std::string> rules;
  std::uint32_t within = 0;  // bytes
  bool optional = false;
};

// The server is the user's own, or one of many: named by the user, never
// guessed.
struct Base {
  std::vector<std::string> names;  // of variables that hold it beside the key
  std::vector<std::string> hosts;  // globs it has to match; none: any
  std::string otherwise;           // where the user names none
};

// Kinds whose shape other providers use too: they are sent only where one of
// the words stands near the key.
struct Near {
  std::vector<std::string> rules;
  std::vector<std::string> words;  // lower case
};

struct Limit {
  std::uint32_t most = 0;  // 0: none
  std::uint32_t seconds = 0;
};

struct Limits {
  Limit requests;             // to one host
  Limit failures;             // answers that refuse the key, from one host
  std::uint32_t at_once = 2;  // requests to one host
  std::string delay_text;     // "Retry after %{seconds}s"
};

// A value that a person gives.
struct Question {
  std::string name;
  std::string ask;
  std::string env;
  bool hidden = false;
  bool optional = false;  // taken from `env` alone, and may be missing
};

struct Procedure {
  std::vector<Question> needs;
  std::vector<Step> steps;           // empty: only by hand
  std::vector<std::string> by_hand;  // what a person has to do, or look at
};

// The provider's own list of keys: a procedure with a credential of its own,
// whose last step answers with rows. Places are JSON pointers within a row, and
// templates: where the provider does not document a field, the user's
// configuration names it.
struct Listing {
  Procedure procedure;  // its last step is asked again for every page
  std::string rows;     // pointer to an array
  // What a row shows of its key. Of the text at `hint` the first or last bytes
  // count, or (neither) all of it, as it is no secret.
  std::string hint;
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  // So many rows make a full page, after which %{page} is the next; 0: there is
  // one page only.
  std::uint32_t per_page = 0;
  MetadataFields fields;  // without a row of its own
  std::string state;      // whether the key is in use
  NamedTexts never;       // as Condition::json: then it never expires
};

struct Recipe {
  std::string id;
  std::string provider;
  std::string provider_name;
  std::vector<std::string> rules;
  std::vector<std::string> sources;
  std::optional<Base> base;
  Near near;
  std::vector<Parameter> parameters;
  std::vector<Companion> companions;
  Limits limits;
  std::string caution;  // what asking changes ("last used" is overwritten)
  std::vector<Step> steps;
  std::optional<Procedure> revoke;
  std::optional<Procedure> replace;
  std::optional<Listing> list;
};

// An answer as the provider documents it, and what it must come to.
struct Record {
  std::size_t step = 0;
  int status = 0;
  NamedTexts headers;
  std::string body;
  Outcome outcome = Outcome::kUnknown;
  NamedTexts metadata;  // field -> text; scopes joined by a comma
  NamedTexts parameters;
  std::string secret;  // template of examples; may be empty
};

}  // namespace keytidy
