// SPDX-License-Identifier: Apache-2.0
#include "cli/import_run.h"

#include <memory>
#include <string_view>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "cli/clock.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/provider_import.h"
#include "cli/questions.h"
#include "cli/verify_run.h"
#include "core/secret.h"
#include "import/listed_row.h"
#include "import/table_file.h"
#include "match/loader.h"
#include "match/rule_cache.h"
#include "verify/list_keys.h"

namespace keytidy::cli {
namespace {

constexpr std::size_t kMaxRuleFile = 4 << 20;

class Import {
 public:
  explicit Import(const ImportArgs& args) : args_(args) {}

  int Run() {
    if (auto ok = CheckArgs(); !ok) return UsageError(ok.error());
    if (auto ok = Load(); !ok) return UsageError(ok.error());
    if (auto ok = args_.from.empty() ? ReadApi() : ReadFile(); !ok) {
      return ok.error().code == ErrorCode::kCancelled ? kInterrupted
                                                      : UsageError(ok.error());
    }
    if (auto ok = bring_->Bring(&report_, !args_.dry_run, Now()); !ok) {
      return UsageError(ok.error());
    }
    const std::string text = args_.format == "json"
                                 ? imports::ReportJson(report_)
                                 : imports::ReportText(report_);
    if (!Print(text)) return kUsage;
    return report_.complete() ? kClean : kIncomplete;
  }

 private:
  Status CheckArgs() const {
    if (args_.from.empty() == args_.api.empty()) {
      return Fail(ErrorCode::kInvalid,
                  "give either an export, --from FILE, or the PROVIDER that is "
                  "to be asked");
    }
    if (!args_.api.empty() &&
        (!args_.provider.empty() || !args_.columns.empty())) {
      return Fail(ErrorCode::kInvalid,
                  "--provider and --column are of exports: --from FILE");
    }
    if (!args_.from.empty() && !args_.server.empty()) {
      return Fail(ErrorCode::kInvalid, "--server is of a PROVIDER to be asked");
    }
    return {};
  }

  Status Load() {
    std::vector<match::RuleFile> files;
    for (const std::string& path : args_.rules) {
      auto text = ReadSmallFile(path, kMaxRuleFile);
      if (!text) return Fail(text.error());
      files.push_back({path, *std::move(text)});
    }
    rule_files_ = files;
    auto loaded = match::LoadEngine(rules::EmbeddedCatalogue(),
                                    std::move(files), match::CacheDirectory());
    if (!loaded) return Fail(loaded.error());
    loaded_ = *std::move(loaded);
    auto inventory = OpenInventory(args_.inventory);
    if (!inventory) return Fail(inventory.error());
    inventory_ = *std::move(inventory);
    auto bring = ProviderImport::Make(*loaded_->engine, *inventory_);
    if (!bring) return Fail(bring.error());
    bring_ = *std::move(bring);
    return {};
  }

  // The slug for what a person calls a provider; empty: there is none.
  std::string ProviderNamed(std::string_view name) const {
    const std::string wanted = imports::Folded(name);
    for (const Rule& rule : loaded_->engine->rules()) {
      if (imports::Folded(rule.provider) == wanted ||
          imports::Folded(rule.provider_name) == wanted) {
        return std::string(rule.provider);
      }
    }
    return {};
  }

  Error NoProvider(const std::string& name) const {
    constexpr std::size_t kLongest = 24;
    // Somebody may have put a key there, which is not to be repeated.
    if (name.size() > kLongest || bring_->tests().holds_key(name)) {
      return Error{ErrorCode::kInvalid,
                   "what stands for the provider is the name of none"};
    }
    std::vector<std::string_view> known;
    for (const Rule& rule : loaded_->engine->rules()) {
      known.push_back(rule.provider);
    }
    const std::string_view near = Nearest(name, known);
    return Error{
        ErrorCode::kInvalid,
        fmt::format("{}: no provider of this name is known{}",
                    ForTerminal(name),
                    near.empty() ? std::string()
                                 : fmt::format("; did you mean {}?", near))};
  }

  // How messages call the export.
  std::string FileName() const {
    return bring_->tests().holds_key(args_.from) ? "the export"
                                                 : ForTerminal(args_.from);
  }

  // Exports.

