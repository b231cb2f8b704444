// SPDX-License-Identifier: Apache-2.0
#include "verify/values.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace keytidy::verify {
namespace {

constexpr Escape kAll[] = {Escape::kNone, Escape::kUrl, Escape::kJson,
                           Escape::kForm};

std::string Filled(const Values& values, std::string_view text,
                   Escape escape = Escape::kNone, bool masked = false) {
  const auto out = values.Fill(text, escape, masked);
  EXPECT_TRUE(out) << out.error().message;
  return out.value_or("error");
}

TEST(Escaped, Url) {
  EXPECT_EQ(Escaped("aZ0-._~", Escape::kUrl), "aZ0-._~");
  EXPECT_EQ(Escaped("a b/c?d#e%f&g+h=i@j:k", Escape::kUrl),
            "a%20b%2Fc%3Fd%23e%25f%26g%2Bh%3Di%40j%3Ak");
  EXPECT_EQ(Escaped("\xC3\xA4\r\n\x7F", Escape::kUrl), "%C3%A4%0D%0A%7F");
  EXPECT_EQ(Escaped(std::string_view("\0\xFF", 2), Escape::kUrl), "%00%FF");
}

TEST(Escaped, Form) {
  EXPECT_EQ(Escaped("a b+c&d=e", Escape::kForm), "a+b%2Bc%26d%3De");
}

TEST(Escaped, Json) {
  EXPECT_EQ(Escaped("a\"b\\c/d", Escape::kJson), "a\\\"b\\\\c/d");
  EXPECT_EQ(Escaped("\n\x01\x1F", Escape::kJson), "\\u000a\\u0001\\u001f");
  EXPECT_EQ(Escaped("\xC3\xA4", Escape::kJson), "\xC3\xA4");
  EXPECT_EQ(Escaped("a\xFFz", Escape::kJson), "a\xEF\xBF\xBDz");
}

TEST(Escaped, None) { EXPECT_EQ(Escaped("a\"\n%", Escape::kNone), "a\"\n%"); }

TEST(Values, FillsEscapedForWhereItStands) {
  Values values;
  values.SetSecret("secret", "a/b \"c\"", "a…");
  values.Set("name", "x y");
  EXPECT_EQ(Filled(values, "Bearer %{secret}"), "Bearer a/b \"c\"");
  EXPECT_EQ(Filled(values, "/k/%{secret}?n=%{name}", Escape::kUrl),
            "/k/a%2Fb%20%22c%22?n=x%20y");
  EXPECT_EQ(Filled(values, "{\"k\":\"%{secret}\"}", Escape::kJson),
            "{\"k\":\"a/b \\\"c\\\"\"}");
  EXPECT_EQ(Filled(values, "k=%{secret}", Escape::kForm), "k=a%2Fb+%22c%22");
}

TEST(Values, RawGoesIntoUrlsAsItIsAndIsEscapedElsewhere) {
  Values values;
  values.SetRaw("base", "https://a.example/x\"y");
  EXPECT_EQ(Filled(values, "%{base}/z", Escape::kUrl),
            "https://a.example/x\"y/z");
  EXPECT_EQ(Filled(values, "%{base}", Escape::kJson),
            "https://a.example/x\\\"y");
  EXPECT_EQ(Filled(values, "%{base}", Escape::kForm),
            "https%3A%2F%2Fa.example%2Fx%22y");
}

TEST(Values, MaskedShowsOnlyWhatMayBeShown) {
  Values values;
  values.SetSecret("secret", "top-secret", "to********");
  values.SetSecret("other", "half", "****");
  values.Set("name", "n");
  EXPECT_EQ(Filled(values, "%{name}:%{secret}:%{other}", Escape::kNone, true),
            "n:to********:****");
}

TEST(Values, AMissingNameIsNamed) {
  Values values;
  values.Set("a", "1");
  for (const bool masked : {false, true}) {
    const auto out = values.Fill("%{a}%{path}", Escape::kUrl, masked);
    ASSERT_FALSE(out);
    EXPECT_EQ(out.error().code, ErrorCode::kNotFound);
    EXPECT_EQ(out.error().message, "path");
  }
}

TEST(Values, AnEmptyValueIsThere) {
  Values values;
  values.Set("token", "");
  EXPECT_TRUE(values.Has("token"));
  EXPECT_EQ(Filled(values, "[%{token}]"), "[]");
  EXPECT_FALSE(values.Has("other"));
  EXPECT_EQ(values.Get("other"), "");
}

TEST(Values, TheLastWordCounts) {
  Values values;
  values.SetSecret("x", "first", "*");
  values.Set("x", "second");
  EXPECT_EQ(values.Get("x"), "second");
  EXPECT_EQ(values.Mask("first second"), "first second");
}

TEST(Mask, EveryPlaceInEveryForm) {
  Values values;
  values.SetSecret("secret", "a/b c\"d", "****");
  EXPECT_EQ(values.Mask("a/b c\"d a/b c\"d"), "**** ****");
  EXPECT_EQ(values.Mask("/k/a%2Fb%20c%22d/x"), "/k/****/x");
  EXPECT_EQ(values.Mask("k=a%2Fb+c%22d&x"), "k=****&x");
  EXPECT_EQ(values.Mask("{\"k\":\"a/b c\\\"d\"}"), "{\"k\":\"****\"}");
  EXPECT_EQ(values.Mask("a/b"), "a/b");
}

TEST(Mask, LeavesWhatIsNoSecret) {
  Values values;
  values.Set("name", "visible");
  values.SetSecret("empty", "", "****");
  EXPECT_EQ(values.Mask("visible text"), "visible text");
}

// It ends, even where what is shown holds the key.
TEST(Mask, EndsWhereTheMaskHoldsTheKey) {
  Values values;
  values.SetSecret("secret", "a", "aaa");
  EXPECT_LT(values.Mask("xax").size(), 200u);
}

// One secret may stand within another.
TEST(Mask, TheLongerSecretIsMaskedWhole) {
  const std::string inner = "cdef";
  const std::string outer = "ab" + inner + "ghijklmnop";
  for (const auto& [first, second] :
       {std::pair(inner, outer), std::pair(outer, inner)}) {
    Values values;
    values.SetSecret("a", first, "****");
    values.SetSecret("b", second, "****");
    EXPECT_EQ(values.Mask("x " + outer + " y"), "x **** y");
  }
}

// Whatever stands before and behind it in what was encoded.
TEST(FormsOf, Base64AtEveryAlignment) {
  std::mt19937 random(5);
  const auto bytes = [&](std::size_t size) {
    std::string out;
    while (out.size() < size) out += static_cast<char>(random() % 256);
    return out;
  };
  for (std::size_t size = 6; size < 40; ++size) {
    const std::string key = bytes(size);
    const auto forms = FormsOf(key);
    Values values;
    values.SetSecret("secret", key, "****");
    for (std::size_t before = 0; before < 7; ++before) {
      for (std::size_t behind = 0; behind < 4; ++behind) {
        const std::string encoded = Base64(bytes(before) + key + bytes(behind));
        EXPECT_TRUE(std::any_of(forms.begin(), forms.end(),
                                [&](auto& form) {
                                  return encoded.find(form) !=
                                         std::string::npos;
                                }))
            << before << " and " << behind;
        EXPECT_TRUE(values.Holds("x" + encoded + "y"));
        EXPECT_NE(values.Mask(encoded).find("****"), std::string::npos);
      }
    }
  }
}

// A form says all of the key that the encoding tells: no more than two bits at
// either end are left open.
TEST(FormsOf, AreAsLongAsTheKeyAllows) {
  for (std::size_t size = 6; size < 40; ++size) {
    const auto forms = FormsOf(std::string(size, 'x'));
    ASSERT_EQ(forms.size(), 7u);
    for (std::size_t i = 4; i < 7; ++i) {
      EXPECT_GE(forms[i].size() * 6 + 10, size * 8) << size << ' ' << i;
    }
  }
}

// Of a short one its base64 would be found in any text.
TEST(FormsOf, ShortOnesAreNotLookedForInBase64) {
  EXPECT_EQ(FormsOf("abcde").size(), 4u);
  EXPECT_EQ(FormsOf("abcdef").size(), 7u);
  EXPECT_EQ(FormsOf("a b"),
            (std::vector<std::string>{"a b", "a%20b", "a b", "a+b"}));
}

TEST(FormsOf, BasicAuthentication) {
  Values values;
  values.SetSecret("secret", "hush-hush-hush", "****");
  EXPECT_TRUE(values.Holds("Basic " + Base64("user:hush-hush-hush")));
  EXPECT_TRUE(values.Holds("Basic " + Base64("hush-hush-hush:")));
  EXPECT_FALSE(values.Holds("Basic " + Base64("user:hush-hush")));
}

TEST(Holds, EveryFormOfEverySecret) {
  Values values;
  values.SetSecret("secret", "a/b c\"d", "****");
  values.SetSecret("half", "other/half", "****");
  values.SetSecret("empty", "", "****");
  values.Set("name", "visible");
  for (const std::string_view text :
       {"xa/b c\"dx", "a%2Fb%20c%22d", "a%2Fb+c%22d", "a/b c\\\"d",
        "other/half", "other%2Fhalf"}) {
    EXPECT_TRUE(values.Holds(text)) << text;
  }
  for (const std::string_view text : {"", "visible", "a/b", "other"}) {
    EXPECT_FALSE(values.Holds(text)) << text;
  }
}

// What would make a path lead elsewhere is put into no URL.
TEST(Values, NoPartOfAPathIsLeftOut) {
  for (const std::string_view text : {"", ".", ".."}) {
    Values values;
    values.Set("id", text);
    const auto out =
        values.Fill("https://a.example/keys/%{id}", Escape::kUrl, false);
    ASSERT_FALSE(out) << text;
    EXPECT_EQ(out.error().code, ErrorCode::kInvalid);
    EXPECT_EQ(out.error().message,
              "what was found as id would lead the request elsewhere");
    EXPECT_EQ(Filled(values, "{\"id\":\"%{id}\"}", Escape::kJson),
              "{\"id\":\"" + std::string(text) + "\"}");
  }
  Values values;
  values.Set("id", "../x");
  EXPECT_EQ(Filled(values, "/keys/%{id}", Escape::kUrl), "/keys/..%2Fx");
  values.Set("id", "...");
  EXPECT_EQ(Filled(values, "/keys/%{id}", Escape::kUrl), "/keys/...");
  values.SetRaw("base", "");
  EXPECT_EQ(Filled(values, "%{base}/x", Escape::kUrl), "/x");
}

// Any key, in any text, in any form: it never stays.
TEST(Mask, NeverLeavesTheKey) {
  constexpr std::string_view kBytes =
      "abcXYZ019-._~ /+=&%?#\"\\<>'\n\t\x01\x7F\x80\xC3\xA4\xFF";
  std::mt19937 random(3);
  const auto text = [&](std::size_t size) {
    std::string out;
    while (out.size() < size) out += kBytes[random() % kBytes.size()];
    return out;
  };
  for (int i = 0; i < 3000; ++i) {
    const std::string key = text(6 + random() % 20);
    Values values;
    values.SetSecret("secret", key, "****");
    std::string all = text(random() % 8);
    for (int n = 0; n < 4; ++n) {
      all += Escaped(key, kAll[random() % 4]) + text(random() % 8);
    }
    const std::string masked = values.Mask(all);
    for (const Escape escape : kAll) {
      ASSERT_EQ(masked.find(Escaped(key, escape)), std::string::npos)
          << testing::PrintToString(key) << " in "
          << testing::PrintToString(all);
    }
  }
}

}  // namespace
}  // namespace keytidy::verify
