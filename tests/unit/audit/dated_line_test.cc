// SPDX-License-Identifier: Apache-2.0
#include "audit/dated_line.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <string_view>

#include "unit/temp_dir.h"

namespace keytidy::audit {
namespace {

constexpr std::string_view kKey = "KEY";

std::string Shown(const std::optional<std::int64_t>& at) {
  return at ? std::to_string(*at) : "-";
}
std::string DateIn(std::string_view text) {
  return Shown(DateOfLine(text, text.find(kKey)));
}

TEST(DateOfLine, ZshExtendedHistory) {
  EXPECT_EQ(DateIn(": 1690000000:0;export A=KEY\n"), "1690000000");
  EXPECT_EQ(DateIn(": 1690000000:0;ls\n: 1690000007:12;export A=KEY"),
            "1690000007");
  // A command of several lines.
  EXPECT_EQ(DateIn(": 1690000000:0;curl \\\n -H \\\n KEY\n: 1700000000:0;ls\n"),
            "1690000000");
  EXPECT_EQ(DateIn(": 1690000000:0;curl\n KEY\n"), "-");
  EXPECT_EQ(DateIn("export A=KEY\n: 1690000000:0;ls\n"), "-");
}

TEST(DateOfLine, BashHistory) {
  EXPECT_EQ(DateIn("#1690000000\nexport A=KEY\n"), "1690000000");
  EXPECT_EQ(DateIn("#1690000000\r\nexport A=KEY\r\n"), "1690000000");
  // Of the line before alone: what is not dated is not guessed.
  EXPECT_EQ(DateIn("#1690000000\nls\nexport A=KEY\n"), "-");
  EXPECT_EQ(DateIn("# 1690000000\nexport A=KEY\n"), "-");
  EXPECT_EQ(DateIn("#1690000000 or so\nexport A=KEY\n"), "-");
  EXPECT_EQ(DateIn("export A=KEY\n#1690000000\n"), "-");
}

TEST(DateOfLine, FishHistory) {
  EXPECT_EQ(DateIn("- cmd: ls\n  when: 1680000000\n- cmd: set A KEY\n"
                   "  when: 1690000000\n  paths:\n    - a\n"),
            "1690000000");
  EXPECT_EQ(DateIn("- cmd: set A KEY\n  when: soon\n"), "-");
  EXPECT_EQ(DateIn("- cmd: set A KEY"), "-");
  EXPECT_EQ(DateIn("- cmd: set A KEY\n- cmd: ls\n  when: 1690000000\n"), "-");
}

TEST(DateOfLine, Transcripts) {
  EXPECT_EQ(DateIn(R"({"type":"user","message":{"content":"KEY"},)"
                   R"("timestamp":"2026-03-31T10:00:00.123Z"})"
                   "\n"),
            "1774951200");
  EXPECT_EQ(DateIn(R"({"timestamp":1774951200123,"display":"KEY"})"),
            "1774951200");
  EXPECT_EQ(DateIn(R"({"session_id":"x","ts": 1774951200 ,"text":"KEY"})"),
            "1774951200");
  EXPECT_EQ(DateIn("{\"timestamp\":\"2020-01-01T00:00:00Z\"}\n"
                   "{\"text\":\"KEY\"}\n"),
            "-");
}

TEST(DateOfLine, OnlyItsOwnTimestamp) {
  // Within another object, in a text, as a value, of another kind.
  EXPECT_EQ(DateIn(R"({"a":{"timestamp":1774951200},"b":"KEY"})"), "-");
  EXPECT_EQ(DateIn(R"({"b":"KEY \",\"timestamp\":1774951200,\""})"), "-");
  EXPECT_EQ(DateIn(R"({"b":"timestamp","c":1774951200,"d":"KEY"})"), "-");
  EXPECT_EQ(DateIn(R"({"timestamp":{"at":1774951200},"d":"KEY"})"), "-");
  EXPECT_EQ(DateIn(R"({"timestamp":null,"d":"KEY"})"), "-");
  EXPECT_EQ(DateIn(R"(["timestamp",1774951200,"KEY"])"), "-");
  EXPECT_EQ(DateIn(R"({"a":[{"x":1}],"timestamp":1774951200,"d":"KEY"})"),
            "1774951200");
}

TEST(DateOfLine, WhatIsCutOrOdd) {
  for (const char* text :
       {"KEY", "KEY\n", "\nKEY", "{\"timestamp\":KEY", "{\"timestamp\":\"KEY",
        "{\"timestamp\" KEY", "{\"timestamp\":,KEY}", "{KEY\\", "}KEY{",
        ": 1690000000KEY", ": 16900000000:0;KEY", ": 169:0;KEY", "#\nKEY"}) {
    EXPECT_EQ(DateIn(text), "-") << text;
  }
}

class DatedLogTest : public testing::Test {
 protected:
  std::string DateIn(const std::string& text) {
    const std::string path = dir_.path() + "/log";
    std::ofstream(path, std::ios::binary) << text;
    DatedLog log(path);
    const std::size_t at = text.find(kKey);
    return Shown(log.DateOf({at, at + kKey.size()},
                            [](std::string_view s) { return s == kKey; }));
  }
  TempDir dir_;
};

TEST_F(DatedLogTest, LinesFarFromEitherEnd) {
  std::string before, after;
  for (int i = 0; i < 4000; ++i) {
    before += ": 1600000000:0;a command like many\n";
    after += ": 1700000000:0;a command like many\n";
  }
  EXPECT_EQ(DateIn(before + ": 1690000000:0;KEY\n" + after), "1690000000");
  EXPECT_EQ(DateIn(": 1690000000:0;KEY\n" + after), "1690000000");
  EXPECT_EQ(DateIn(before + ": 1690000000:0;KEY"), "1690000000");
}

TEST_F(DatedLogTest, LongLines) {
  const std::string long_text(100 << 10, 'x');
  const std::string line = "{\"a\":\"" + long_text + "KEY" + long_text +
                           "\",\"timestamp\":1774951200}\n";
  EXPECT_EQ(DateIn("{}\n" + line + "{}\n"), "1774951200");
  const std::string huge(600 << 10, 'x');
  EXPECT_EQ(DateIn("{}\n{\"a\":\"" + huge + "KEY\",\"ts\":1774951200}\n{}\n"),
            "-");
}

TEST_F(DatedLogTest, AKeyThatIsNoMoreThere) {
  const std::string path = dir_.path() + "/log";
  std::ofstream(path) << ": 1690000000:0;OTHER\n";
  const auto is_key = [](std::string_view s) { return s == kKey; };
  EXPECT_EQ(Shown(DatedLog(path).DateOf({15, 18}, is_key)), "-");
  EXPECT_EQ(Shown(DatedLog(path).DateOf({15, 9999}, is_key)), "-");
  EXPECT_EQ(Shown(DatedLog(dir_.path() + "/none").DateOf({0, 3}, is_key)), "-");
}

}  // namespace
}  // namespace keytidy::audit