  Status ReadFile() {
    imports::TableOptions options;
    options.keys = bring_->tests();
    options.provider_named = [this](std::string_view name) {
      return ProviderNamed(name);
    };
    if (!args_.provider.empty()) {
      options.provider = ProviderNamed(args_.provider);
      if (options.provider.empty()) return Fail(NoProvider(args_.provider));
    }
    for (const std::string& text : args_.columns) {
      auto choice = imports::ParseColumnChoice(text);
      if (!choice) {
        return Fail(ErrorCode::kInvalid, "--column {}: {}", ForTerminal(text),
                    choice.error().message);
      }
      options.columns.push_back(*std::move(choice));
    }
    auto text = ReadSmallFile(args_.from, imports::kMostTableBytes);
    if (!text) return Fail(text.error());
    auto table = imports::ReadTable(*text, options);
    Wipe(&*text);
    if (!table) {
      return Fail(ErrorCode::kInvalid, "{}: {}", FileName(),
                  table.error().message);
    }
    report_.source = FileName();
    report_.unit = "line";
    report_.rows = std::move(table->rows);
    report_.problems = std::move(table->problems);
    report_.more_problems = table->more_problems;
    return {};
  }

  // APIs.

  const Recipe* FindRecipe(VerifyRun& run, std::string* others) const {
    const std::string provider = ProviderNamed(args_.api);
    for (const Recipe* recipe : run.book().All()) {
      if (!recipe->list) continue;
      if (recipe->provider == provider) return recipe;
      *others += (others->empty() ? "" : ", ") + recipe->provider;
    }
    return nullptr;
  }

  Status ReadApi() {
    const std::string provider = ProviderNamed(args_.api);
    if (provider.empty()) return Fail(NoProvider(args_.api));
    VerifyArgs verify = args_.verify;
    if (!args_.server.empty()) {
      verify.bases.push_back(provider + "=" + args_.server);
    }
    auto run = VerifyRun::Make(verify, rule_files_);
    if (!run) return Fail(run.error());
    std::string others;
    const Recipe* recipe = FindRecipe(**run, &others);
    if (recipe == nullptr) {
      return Fail(ErrorCode::kInvalid,
                  "{}: no call is known that lists its keys (there is one for "
                  "{}); export them on its page, and give the file with --from",
                  provider, others);
    }
    if (auto ok = CheckServer(*recipe, **run); !ok) return ok;
    auto task = verify::MakeListTask(*recipe, (*run)->plan_options());
    if (!task) return Fail(task.error());
    if (auto ok = AskQuestions(recipe->list->procedure.needs, &task->values);
        !ok) {
      return ok;
    }
    return AskProvider(*recipe, **run, &*task);
  }

  static Status CheckServer(const Recipe& recipe, VerifyRun& run) {
    if (!recipe.base || !recipe.base->otherwise.empty()) return {};
    for (const auto& one : run.plan_options().settings) {
      if (one.provider == recipe.provider && !one.base.empty()) return {};
    }
    return Fail(ErrorCode::kInvalid,
                "which {} server is to be asked? Name it with --server URL, or "
                "as base under [verify.{}] in your own configuration",
                recipe.provider_name, recipe.provider);
  }

  Status AskProvider(const Recipe& recipe, VerifyRun& run, verify::Task* task) {
    auto client = run.MakeClient();
    if (!client) return Fail(client.error());
    auto log = run.OpenLog();
    if (!log) return Fail(log.error());
    verify::ProcedureHooks hooks;
    hooks.now = [] { return TrueNow(); };
    hooks.stop = StopOnInterrupt();
    hooks.deadline = std::chrono::seconds(run.args().deadline);
    hooks.told = [](const Step&, bool, const std::string&) {};
    const verify::KeyList list =
        verify::ListKeys(*task, **client, *log, hooks, run.args().max_requests);
    if (hooks.stop.stop_requested()) {
      return Fail(ErrorCode::kCancelled, "interrupted");
    }
    report_.source = recipe.provider_name;
    report_.unit = "row";
    std::uint64_t number = 0;
    for (const verify::ListedKey& key : list.keys) {
      bool dropped = false;
      report_.rows.push_back(
          imports::RowOf(key, ++number, recipe, bring_->tests(), &dropped));
      if (dropped) {
        report_.problems.push_back(
            {number, "a key stands in its texts, which are left out"});
      }
    }
    if (!list.why.empty()) {
      report_.problems.push_back(
          {0, fmt::format("page {}: {}", list.pages + 1, list.why)});
    }
    return {};
  }

  const ImportArgs& args_;
  std::vector<match::RuleFile> rule_files_;
  std::unique_ptr<match::LoadedEngine> loaded_;
  std::unique_ptr<inventory::Inventory> inventory_;
  std::unique_ptr<ProviderImport> bring_;
  imports::ImportReport report_;
};

}  // namespace

int RunImport(const ImportArgs& args) { return Import(args).Run(); }

}  // namespace keytidy::cli
