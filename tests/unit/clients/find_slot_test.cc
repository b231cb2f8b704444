// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clients/contents.h"
#include "scene.h"

namespace keytidy::clients {
namespace {

ClientFile FileWithServers(std::vector<std::string> pointers) {
  ClientFile file;
  file.servers = std::move(pointers);
  return file;
}
// "slot" or "server slot" of what FindSlot finds; "none".
std::string Found(const Contents& contents, Span span, std::string_view text) {
  const auto slot = FindSlot(contents, span, text);
  if (!slot) return "none";
  return (slot->server == nullptr ? "" : slot->server->name + " ") +
         slot->value->slot;
}
Span SpanOf(const config::Document& document, std::string_view text) {
  const std::size_t at = document.text.find(text);
  EXPECT_NE(at, std::string::npos);
  return {at, at + text.size()};
}

TEST(FindSlot, BySpan) {
  const config::Document document =
      Json(R"({"key": "V1", "s": {"a": {"command": "x", "args": ["V2"],
               "env": {"K": "V3"}}, "b": {"env": {"K": "V4"}}}})");
  ClientFile file = FileWithServers({"/s"});
  file.secrets = {"/key"};
  const Contents contents = ReadContents({}, file, document);
  EXPECT_EQ(Found(contents, SpanOf(document, "V1"), "V1"), "key");
  EXPECT_EQ(Found(contents, SpanOf(document, "V2"), "V2"), "a args[0]");
  EXPECT_EQ(Found(contents, SpanOf(document, "V3"), "V3"), "a env.K");
  EXPECT_EQ(Found(contents, SpanOf(document, "V4"), "V4"), "b env.K");
}

TEST(FindSlot, SameTextAtAnotherPlace) {
  const config::Document document =
      Json(R"({"a": {"env": {"A": "V"}}, "b": "V"})");
  const Contents contents = ReadContents({}, FileWithServers({""}), document);
  const std::uint64_t last = document.text.rfind('V');
  EXPECT_EQ(Found(contents, {last, last + 1}, "V"), "none");
}

TEST(FindSlot, NamedValueOfACommandLine) {
  const config::Document document =
      Json(R"({"a": {"command": "x --key V --other W"}})");
  const Contents contents = ReadContents({}, FileWithServers({""}), document);
  const auto slot = FindSlot(contents, SpanOf(document, "V"), "V");
  ASSERT_TRUE(slot);
  EXPECT_EQ(slot->value->name, "key");
}

TEST(FindSlot, ByTextWhereThereAreNoSpans) {
  Contents contents;
  contents.servers.resize(1);
  contents.servers[0].name = "a";
  contents.servers[0].values.push_back(
      {SlotKind::kEnv, "env.K", "K", "Bearer V", {}, {}, false, {}});
  EXPECT_EQ(Found(contents, {5, 6}, "V"), "a env.K");
  EXPECT_EQ(Found(contents, {5, 6}, "W"), "none");
  EXPECT_EQ(Found(contents, {5, 5}, ""), "none");
}

TEST(FindSlot, NothingThere) {
  EXPECT_EQ(Found({}, {0, 1}, "V"), "none");
  const config::Document document = Json(R"({"a": {"env": {"A": "V"}}})");
  const Contents contents = ReadContents({}, FileWithServers({""}), document);
  const Span span = SpanOf(document, "\"V\"");
  EXPECT_EQ(Found(contents, span, "V"), "a env.A");
  EXPECT_EQ(Found(contents, {span.start - 1, span.end}, "V"), "none");
  EXPECT_EQ(Found(contents, {span.start, span.end + 1}, "V"), "none");
  EXPECT_EQ(Found(contents, {1'000'000, 1'000'001}, "V"), "none");
}

}  // namespace
}  // namespace keytidy::clients
