// SPDX-License-Identifier: Apache-2.0
#include "audit/processes.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "unit/clients/scene.h"
#include "unit/temp_dir.h"

namespace keytidy::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using clients::MadeKey;

// A program of /proc, with these texts, as a folder of its own.
clients::Contents Read(const TempDir& dir, const std::string& name,
                       std::string_view text) {
  FoundFile file;
  file.path = dir.Write("1/" + name, text);
  return ReadProcess(file, text);
}

std::string Nul(std::string_view text) {
  std::string out(text);
  std::replace(out.begin(), out.end(), '|', '\0');
  return out;
}

TEST(ReadProcess, Variables) {
  const TempDir dir;
  dir.Write("1/comm", "node\n");
  const std::string text = Nul("A=1|B=x=y|none|C=|");
  const clients::Contents contents = Read(dir, "environ", text);
  ASSERT_EQ(contents.servers.size(), 1U);
  const clients::Server& server = contents.servers[0];
  EXPECT_EQ(server.name, "node");
  EXPECT_EQ(server.command, "");
  EXPECT_THAT(clients::Shown(server.values),
              ElementsAre("env env.A A=1", "env env.B B=x=y", "env env.C C="));
  for (const clients::Value& value : server.values) {
    EXPECT_EQ(text.substr(value.span.start, value.span.size()), value.text);
  }
  EXPECT_THAT(contents.values, IsEmpty());
}

TEST(ReadProcess, TheCommandLine) {
  const TempDir dir;
  dir.Write("1/comm", "a (b) c\n");
  const std::string text = Nul("npx|-y||--token|k1|--api-key=k2|");
  const clients::Contents contents = Read(dir, "cmdline", text);
  ASSERT_EQ(contents.servers.size(), 1U);
  const clients::Server& server = contents.servers[0];
  EXPECT_EQ(server.name, "a (b) c");
  EXPECT_EQ(server.command, "npx");
  EXPECT_THAT(server.arguments,
              ElementsAre("-y", "", "--token", "k1", "--api-key=k2"));
  std::vector<std::string> seen;
  for (const clients::Value& value : server.values) {
    if (value.name != "token" && value.name != "api-key") continue;
    seen.push_back(fmt::format(
        "{} {} {}: {}", value.slot, value.name, value.text,
        std::string_view(text).substr(value.span.start, value.span.size())));
  }
  EXPECT_THAT(seen, ElementsAre("args[3] token k1: k1",
                                "args[4] api-key k2: --api-key=k2"));
}

TEST(ReadProcess, ProgramsWithoutAText) {
  const TempDir dir;
  for (const char* name : {"environ", "cmdline"}) {
    const clients::Contents contents = Read(dir, name, "");
    ASSERT_EQ(contents.servers.size(), 1U);
    EXPECT_EQ(contents.servers[0].name, "");
    EXPECT_EQ(contents.servers[0].command, "");
    EXPECT_THAT(contents.servers[0].values, IsEmpty());
  }
}

// Programs may write over their own command line.
TEST(ReadProcess, TextsWithoutAnEnd) {
  const TempDir dir;
  const auto title = Read(dir, "cmdline", "worker: idle");
  EXPECT_EQ(title.servers[0].command, "worker: idle");
  EXPECT_THAT(title.servers[0].arguments, IsEmpty());
  EXPECT_THAT(clients::Shown(Read(dir, "environ", "A=1").servers[0].values),
              ElementsAre("env env.A A=1"));
  EXPECT_THAT(Read(dir, "environ", Nul("||||")).servers[0].values, IsEmpty());
}

// A program that says that it runs, and then waits for the end of its input.
class Waiting {
 public:
  Waiting(const std::string& variable, const std::string& argument) {
    int in[2] = {-1, -1};
    int out[2] = {-1, -1};
    if (pipe(in) != 0 || pipe(out) != 0) std::abort();
    pid_ = fork();
    if (pid_ == 0) {
      dup2(in[0], 0);
      dup2(out[1], 1);
      for (const int fd : {in[0], in[1], out[0], out[1]}) close(fd);
      const char* environment[] = {variable.c_str(), nullptr};
      execle("/bin/sh", "sh", "-c", "echo; read x", "sh", argument.c_str(),
             nullptr, environment);
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    hold_ = in[1];
    char byte = 0;
    EXPECT_EQ(read(out[0], &byte, 1), 1);
    close(out[0]);
  }
  ~Waiting() {
    close(hold_);
    waitpid(pid_, nullptr, 0);
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = 0;
  int hold_ = -1;
};

std::string TextOf(const FoundFile& file) {
  std::ifstream in(file.path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(FindProcesses, AProgramThatRuns) {
  if (access("/proc/self/environ", R_OK) != 0) GTEST_SKIP() << "no /proc";
  const std::string key = MadeKey(24, 1);
  const std::string other = MadeKey(24, 2);
  const Waiting program("KRYTON_TOKEN=" + key, "--token=" + other);
  const std::string folder = fmt::format("/proc/{}/", program.pid());
  std::vector<std::string> seen;
  for (const FoundFile& file : FindProcesses()) {
    EXPECT_EQ(file.file->role, FileRole::kProcess);
    if (!file.path.starts_with(folder)) continue;
    EXPECT_EQ(file.display, file.path);
    const clients::Contents contents = ReadProcess(file, TextOf(file));
    ASSERT_EQ(contents.servers.size(), 1U);
    EXPECT_FALSE(contents.servers[0].name.empty());
    for (const clients::Value& value : contents.servers[0].values) {
      if (value.text == key) seen.push_back("environ " + value.name);
      if (value.text == other) seen.push_back("cmdline " + value.name);
    }
  }
  EXPECT_THAT(seen, ElementsAre("cmdline token", "environ KRYTON_TOKEN"));
}

TEST(FindProcesses, NotThisOne) {
  const std::string own = fmt::format("/proc/{}/", getpid());
  for (const FoundFile& file : FindProcesses()) {
    EXPECT_FALSE(file.path.starts_with(own)) << file.path;
  }
}

}  // namespace
}  // namespace keytidy::audit
