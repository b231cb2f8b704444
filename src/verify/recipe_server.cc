// SPDX-License-Identifier: Apache-2.0
#include "verify/recipe_server.h"

#include <set>
#include <string_view>

namespace keytidy::verify {
namespace {

using config::VerifySettings;

// The base of a recipe's server, or why there is none.
Result<BaseUrl> BaseOf(const Recipe& recipe,
                       const std::vector<std::string>& bases,
                       const PlanOptions& options) {
  const Base& base = *recipe.base;
  std::string_view own;
  for (const VerifySettings& one : options.settings) {
    if (one.provider == recipe.provider && !one.base.empty()) own = one.base;
  }
  if (!own.empty()) {
    return ParseBaseUrl(own, base.hosts, options.allow_http_loopback);
  }
  std::set<std::string> beside;
  for (const std::string& text : bases) beside.insert(OriginOf(text));
  if (!base.otherwise.empty() &&
      (beside.empty() || beside == std::set{OriginOf(base.otherwise)})) {
    return ParseBaseUrl(base.otherwise, {}, false);
  }
  if (options.trust_config_hosts && !beside.empty()) {
    if (beside.size() == 1 && !beside.count("")) {
      return ParseBaseUrl(*beside.begin(), base.hosts,
                          options.allow_http_loopback);
    }
    return Fail(ErrorCode::kInvalid, "{}: --base {}=URL",
                beside.count("") > 0
                    ? "what stands beside the key as its server is no address; "
                      "name it"
                    : "several servers stand beside the key; name one",
                recipe.provider);
  }
  if (!bases.empty()) {
    return Fail(ErrorCode::kInvalid,
                "the server that stands beside the key is not trusted by "
                "itself: name it with --base {}=URL, or take such addresses "
                "with --trust-config-hosts",
                recipe.provider);
  }
  return Fail(ErrorCode::kInvalid,
              "where the {} server is, the key does not say: name it with "
              "--base {}=URL, or as base under [verify.{}] in your own "
              "configuration",
              recipe.provider_name, recipe.provider, recipe.provider);
}

}  // namespace

void SetParameters(const PlanOptions& options, Task* task) {
  for (const VerifySettings& one : options.settings) {
    if (one.provider != task->recipe->provider) continue;
    for (const auto& [name, text] : one.parameters) {
      task->values.SetRaw(name, text);
    }
  }
}

Status SetServer(const std::vector<std::string>& beside,
                 const PlanOptions& options, Task* task) {
  const Recipe& recipe = *task->recipe;
  if (!recipe.base) {
    task->host = HostOf(recipe.steps.front().url);
    return {};
  }
  auto base = BaseOf(recipe, beside, options);
  if (!base) return Fail(base.error());
  task->values.SetRaw("base", base->url);
  task->host = base->host;
  task->loopback_http = base->loopback_http;
  const auto service = ParseBaseUrl(recipe.base->otherwise, {}, false);
  task->private_network = !service || service->url != base->url;
  return {};
}

}  // namespace keytidy::verify
