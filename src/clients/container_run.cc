// SPDX-License-Identifier: Apache-2.0
#include "clients/container_run.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "base/text.h"
#include "clients/flags.h"

namespace keytidy::clients {
namespace {

// docker-run(1), podman-run(1): those that take a value.
constexpr std::string_view kTaking[] = {
    "--add-host",
    "--annotation",
    "--arch",
    "--attach",
    "--authfile",
    "--blkio-weight",
    "--blkio-weight-device",
    "--cap-add",
    "--cap-drop",
    "--cgroup-conf",
    "--cgroup-parent",
    "--cgroupns",
    "--cgroups",
    "--cidfile",
    "--conmon-pidfile",
    "--cpu-count",
    "--cpu-percent",
    "--cpu-period",
    "--cpu-quota",
    "--cpu-rt-period",
    "--cpu-rt-runtime",
    "--cpu-shares",
    "--cpus",
    "--cpuset-cpus",
    "--cpuset-mems",
    "--detach-keys",
    "--device",
    "--device-cgroup-rule",
    "--device-read-bps",
    "--device-read-iops",
    "--device-write-bps",
    "--device-write-iops",
    "--dns",
    "--dns-opt",
    "--dns-option",
    "--dns-search",
    "--domainname",
    "--entrypoint",
    "--env",
    "--env-file",
    "--expose",
    "--gidmap",
    "--gpus",
    "--group-add",
    "--health-cmd",
    "--health-interval",
    "--health-retries",
    "--health-start-interval",
    "--health-start-period",
    "--health-timeout",
    "--hostname",
    "--hostuser",
    "--io-maxbandwidth",
    "--io-maxiops",
    "--ip",
    "--ip6",
    "--ipc",
    "--isolation",
    "--kernel-memory",
    "--label",
    "--label-file",
    "--link",
    "--link-local-ip",
    "--log-driver",
    "--log-opt",
    "--mac-address",
    "--memory",
    "--memory-reservation",
    "--memory-swap",
    "--memory-swappiness",
    "--mount",
    "--name",
    "--net",
    "--net-alias",
    "--network",
    "--network-alias",
    "--oom-score-adj",
    "--os",
    "--passwd-entry",
    "--pid",
    "--pidfile",
    "--pids-limit",
    "--platform",
    "--pod",
    "--preserve-fds",
    "--publish",
    "--pull",
    "--requires",
    "--restart",
    "--retry",
    "--runtime",
    "--sdnotify",
    "--secret",
    "--security-opt",
    "--shm-size",
    "--stop-signal",
    "--stop-timeout",
    "--storage-opt",
    "--sysctl",
    "--systemd",
    "--timeout",
    "--tmpfs",
    "--tz",
    "--uidmap",
    "--ulimit",
    "--umask",
    "--user",
    "--userns",
    "--uts",
    "--variant",
    "--volume",
    "--volume-driver",
    "--volumes-from",
    "--workdir",
};
static_assert(std::is_sorted(std::begin(kTaking), std::end(kTaking)));
constexpr std::string_view kTakingLetters = "acehlmpuvw";
constexpr std::string_view kOtherLetters = "itdPq";

// Whether the word behind it is its value. "-it" and "-itp" are several flags;
// "-eNAME" has its value.
bool TakesNext(std::string_view flag) {
  if (flag.starts_with("--")) {
    return std::binary_search(std::begin(kTaking), std::end(kTaking), flag);
  }
  flag.remove_prefix(1);
  const std::size_t other =
      std::min(flag.find_first_not_of(kOtherLetters), flag.size());
  flag.remove_prefix(other);
  return flag.size() == 1 &&
         kTakingLetters.find(flag.front()) != std::string_view::npos;
}

// "mcp/a:1", "localhost:5000/A" …; not "1", "1g", "NAME=V", "/folder".
bool LooksLikeImage(std::string_view word) {
  const std::string_view name = word.substr(0, word.find_first_of(":@"));
  if (name.empty() || !IsAlnum(name.front())) return false;
  const bool allowed = std::all_of(word.begin(), word.end(), [](char c) {
    return IsAlnum(c) ||
           std::string_view("._-/:@").find(c) != std::string_view::npos;
  });
  const auto letters = std::count_if(name.begin(), name.end(), [](char c) {
    return IsAlnum(c) && !IsDigit(c);
  });
  // A size: "1g", "64mb".
  const bool amount = IsDigit(name.front()) && letters <= 2 &&
                      name.find('/') == std::string_view::npos &&
                      name.size() == word.size();
  return allowed && letters > 0 && !amount;
}

// What stands behind `run`; empty where that is no verb of docker's.
std::span<const std::string> BehindRun(std::span<const std::string> words) {
  for (const std::string_view verb : {"container", "run"}) {
    const std::size_t at = FirstPlain(
        words, {"-H", "--host", "-c", "--context", "--config", "-l",
                "--log-level", "--connection", "--url", "--namespace", "-n"});
    if (at >= words.size()) return {};
    if (words[at] == verb) {
      words = words.subspan(at + 1);
    } else if (verb == "run") {
      return {};
    }
  }
  return words;
}

}  // namespace

std::string_view ImageOf(std::span<const std::string> words) {
  words = BehindRun(words);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word.size() > 1 && word.starts_with('-')) {
      if (TakesNext(word)) ++i;
    } else if (LooksLikeImage(word)) {
      return word;
    }
  }
  return {};
}

}  // namespace keytidy::clients
