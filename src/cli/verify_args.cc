// SPDX-License-Identifier: Apache-2.0
#include "cli/verify_args.h"

namespace keytidy::cli {

void AddVerifyOptions(CLI::App* app, VerifyArgs* args, bool brief) {
  const std::string rare = brief ? "" : "Verify";
  const std::string usual = brief ? "Decision" : "Verify";
  app->add_flag("--dry-run", args->dry_run,
                "Show the requests, keys masked; send nothing")
      ->group(usual);
  app->add_option("--base", args->bases,
                  "Where your own server of a provider is")
      ->option_text("PROVIDER=URL")
      ->allow_extra_args(false)
      ->group(rare);
  app->add_flag("--trust-config-hosts", args->trust_config_hosts,
                "Take servers from beside the key, in the same file")
      ->group(rare);
  app->add_option("--max-requests", args->max_requests,
                  "Send at most N requests (1000)")
      ->check(CLI::Range(0, 1'000'000))
      ->option_text("N")
      ->group(rare);
  app->add_option("--deadline", args->deadline,
                  "Stop asking after so many seconds (300)")
      ->check(CLI::Range(1, 86'400))
      ->option_text("SECONDS")
      ->group(rare);
  app->add_flag("--fresh", args->fresh,
                "Believe no verdict of the last hour; ask again")
      ->group(rare);
  app->add_option("--ca-file", args->ca_file,
                  "Certificates to trust, not the system's")
      ->option_text("FILE")
      ->group(rare);
  app->add_option("--audit-log", args->audit_log,
                  "Record requests in FILE (~/.local/state/keytidy/)")
      ->option_text("FILE")
      ->group(rare);
  app->add_flag("--allow-http-loopback", args->allow_http_loopback,
                "Let --base be plain http to this machine")
      ->group(rare);
}

}  // namespace keytidy::cli
