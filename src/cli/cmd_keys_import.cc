// SPDX-License-Identifier: Apache-2.0
#include "cli/cmd_keys_import.h"

#include <memory>

#include "cli/import_run.h"

namespace keytidy::cli {
namespace {

void AddApiOptions(CLI::App* command, ImportArgs* args) {
  constexpr const char* kGroup = "Asking a provider";
  command
      ->add_option("--server", args->server,
                   "Where your own server of the provider is")
      ->option_text("URL")
      ->group(kGroup);
  command
      ->add_option("--config", args->verify.config,
                   "Read FILE besides ~/.config/keytidy/keytidy.toml")
      ->option_text("FILE")
      ->envname("KEYTIDY_CONFIG")
      ->group(kGroup);
  command
      ->add_option("--max-requests", args->verify.max_requests,
                   "Send at most N requests (1000)")
      ->check(CLI::Range(0, 1'000'000))
      ->option_text("N")
      ->group(kGroup);
  command
      ->add_option("--deadline", args->verify.deadline,
                   "Stop asking after so many seconds (300)")
      ->check(CLI::Range(1, 86'400))
      ->option_text("SECONDS")
      ->group(kGroup);
  command
      ->add_option("--ca-file", args->verify.ca_file,
                   "Certificates to trust, not the system's")
      ->option_text("FILE")
      ->group(kGroup);
  command
      ->add_option("--audit-log", args->verify.audit_log,
                   "Record requests in FILE (~/.local/state/keytidy/)")
      ->option_text("FILE")
      ->group(kGroup);
  command
      ->add_flag("--allow-http-loopback", args->verify.allow_http_loopback,
                 "Let --server be plain http to this machine")
      ->group(kGroup);
}

}  // namespace

void AddKeysImport(CLI::App* keys, Action* action) {
  auto args = std::make_shared<ImportArgs>();
  CLI::App* command = keys->add_subcommand(
      "import", "Take in what providers know of keys: dates, names");
  command->add_option("PROVIDER", args->api,
                      "Ask this one for its list of keys");
  command
      ->add_option("--from", args->from, "Read an export instead: CSV or JSON")
      ->option_text("FILE");
  command
      ->add_option("--provider", args->provider, "Whose keys the export lists")
      ->option_text("NAME");
  command
      ->add_option("--column", args->columns,
                   "Which column is which: hint, id, name, created …")
      ->option_text("FIELD=NAME")
      ->allow_extra_args(false);
  command->add_flag("--dry-run", args->dry_run,
                    "Write nothing; a PROVIDER is asked all the same");
  command->add_option("-f,--format", args->format, "human or json")
      ->check(CLI::IsMember({"human", "json"}))
      ->option_text("FORMAT");
  command
      ->add_option("--rules", args->rules, "Add the rules and recipes of FILE")
      ->option_text("FILE")
      ->allow_extra_args(false);
  AddInventoryOption(command, &args->inventory);
  AddApiOptions(command, args.get());
  command->footer(Examples(
      {"keytidy keys import --from keys.csv --provider konstantly",
       "keytidy keys import kryton --server https://notes.example.net"}));
  command->callback([args, action] {
    *action = [args] { return RunImport(*args); };
  }  // namespace keytidy::cli
  );
}

}  // namespace keytidy::cli
