// SPDX-License-Identifier: Apache-2.0
#include "clients/launch.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

#include "base/text.h"
#include "clients/container_run.h"
#include "clients/flags.h"
#include "clients/package_spec.h"

namespace keytidy::clients {
namespace {

using Words = std::span<const std::string>;

void Set(PackageSpec spec, Launch* out) {
  out->package = std::move(spec.package);
  out->version = std::move(spec.version);
  out->pinned = spec.pinned;
}

// A runner's own flags, and the word behind them.
struct Head {
  Words flags;
  std::string_view plain;
};
Head HeadOf(Words words, FlagNames taking) {
  const std::size_t at = FirstPlain(words, taking);
  return {words.first(std::min(at, words.size())),
          at < words.size() ? std::string_view(words[at]) : std::string_view()};
}

// The package is a flag's value where it differs from the program.
std::string_view PackageIn(const Head& head, FlagNames flags) {
  return FlagValue(head.flags, flags).value_or(head.plain);
}

void ReadNpm(std::string_view runner, Words words, Launch* out) {
  const Head head =
      HeadOf(words, {"-p", "--package", "-c", "--call", "-w", "--workspace",
                     "--registry", "--cache", "--userconfig", "--prefix"});
  out->runner = runner;
  out->unasked = IsOneOf(runner, {"bunx", "pnpm", "pnpx", "yarn"}) ||
                 std::any_of(head.flags.begin(), head.flags.end(),
                             [](const std::string& flag) {
                               return flag == "-y" || flag == "--yes";
                             });
  Set(ReadPackageSpec(PackageIn(head, {"-p", "--package"}), PackageStyle::kNpm),
      out);
}

void ReadPython(std::string_view runner, Words words, Launch* out) {
  const Head head = HeadOf(words, {"-b",
                                   "--build-constraints",
                                   "-c",
                                   "--constraint",
                                   "--constraints",
                                   "-C",
                                   "--config-setting",
                                   "--config-file",
                                   "--cache-dir",
                                   "--color",
                                   "--default-index",
                                   "--directory",
                                   "--env-file",
                                   "--exclude-newer",
                                   "--extra-index-url",
                                   "-f",
                                   "--find-links",
                                   "--from",
                                   "-i",
                                   "--index",
                                   "--index-strategy",
                                   "--index-url",
                                   "--keyring-provider",
                                   "--link-mode",
                                   "--overrides",
                                   "-p",
                                   "-P",
                                   "--pip-args",
                                   "--prerelease",
                                   "--project",
                                   "--python",
                                   "--python-platform",
                                   "--refresh-package",
                                   "--resolution",
                                   "--spec",
                                   "--upgrade-package",
                                   "-w",
                                   "--with",
                                   "--with-editable",
                                   "--with-requirements"});
  out->runner = runner;
  out->unasked = true;
  Set(ReadPackageSpec(PackageIn(head, {"--from", "--spec"}),
                      PackageStyle::kPython),
      out);
}

void ReadDeno(Words words, Launch* out) {
  std::string_view spec =
      HeadOf(words, {"-c", "--config", "--import-map", "--env-file"}).plain;
  if (!spec.starts_with("npm:") && !spec.starts_with("jsr:")) return;
  spec.remove_prefix(4);
  if (spec.starts_with('/')) spec.remove_prefix(1);
  // A file of the package may follow: "pkg@1.2.3/cli".
  const std::size_t at = spec.find('@', 1);
  if (at != std::string_view::npos) spec = spec.substr(0, spec.find('/', at));
  out->runner = "deno";
  out->unasked = true;
  Set(ReadPackageSpec(spec, PackageStyle::kPlain), out);
}

void ReadGo(Words words, Launch* out) {
  const std::string_view spec =
      HeadOf(words, {"-C", "-mod", "-modfile", "-tags", "-ldflags"}).plain;
  if (spec.find('@') == std::string_view::npos) return;
  out->runner = "go";
  Set(ReadPackageSpec(spec, PackageStyle::kPlain), out);
}

void ReadPackage(Words words, Launch* out) {
  if (words.empty()) return;
  const std::string name = ProgramName(words.front());
  const Words rest = words.subspan(1);
  const auto verb = [&rest](FlagNames verbs) {
    return !rest.empty() && IsOneOf(rest.front(), verbs);
  };
  if (IsOneOf(name, {"npx", "bunx", "pnpx"})) return ReadNpm(name, rest, out);
  if ((name == "npm" && verb({"exec", "x"})) ||
      (IsOneOf(name, {"pnpm", "yarn"}) && verb({"dlx"})) ||
      (name == "bun" && verb({"x"}))) {
    return ReadNpm(name == "bun" ? "bunx" : name, rest.subspan(1), out);
  }
  if (name == "uvx") return ReadPython("uvx", rest, out);
  if (name == "uv" && verb({"tool"}) && rest.size() > 1 && rest[1] == "run") {
    return ReadPython("uvx", rest.subspan(2), out);
  }
  if (name == "pipx" && verb({"run"})) {
    return ReadPython("pipx", rest.subspan(1), out);
  }
  if (name == "deno" && verb({"run"})) return ReadDeno(rest.subspan(1), out);
  if (name == "go" && verb({"run"})) return ReadGo(rest.subspan(1), out);
  if (IsOneOf(name, {"docker", "podman", "nerdctl"})) {
    out->runner = name;
    Set(ReadImageSpec(ImageOf(rest)), out);
  }
}

}  // namespace

Launch ReadLaunch(std::string_view command,
                  const std::vector<std::string>& arguments) {
  const Unwrapping inner = Unwrap(command, arguments);
  Launch out;
  out.shell = inner.shell;
  out.store = inner.store;
  ReadPackage(inner.words, &out);
  if (out.package.empty()) out.unasked = false;
  return out;
}

}  // namespace keytidy::clients
