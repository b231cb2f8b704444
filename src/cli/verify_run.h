// SPDX-License-Identifier: Apache-2.0
//
// Asking providers about the keys of a report: what the user configured, the
// recipes, the client, the record of requests, the cache.
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/verify_args.h"
#include "core/report.h"
#include "match/loader.h"
#include "rules/recipe_book.h"
#include "scan/key_chain.h"
#include "verify/audit_log.h"
#include "verify/http_client.h"
#include "verify/plan.h"

namespace keytidy::cli {

class VerifyRun {
 public:
  // Reads the configuration and the recipes; opens nothing yet. kInvalid: what
  // the user wrote is wrong. `rule_files`: the user's own.
  static Result<std::unique_ptr<VerifyRun>> Make(
      const VerifyArgs& args, const std::vector<match::RuleFile>& rule_files);

  // Tells the chain which addresses to look for beside keys.
  void Prepare(scan::KeyChain* chain);

  // Sets the verdicts of the report's findings. An error means that nothing
  // could be asked at all (no libcurl, no place for the record of requests);
  // the report is as it was.
  Status Ask(const scan::KeyChain& chain, Report* report,
             const std::stop_token& stop);

  // For a key that was given by itself: kInvalid where its shape does not tell
  // whose it is.
  Status CheckSettled(const scan::KeyChain& chain, const Finding& finding);

  // What Ask would send, for a person.
  std::string Describe(const scan::KeyChain& chain, const Report& report);

  // What would be sent for one kind of key, or ("all") for every recipe.
  // kInvalid: there is no such rule, or no recipe for it.
  Result<std::string> DescribeRecipes(std::span<const Rule> rules,
                                      const std::string& rule);

  rules::RecipeBook& book() { return book_; }
  const verify::PlanOptions& plan_options() const { return plan_; }
  const VerifyArgs& args() const { return args_; }

  Result<verify::AuditLog> OpenLog() const;
  Result<std::unique_ptr<verify::HttpClient>> MakeClient() const;

 private:
  explicit VerifyRun(const VerifyArgs& args)
      : args_(args), book_(rules::EmbeddedCatalogue()) {}
  Status ReadSettings();
  verify::Plan MakePlan(const scan::KeyChain& chain, const Report& report);

  VerifyArgs args_;
  rules::RecipeBook book_;
  verify::PlanOptions plan_;
};

// Where active keys alone fail a run, one that was asked about and stays
// unknown makes the run incomplete.
void MarkUndecided(Report* report);

}  // namespace keytidy::cli
