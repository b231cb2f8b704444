// SPDX-License-Identifier: Apache-2.0
#include "cli/app.h"

#include <algorithm>
#include <csignal>
#include <exception>

#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/exit_code.h"

namespace keytidy::cli {
namespace {

constexpr std::string_view kDescription =
    "keytidy finds API keys in files, directories and archives, says what "
    "each\n"
    "one is, and fails the build when one should not be there.";

constexpr const char* kShowsHow = "\n  keytidy --help shows how";

constexpr std::string_view kFooter =
    "Exit codes: 0 clean, 1 findings, 2 usage or configuration error,\n"
    "3 incomplete (something could not be read), 130 interrupted.\n\n"
    "keytidy COMMAND --help explains a command.";

std::vector<std::string> CommandsOf(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) {
    names.push_back(command->get_name());
  }
  return names;
}

// What is wrong with the first word; "" where it is a command.
std::string NoCommand(const CLI::App& app, std::string_view word) {
  const std::vector<std::string> names = CommandsOf(app);
  if (std::find(names.begin(), names.end(), word) != names.end()) return {};
  const std::string_view kind = word.substr(0, 1) == "-" ? "option" : "command";
  const std::string_view near =
      Nearest(word, std::vector<std::string_view>(names.begin(), names.end()));
  return fmt::format(
      "there is no {} '{}'{}", kind, ForTerminal(word),
      near.empty() ? "" : fmt::format("; did you mean '{}'?", near));
}

}  // namespace

int UsageError(std::string_view message) {
  const auto written = WriteAll(2, fmt::format("keytidy: {}\n", message));
  (void)written;
  return kUsage;
}

int UsageError(const Error& error) { return UsageError(error.message); }

Status Print(std::string_view text) {
  Status written = WriteAll(1, text);
  if (!written && written.error().code == ErrorCode::kCancelled) return {};
  return written;
}

std::string Examples(const std::vector<std::string_view>& lines) {
  std::string out = "Examples:";
  for (const std::string_view line : lines) out += fmt::format("\n  {}", line);
  return out;
}

int Main(int argc, const char* const* argv) {
  // A closed pipe is an error code of write(), not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    CLI::App app{std::string(kDescription), "keytidy"};
    app.footer(std::string(kFooter));
    app.set_version_flag("--version", "keytidy " KEYTIDY_VERSION);
    app.require_subcommand(1);
    app.get_formatter()->column_width(25);
    Action action;
    AddScan(&app, &action);
    AddAudit(&app, &action);
    AddVerify(&app, &action);
    AddRevoke(&app, &action);
    AddKeys(&app, &action);
    AddPolicy(&app, &action);
    AddRotate(&app, &action);
    AddReport(&app, &action);
    AddRules(&app, &action);
    AddHook(&app, &action);
    AddDemo(&app, &action);
    AddCompletion(&app, &action);
    try {
      app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
      const std::string wrong = argc < 2 || argv[1][0] == '-'
                                    ? std::string()
                                    : NoCommand(app, argv[1]);
      if (!wrong.empty()) return UsageError(wrong + kShowsHow);
      return Print(app.help()) ? kClean : kUsage;
    } catch (const CLI::CallForVersion&) {
      return Print("keytidy " KEYTIDY_VERSION "\n") ? kClean : kUsage;
    } catch (const CLI::ParseError& error) {
      if (argc < 2) {
        const auto written = WriteAll(2, app.help());
        (void)written;
        return kUsage;
      }
      // Where the first word is no command, that is what is wrong, whatever
      // the parser found missing.
      std::string wrong = NoCommand(app, argv[1]);
      if (wrong.empty()) wrong = error.what();
      return UsageError(wrong + kShowsHow);
    }
    return action();
  } catch (const std::exception& error) {
    return UsageError(fmt::format("internal error: {}", error.what()));
  }
}

}  // namespace keytidy::cli
