// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "verify/judge.h"

namespace keytidy::verify {
namespace {

constexpr std::string_view kKey = "kry_abcdefghijklmnop";

// Active: a row of the list that begins as the key does, with its facts.
Recipe RecipeOf() {
  Answer active;
  active.when.status = {{200, 200}};
  active.when.json = {{"/data", "@array"}};
  active.when.headers = {{"x-kind", "api"}};
  active.outcome = Outcome::kActive;
  active.says = "it is in the list";
  active.metadata.row = RowSelector{"/data", "/p", 8, 0, ""};
  active.metadata.name = "row:/name";
  active.metadata.scopes = "row:/scopes";
  active.metadata.created = "row:/at";
  Answer inactive;
  inactive.when.status = {{401, 401}};
  inactive.when.json = {{"%{where}", "bad"}};
  inactive.outcome = Outcome::kInactive;
  inactive.says = "it is bad";
  Recipe out;
  out.provider = "kryton";
  out.provider_name = "Kryton";
  out.parameters = {{"where", Parameter::Kind::kPointer, "its errors"}};
  Step step;
  step.answers = {active, inactive};
  out.steps = {Step(), step};
  return out;
}

Record RecordOf(int status, std::string body, Outcome outcome) {
  Record out;
  out.step = 1;
  out.status = status;
  out.headers = {{"X-Kind", "api"}};
  out.body = std::move(body);
  out.outcome = outcome;
  return out;
}

std::string Checked(const Record& record) {
  const auto ok = CheckRecord(RecipeOf(), record, kKey);
  if (ok) return "good";
  EXPECT_EQ(ok.error().code, ErrorCode::kInvalid);
  return ok.error().message;
}

Record Active() {
  Record out = RecordOf(
      200,
      R"({"data":[{"p":"x"},{"p":"%{first:8}","name":"ci of %{last:4}",)"
      R"("scopes":["a","b"],"at":1774951200}]})",
      Outcome::kActive);
  out.metadata = {{"name", "ci of %{last:4}"},
                  {"scopes", "a,b"},
                  {"created", "2026-03-31T10:00:00Z"},
                  {"expires", ""}};
  return out;
}

TEST(CheckRecord, WhatItSaysIsWhatComesOut) {
  EXPECT_EQ(Checked(Active()), "good");
  EXPECT_EQ(Checked(RecordOf(200, "<html>", Outcome::kUnknown)), "good");
}

TEST(CheckRecord, AnotherVerdict) {
  EXPECT_EQ(Checked(RecordOf(200, R"({"data":[]})", Outcome::kInactive)),
            "this record comes to active (it is in the list), not inactive");
  EXPECT_EQ(Checked(RecordOf(500, "", Outcome::kNext)),
            "this record comes to unknown (the server has an error of its "
            "own), not next");
}

TEST(CheckRecord, OtherMetadata) {
  Record record = Active();
  record.metadata = {{"name", "deploy"}};
  EXPECT_EQ(Checked(record), "'name' is read as 'ci of mnop', not 'deploy'");
  record.metadata = {{"created", "2026-03-31"}};
  EXPECT_EQ(Checked(record),
            "'created' is read as '2026-03-31T10:00:00Z', not '2026-03-31'");
  record.metadata = {{"colour", "red"}};
  EXPECT_EQ(Checked(record), "there is no metadata 'colour'");
}

TEST(CheckRecord, Parameters) {
  Record record = RecordOf(401, R"({"e":"bad"})", Outcome::kInactive);
  EXPECT_EQ(Checked(record),
            "this record comes to unknown (Kryton does not document its "
            "errors: set where under [verify.kryton] in your own "
            "configuration), not inactive");
  record.parameters = {{"where", "/e"}};
  EXPECT_EQ(Checked(record), "good");
}

TEST(CheckRecord, PartsOfAShortKeyAreAllOfIt) {
  Record record =
      RecordOf(200, R"({"data":[{"p":"%{first:99}"}]})", Outcome::kActive);
  record.metadata = {{"name", ""}};
  EXPECT_EQ(Checked(record), "good");
}

}  // namespace
}  // namespace keytidy::verify
