// SPDX-License-Identifier: Apache-2.0
#include "rules/guide_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "rules/recipe_file.h"

namespace keytidy::rules {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string FileWith(const std::string& guide) {
  return "provider = 'acme'\nname = 'Acme'\n\n[[guide]]\n" + guide;
}

constexpr const char* kGood = R"(rules = ["acme-key"]
sources = ["https://acme.example/docs"]
create = ["Make it.", "Copy it."]
revoke = ["End it."]
review = ["Look."]

[[guide.log]]
log = "the audit log"
filter = "key=%{key_id} name=%{name} from=%{since} 100%"
shows = "what it did"
)";

TEST(GuideReader, ReadsEveryField) {
  const auto file = ReadRecipes("acme.toml", FileWith(kGood));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->provider, "acme");
  ASSERT_EQ(file->guides.size(), 1u);
  const RotationGuide& guide = file->guides[0];
  EXPECT_THAT(guide.rules, ElementsAre("acme-key"));
  EXPECT_THAT(guide.sources, ElementsAre("https://acme.example/docs"));
  EXPECT_THAT(guide.create, ElementsAre("Make it.", "Copy it."));
  EXPECT_THAT(guide.revoke, ElementsAre("End it."));
  EXPECT_THAT(guide.review, ElementsAre("Look."));
  ASSERT_EQ(guide.logs.size(), 1u);
  EXPECT_EQ(guide.logs[0].filter,
            "key=%{key_id} name=%{name} from=%{since} 100%");
  EXPECT_EQ(file->guide_places[0].line, 4u);
}

struct Case {
  const char* what;
  const char* from;  // of kGood
  const char* to;
  const char* said;
};

class WrongGuide : public testing::TestWithParam<Case> {};

TEST_P(WrongGuide, IsSaidWithItsPlace) {
  std::string guide = kGood;
  const std::size_t at = guide.find(GetParam().from);
  ASSERT_NE(at, std::string::npos);
  guide.replace(at, std::string(GetParam().from).size(), GetParam().to);
  const auto file = ReadRecipes("acme.toml", FileWith(guide));
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(file.error().message, HasSubstr("acme.toml:"));
  EXPECT_THAT(file.error().message, HasSubstr(GetParam().said));
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongGuide,
    testing::Values(
        Case{"NoRules", "rules = [\"acme-key\"]\n", "",
             "'rules' must hold at least one text"},
        Case{"NothingToCreate", "create = [\"Make it.\", \"Copy it.\"]",
             "create = []", "'create' must hold at least one text"},
        Case{"NothingToRevoke", "revoke = [\"End it.\"]\n", "",
             "'revoke' must hold at least one text"},
        Case{"UnknownName", "%{since}", "%{day}", "there is no %{day}"},
        Case{"NoFilter", "filter =", "fliter =", "did you mean 'filter'?"},
        Case{"WrongType", "review = [\"Look.\"]", "review = 7", "review"}),
    [](const auto& one) { return std::string(one.param.what); });

TEST(GuideReader, AKindOfKeyHasOneGuide) {
  const auto file = ReadRecipes(
      "acme.toml", FileWith(kGood) + "\n[[guide]]\n" + std::string(kGood));
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message,
              HasSubstr("'acme-key' already has a guide"));
}

}  // namespace
}  // namespace keytidy::rules
