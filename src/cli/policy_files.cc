// SPDX-License-Identifier: Apache-2.0
#include "cli/policy_files.h"

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "cli/roots.h"
#include "cli/user_config.h"
#include "config/table_reader.h"
#include "policy/rotation_policy.h"

namespace keytidy::cli {
namespace {

constexpr std::size_t kMostConfig = 4 << 20;

// Nothing where the file has no policy, or where `may_be_missing` and it is.
Result<std::optional<Policy>> ReadPolicyFile(const std::string& path,
                                             bool may_be_missing) {
  auto text = ReadSmallFile(path, kMostConfig);
  if (!text) {
    if (may_be_missing && text.error().code == ErrorCode::kNotFound) {
      return std::optional<Policy>();
    }
    return Fail(text.error());
  }
  auto document = config::ParseToml(path, *std::move(text));
  if (!document) return Fail(document.error());
  const config::Node* table = document->root.Find("policy");
  if (table == nullptr) return std::optional<Policy>();
  config::Errors errors(*document);
  auto policy = policy::ReadPolicy(*table, &errors);
  if (!policy) return Fail(policy.error());
  policy->name = path;
  return std::optional<Policy>(*std::move(policy));
}

// "" where there is none.
Result<std::string> RepositoryConfigPath() {
  const auto roots = ResolveRoots({"."}, {});
  if (!roots) return Fail(roots.error());
  return roots->front().settings.name;
}

bool IsSameFile(const std::string& a, const std::string& b) {
  std::error_code error;
  return std::filesystem::equivalent(a, b, error);
}

}  // namespace

void AddPolicyFileOptions(CLI::App* command, PolicyFileArgs* args) {
  command
      ->add_option("--config", args->config,
                   "Policy (~/.config/keytidy/keytidy.toml)")
      ->option_text("FILE")
      ->envname("KEYTIDY_CONFIG");
  command->add_flag("--no-repo-config", args->no_repo_config,
                    "Leave out the keytidy.toml of this folder");
}

Result<std::vector<Policy>> LoadPolicies(const PolicyFileArgs& args) {
  std::vector<Policy> out;
  const std::string own = args.config.empty() ? UserConfigPath() : args.config;
  if (!own.empty()) {
    auto policy = ReadPolicyFile(own, args.config.empty());
    if (!policy) return Fail(policy.error());
    if (*policy) out.push_back(**std::move(policy));
  }
  if (args.no_repo_config) return out;
  const auto shared = RepositoryConfigPath();
  if (!shared) return Fail(shared.error());
  if (shared->empty() || (!own.empty() && IsSameFile(own, *shared))) return out;
  auto policy = ReadPolicyFile(*shared, false);
  if (!policy) return Fail(policy.error());
  if (*policy) out.push_back(**std::move(policy));
  return out;
}

}  // namespace keytidy::cli
