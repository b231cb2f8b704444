// SPDX-License-Identifier: Apache-2.0
#include "verify/audit_log.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "unit/temp_dir.h"

namespace keytidy::verify {
namespace {

using Lines = std::vector<std::string>;

AuditEntry Sent() {
  AuditEntry out;
  out.time = 1774951200;
  out.event = "sent";
  out.id = "kt-0123456789abcdef";
  out.rule = "kryton-api-key";
  out.method = "GET";
  out.host = "notes.example.com";
  out.path = "/api/me";
  return out;
}

constexpr std::string_view kSent =
    R"({"time":"2026-03-31T10:00:00Z","event":"sent",)"
    R"("id":"kt-0123456789abcdef","rule":"kryton-api-key","method":"GET",)"
    R"("host":"notes.example.com","path":"/api/me"})";

mode_t ModeOf(const std::string& path) {
  struct stat info = {};
  EXPECT_EQ(stat(path.c_str(), &info), 0) << path;
  return info.st_mode & 07777;
}

Lines LinesOf(std::string_view text) {
  Lines out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

void Write(const std::string& path, const AuditEntry& entry = Sent()) {
  auto log = AuditLog::Open(path);
  ASSERT_TRUE(log) << log.error().message;
  const auto ok = log->Write(entry);
  ASSERT_TRUE(ok) << ok.error().message;
}

std::string ErrorOf(const std::string& path) {
  const auto log = AuditLog::Open(path);
  if (log) return "no error";
  EXPECT_EQ(log.error().code, ErrorCode::kInvalid);
  return log.error().message;
}

TEST(AuditLog, ALineForEachEvent) {
  const TempDir dir;
  const std::string path = dir / "requests.jsonl";
  Write(path);
  AuditEntry answered = Sent();
  answered.event = "answered";
  answered.status = 200;
  answered.verdict = "active";
  Write(path, answered);
  AuditEntry failed = Sent();
  failed.event = "failed";
  failed.reason = "no route";
  Write(path, failed);
  const std::string head(kSent.substr(0, kSent.find("sent")));
  const std::string tail(kSent.substr(kSent.find("sent") + 4,
                                      kSent.size() - kSent.find("sent") - 5));
  EXPECT_EQ(
      LinesOf(dir.Read("requests.jsonl")),
      (Lines{std::string(kSent),
             head + "answered" + tail + R"(,"status":200,"verdict":"active"})",
             head + "failed" + tail + R"(,"reason":"no route"})"}));
}

TEST(AuditLog, FileAndFoldersAreTheUsersAlone) {
  const TempDir dir;
  Write(dir / "state/keytidy/requests.jsonl");
  EXPECT_EQ(ModeOf(dir / "state"), 0700u);
  EXPECT_EQ(ModeOf(dir / "state/keytidy"), 0700u);
  EXPECT_EQ(ModeOf(dir / "state/keytidy/requests.jsonl"), 0600u);
}

TEST(AuditLog, AFileOpenToOthersIsRefused) {
  const TempDir dir;
  const std::string path = dir.Write("requests.jsonl", "{}\n");
  for (const mode_t mode : {0644u, 0640u, 0604u, 0620u, 0602u, 0610u, 0666u}) {
    chmod(path.c_str(), mode);
    EXPECT_EQ(ErrorOf(path), path +
                                 ": must be yours alone (mode 0600) to hold "
                                 "the record of requests");
  }
  EXPECT_EQ(dir.Read("requests.jsonl"), "{}\n");
  chmod(path.c_str(), 0600);
  EXPECT_EQ(ErrorOf(path), "no error");
}

TEST(AuditLog, SomebodyElsesFileIsRefused) {
  if (geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  const TempDir dir;
  const std::string path = dir.Write("requests.jsonl", "");
  chmod(path.c_str(), 0600);
  ASSERT_EQ(chown(path.c_str(), 12345, 12345), 0);
  EXPECT_EQ(ErrorOf(path),
            path +
                ": must be yours alone (mode 0600) to hold the record of "
                "requests");
}

TEST(AuditLog, ASymbolicLinkIsRefused) {
  const TempDir dir;
  const std::string target = dir.Write("target", "");
  chmod(target.c_str(), 0600);
  const std::string path = dir.Symlink("requests.jsonl", target);
  EXPECT_EQ(ErrorOf(path), path + ": is a symbolic link");
  const std::string dangling = dir.Symlink("dangling", dir / "none");
  EXPECT_EQ(ErrorOf(dangling), dangling + ": is a symbolic link");
  EXPECT_EQ(dir.Read("target"), "");
  EXPECT_EQ(dir.Names(), (Lines{"dangling", "requests.jsonl", "target"}));
}

TEST(AuditLog, APipeIsRefusedAndDoesNotBlock) {
  const TempDir dir;
  const std::string path = dir.Fifo("requests.jsonl");
  EXPECT_EQ(ErrorOf(path), path + ": is no regular file");
}

TEST(AuditLog, OtherThingsAreRefused) {
  const TempDir dir;
  EXPECT_FALSE(AuditLog::Open(dir.Directory("folder")));
  EXPECT_FALSE(AuditLog::Open(dir.Socket("socket")));
  EXPECT_FALSE(AuditLog::Open("/dev/null"));
  dir.Write("file", "");
  EXPECT_FALSE(AuditLog::Open(dir / "file/requests.jsonl"));
}

TEST(AuditLog, ATornLastLineIsEnded) {
  const TempDir dir;
  const std::string torn(kSent.substr(0, 40));
  const std::string path =
      dir.Write("requests.jsonl", std::string(kSent) + "\n" + torn);
  chmod(path.c_str(), 0600);
  Write(path);
  EXPECT_EQ(LinesOf(dir.Read("requests.jsonl")),
            (Lines{std::string(kSent), torn, std::string(kSent)}));
}

TEST(AuditLog, AWholeLastLineIsLeftAlone) {
  const TempDir dir;
  const std::string path = dir.Write("requests.jsonl", "{}\n");
  chmod(path.c_str(), 0600);
  ASSERT_TRUE(AuditLog::Open(path));
  EXPECT_EQ(dir.Read("requests.jsonl"), "{}\n");
}

// A path or a reason that holds anything stays one line of JSON.
TEST(AuditLog, HostileTexts) {
  const TempDir dir;
  const std::string path = dir / "requests.jsonl";
  AuditEntry entry = Sent();
  entry.path = "/a\n{\"event\":\"sent\"}\r\x1B\"\\";
  entry.reason = "a\xFF\xFEz";
  Write(path, entry);
  const Lines lines = LinesOf(dir.Read("requests.jsonl"));
  ASSERT_EQ(lines.size(), 1u);
  const auto json = nlohmann::json::parse(lines[0]);
  EXPECT_EQ(json["path"], std::string(entry.path));
  EXPECT_EQ(json["reason"], "a\xEF\xBF\xBD\xEF\xBF\xBDz");
}

// So that what runs at the same time, threads or processes, leaves whole lines.
void WriteMany(const std::string& path, int who, int count) {
  auto log = AuditLog::Open(path);
  if (!log) std::abort();
  const std::string text(static_cast<std::size_t>(200 + who), 'x');
  for (int i = 0; i < count; ++i) {
    AuditEntry entry = Sent();
    const std::string rule = fmt::format("{}-{}", who, i);
    entry.rule = rule;
    entry.path = text;
    if (!log->Write(entry)) std::abort();
  }
}

void CheckMany(const TempDir& dir, int writers, int count) {
  std::vector<int> next(static_cast<std::size_t>(writers));
  int lines = 0;
  for (const std::string& line : LinesOf(dir.Read("requests.jsonl"))) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    ASSERT_TRUE(json.is_object()) << line;
    const std::string rule = json["rule"];
    const std::size_t dash = rule.find('-');
    const auto who = static_cast<std::size_t>(std::stoi(rule.substr(0, dash)));
    // Each writer's lines are in order.
    ASSERT_EQ(std::stoi(rule.substr(dash + 1)), next.at(who)++);
    ASSERT_EQ(json["path"].get<std::string>().size(), 200 + who);
    ++lines;
  }
  EXPECT_EQ(lines, writers * count);
}

TEST(AuditLog, ThreadsLeaveWholeLines) {
  const TempDir dir;
  std::vector<std::thread> threads;
  for (int who = 0; who < 4; ++who) {
    threads.emplace_back(WriteMany, dir / "requests.jsonl", who, 200);
  }
  for (std::thread& thread : threads) thread.join();
  CheckMany(dir, 4, 200);
}

TEST(AuditLog, ProcessesLeaveWholeLines) {
  const TempDir dir;
  const std::string path = dir / "requests.jsonl";
  std::vector<pid_t> children;
  for (int who = 0; who < 4; ++who) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      WriteMany(path, who, 200);
      _exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  CheckMany(dir, 4, 200);
}

class DefaultAuditLogTest : public testing::Test {
 protected:
  void SetUp() override {
    Keep("XDG_STATE_HOME", &state_);
    Keep("HOME", &home_);
  }
  void TearDown() override {
    Restore("XDG_STATE_HOME", state_);
    Restore("HOME", home_);
  }

 private:
  static void Keep(const char* name, std::optional<std::string>* into) {
    if (const char* value = std::getenv(name)) *into = value;
  }
  static void Restore(const char* name,
                      const std::optional<std::string>& value) {
    if (value) {
      setenv(name, value->c_str(), 1);
    } else {
      unsetenv(name);
    }
  }
  std::optional<std::string> state_;
  std::optional<std::string> home_;
};

TEST_F(DefaultAuditLogTest, ByTheEnvironment) {
  setenv("HOME", "/home/ada", 1);
  setenv("XDG_STATE_HOME", "/state", 1);
  EXPECT_EQ(DefaultAuditLog(), "/state/keytidy/requests.jsonl");
  setenv("XDG_STATE_HOME", "state", 1);
  EXPECT_EQ(DefaultAuditLog(), "/home/ada/.local/state/keytidy/requests.jsonl");
  unsetenv("XDG_STATE_HOME");
  EXPECT_EQ(DefaultAuditLog(), "/home/ada/.local/state/keytidy/requests.jsonl");
  setenv("HOME", "ada", 1);
  EXPECT_EQ(DefaultAuditLog(), "");
  unsetenv("HOME");
  EXPECT_EQ(DefaultAuditLog(), "");
}

}  // namespace
}  // namespace keytidy::verify
