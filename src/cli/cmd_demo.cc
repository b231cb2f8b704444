// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <random>
#include <system_error>

#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "match/example.h"
#include "rules/catalogue.h"

namespace keytidy::cli {
namespace {

namespace fs = std::filesystem;

struct DemoFile {
  std::string_view path;
  std::string_view text;  // a template of docs/rules.md, per line
  std::string_view rule;  // whose {checksum} it is, if it has one
  bool utf16 = false;
};

// A small project with keys in the usual wrong places. Nothing here is a key:
// values are made anew for every demo.
constexpr DemoFile kFiles[] = {
    {"README.md",
     "# Notes bot\n\nSet `KRYTON_TOKEN=kryton_your_key_here` and\n"
     "`KONSTANTLY_MCP_KEY=kmcp_...` before the first run.\n",
     ""},
    {".env",
     "# local settings\n"
     "KATAVEN_API_KEY=sk_live_notesbot_{alnum:36}\n"
     "KONSTANTLY_URL=https://acme.konstantly.com\n"
     "KONSTANTLY_MCP_KEY=kmcp_{base64url:42}{[AEIMQUYcgkosw048]:1}\n"
     "CORCAVA_API_KEY={alnum:40}\n"
     "DATABASE_URL=postgres://notes:{alnum:16}@db.internal:5432/notes\n",
     ""},
    {".cursor/mcp.json",
     "{{\n  \"mcpServers\": {{\n    \"kryton\": {{\n"
     "      \"type\": \"streamable-http\",\n"
     "      \"url\": \"https://notes.example.com/api/mcp\",\n"
     "      \"headers\": {{\n"
     "        \"Authorization\": \"Bearer kryton_{hex:64}\"\n"
     "      }}\n    }},\n"
     "    \"karzoun\": {{\n"
     "      \"url\": \"https://acme.api.karzoun.chat/mcp\",\n"
     "      \"headers\": {{ \"x-app-token\": \"${{env:KARZOUN_APP_TOKEN}}\" "
     "}}\n"
     "    }}\n  }}\n}}\n",
     ""},
    {"config/claude_desktop_config.json",
     "{{\n  \"mcpServers\": {{\n    \"karzoun\": {{\n"
     "      \"command\": \"npx\",\n"
     "      \"args\": [\"-y\", \"@karzounchat/mcp-server\"],\n"
     "      \"env\": {{\n"
     "        \"KARZOUN_API_URL\": \"https://acme.api.karzoun.chat/graphql\",\n"
     "        \"KARZOUN_APP_TOKEN\": \"{jwt}\"\n"
     "      }}\n    }}\n  }}\n}}\n",
     ""},
    {"src/release.py",
     "import requests\n\n"
     "GITHUB_TOKEN = \"ghp_{alnum:30}{checksum}\"\n\n\n"
     "def releases(repo):\n"
     "    return requests.get(\n"
     "        f\"https://api.github.com/repos/{{repo}}/releases\",\n"
     "        headers={{\"Authorization\": f\"token {{GITHUB_TOKEN}}\"}},\n"
     "    ).json()\n",
     "github-personal-access-token"},
    {"deploy/id_rsa", "{pem:RSA PRIVATE KEY}\n", ""},
    {"docs/windows-notes.txt",
     "Server key for the office machine:\r\nkryton_{hex:64}\r\n", "", true},
    {"tests/fixtures/webhook.txt",
     "# keytidy:allow stripe-test-secret-key made for this test, opens "
     "nothing\n"
     "sk_test_{alnum:24}\n",
     ""},
};

std::string ToUtf16(std::string_view ascii) {
  std::string out = "\xFF\xFE";
  for (const char c : ascii) {
    out.push_back(c);
    out.push_back('\0');
  }
  return out;
}

const Rule* FindRule(std::string_view id) {
  const auto rules = rules::EmbeddedCatalogue().rules;
  const auto it = std::find_if(rules.begin(), rules.end(),
                               [&](const Rule& r) { return r.id == id; });
  return it == rules.end() ? nullptr : &*it;
}

// As a word of a POSIX shell.
std::string ShellQuoted(const std::string& text) {
  const bool plain =
      !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return IsAlnum(c) ||
               std::string_view("_-./:@%+=,").find(c) != std::string_view::npos;
      });
  if (plain) return text;
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

Status WriteDemo(const std::string& directory, std::uint64_t seed) {
  std::error_code error;
  if (fs::exists(directory, error) && !fs::is_empty(directory, error)) {
    return Fail(ErrorCode::kInvalid,
                "{}: is not empty; a demo wants a directory of its own",
                directory);
  }
  for (const DemoFile& file : kFiles) {
    const fs::path path = fs::path(directory) / file.path;
    fs::create_directories(path.parent_path(), error);
    if (error) {
      return Fail(SystemError(path.parent_path().string(), error.value()));
    }
    static const Rule kNoRule;
    const Rule* rule = file.rule.empty() ? &kNoRule : FindRule(file.rule);
    if (rule == nullptr) {
      return Fail(ErrorCode::kInternal, "no rule '{}'", file.rule);
    }
    auto text = match::ExpandExample(file.text, *rule, seed++);
    if (!text) return Fail(text.error());
    if (auto ok = WritePrivateFile(path.string(),
                                   file.utf16 ? ToUtf16(*text) : *text);
        !ok) {
      return ok;
    }
  }
  return {};
}

int RunDemo(const std::string& directory, std::uint64_t seed) {
  if (auto ok = WriteDemo(directory, seed); !ok) return UsageError(ok.error());
  return Print(fmt::format(
             "A small project with {} files is in {}.\n"
             "The keys in it were made just now and open nothing.\n\n"
             "Try:  keytidy scan {}\n",
             std::size(kFiles), directory, ShellQuoted(directory)))
             ? kClean
             : kUsage;
}

}  // namespace

void AddDemo(CLI::App* app, Action* action) {
  struct Args {
    std::string directory;
    std::uint64_t seed = 0;
  };
  auto args = std::make_shared<Args>();
  CLI::App* demo = app->add_subcommand(
      "demo", "Write a small project with generated keys to try on");
  demo->add_option("DIR", args->directory, "A directory that is new or empty")
      ->required();
  CLI::Option* seed =
      demo->add_option("--seed", args->seed,
                       "Make the same keys each time, for documentation")
          ->option_text("N");
  demo->footer(Examples({"keytidy demo /tmp/demo", "keytidy scan /tmp/demo"}));
  demo->callback([args, seed, action] {
    *action = [args, seed] {
      if (seed->count() == 0) {
        std::random_device random;
        args->seed = (std::uint64_t{random()} << 32) | random();
      }
      return RunDemo(args->directory, args->seed);
    };
  });
}

}  // namespace keytidy::cli
