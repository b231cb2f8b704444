// SPDX-License-Identifier: Apache-2.0
#include "import/column_names.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace keytidy::imports {
namespace {

struct Names {
  Field field;
  Side side;
  bool inverted;
  std::string_view words;  // the most telling first
};

constexpr Names kNames[] = {
    {Field::kProvider, Side::kEither, false, "provider service vendor"},
    {Field::kHint, Side::kFirst, false,
     "prefix keyprefix tokenprefix apikeyprefix first8 firsteight"},
    {Field::kHint, Side::kLast, false,
     "last4 last8 lastfour lasteight suffix keysuffix tokensuffix tokenlast4 "
     "tokenlast8 tokenlastfour tokenlasteight keylast4 keylast8 keylastfour "
     "keylasteight last4characters last8characters lastcharacters"},
    {Field::kHint, Side::kEither, false,
     "hint keyhint tokenhint key apikey mcpkey token apitoken accesstoken "
     "apptoken secret secretkey secretkeyhint maskedkey maskedtoken "
     "maskedvalue redactedkey redactedvalue partialkey partialkeyhint "
     "truncatedkey truncatedtoken keypreview tokenpreview preview value"},
    {Field::kKeyId, Side::kEither, false,
     "keyid accesskeyid apikeyid tokenid credentialid "
     "authorizedcredentialid appid id uuid"},
    {Field::kName, Side::kEither, false,
     "name keyname tokenname apikeyname appname displayname label title "
     "authorizedcredentialnote note notes description comment"},
    {Field::kOwner, Side::kEither, false,
     "owner owneremail ownername user useremail username email login "
     "userlogin createdby createdbyemail issuedto userid"},
    {Field::kAccount, Side::kEither, false,
     "account accountname organization organisation workspace tenant team "
     "project"},
    {Field::kScopes, Side::kEither, false,
     "scopes scope permissions permission roles role accesslevel"},
    {Field::kCreated, Side::kEither, false,
     "created createdat createdate createdon createddate createdtime "
     "datecreated timecreated creationdate creationtime createtime issuedat"},
    {Field::kExpires, Side::kEither, false,
     "expires expiresat expireson expiresdate expirydate expiry expirytime "
     "expirationdate expirationtime expiration expire expireat expiredate "
     "validuntil validto authorizedcredentialexpiresat"},
    {Field::kLastUsed, Side::kEither, false,
     "lastused lastusedat lastusedon lastuseddate lastusedtime lastuse "
     "lastaccessed lastaccessedat lastaccess lastactivity lastactive "
     "lastactiveat lastseen credentialaccessedat"},
    {Field::kState, Side::kEither, false,
     "status state keystatus enabled isenabled active isactive valid"},
    {Field::kState, Side::kEither, true,
     "disabled isdisabled revoked isrevoked inactive"},
};

using Table = std::map<std::string_view, Column>;

Table MakeTable() {
  Table out;
  for (const Names& names : kNames) {
    std::string_view words = names.words;
    for (std::uint32_t rank = 0; !words.empty(); ++rank) {
      const std::string_view word = words.substr(0, words.find(' '));
      words.remove_prefix(std::min(words.size(), word.size() + 1));
      // What is said the other way round counts where the plain word does not.
      out.emplace(word, Column{names.field, names.side, names.inverted,
                               rank + (names.inverted ? 100 : 0)});
    }
  }
  return out;
}

// "(UTC)" behind a name says nothing here: times without a zone are UTC.
std::string_view WithoutZone(std::string_view folded) {
  for (const std::string_view zone : {"utc", "gmt"}) {
    if (folded.ends_with(zone) && folded.size() > zone.size()) {
      folded.remove_suffix(zone.size());
    }
  }
  return folded;
}

}  // namespace

std::string Folded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (IsAlnum(c)) out += ToLower(c);
  }
  return out;
}

std::optional<Column> ColumnNamed(std::string_view name) {
  static const Table table = MakeTable();
  constexpr std::size_t kLongest = 64;
  if (name.size() > kLongest) return std::nullopt;
  const std::string folded = Folded(name);
  const auto found = table.find(WithoutZone(folded));
  if (found == table.end()) return std::nullopt;
  return found->second;
}

std::optional<Column> ColumnForField(std::string_view field) {
  static const std::map<std::string_view, Column> kFields = {
      {"provider", {Field::kProvider}},
      {"hint", {Field::kHint}},
      {"first", {Field::kHint, Side::kFirst}},
      {"last", {Field::kHint, Side::kLast}},
      {"id", {Field::kKeyId}},
      {"name", {Field::kName}},
      {"owner", {Field::kOwner}},
      {"account", {Field::kAccount}},
      {"scopes", {Field::kScopes}},
      {"created", {Field::kCreated}},
      {"expires", {Field::kExpires}},
      {"last-used", {Field::kLastUsed}},
      {"status", {Field::kState}},
  };
  std::string wanted = Lowercase(field);
  for (char& c : wanted) {
    if (c == '_') c = '-';
  }
  const auto found = kFields.find(wanted);
  if (found == kFields.end()) return std::nullopt;
  return found->second;
}

std::string_view Name(Field field) {
  switch (field) {
    case Field::kProvider:
      return "provider";
    case Field::kHint:
      return "hint";
    case Field::kKeyId:
      return "id";
    case Field::kName:
      return "name";
    case Field::kOwner:
      return "owner";
    case Field::kAccount:
      return "account";
    case Field::kScopes:
      return "scopes";
    case Field::kCreated:
      return "created";
    case Field::kExpires:
      return "expires";
    case Field::kLastUsed:
      return "last-used";
    case Field::kState:
      return "status";
  }
  return {};
}

}  // namespace keytidy::imports
