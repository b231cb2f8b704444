// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/command.h"
#include "cli/exit_code.h"

namespace keytidy::cli {
namespace {

struct Words {
  std::string command;  // "keytidy scan"
  std::vector<std::string> subcommands;
  std::vector<std::string> flags;
};

// Every command with its words, from the same table that parses and helps.
void Collect(const CLI::App& app, const std::string& name,
             std::vector<Words>* out) {
  Words words;
  words.command = name;
  for (const CLI::App* sub : app.get_subcommands({})) {
    words.subcommands.push_back(sub->get_name());
  }
  for (const CLI::Option* option : app.get_options({})) {
    if (option->get_group().empty()) continue;  // the help does not show it
    for (const std::string& flag : option->get_lnames()) {
      words.flags.push_back("--" + flag);
    }
  }
  out->push_back(words);
  for (const CLI::App* sub : app.get_subcommands({})) {
    Collect(*sub, name + " " + sub->get_name(), out);
  }
}

std::string Joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    out += (out.empty() ? "" : " ") + word;
  }
  return out;
}

std::string Bash(const std::vector<Words>& commands) {
  std::string cases;
  for (const Words& words : commands) {
    cases += fmt::format("    '{}') words='{}' ;;\n", words.command,
                         Joined(words.subcommands) + " " + Joined(words.flags));
  }
  return fmt::format(
      "# bash completion for keytidy\n"
      "_keytidy() {{\n"
      "  local cur=${{COMP_WORDS[COMP_CWORD]}} command=keytidy words i\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    [[ ${{COMP_WORDS[i]}} == -* ]] && break\n"
      "    command+=\" ${{COMP_WORDS[i]}}\"\n"
      "  done\n"
      "  while :; do\n"
      "    case $command in\n"
      "{}"
      "    esac\n"
      "    [[ -n ${{words-}} || $command != *' '* ]] && break\n"
      "    command=${{command% *}}\n"
      "  done\n"
      "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
      "  [[ $cur != -* ]] && mapfile -t -O \"${{#COMPREPLY[@]}}\" COMPREPLY "
      "\\\n"
      "    < <(compgen -f -- \"$cur\")\n"
      "}}\n"
      "complete -o filenames -F _keytidy keytidy\n",
      cases);
}

std::string Zsh(const std::vector<Words>& commands) {
  return "#compdef keytidy\nautoload -U +X bashcompinit && bashcompinit\n" +
         Bash(commands);
}

std::string Fish(const std::vector<Words>& commands) {
  std::string out = "# fish completion for keytidy\n";
  for (const Words& words : commands) {
    const std::size_t space = words.command.rfind(' ');
    const std::string condition =
        space == std::string::npos
            ? "__fish_use_subcommand"
            : fmt::format("__fish_seen_subcommand_from {}",
                          words.command.substr(space + 1));
    for (const std::string& sub : words.subcommands) {
      out += fmt::format("complete -c keytidy -n '{}' -a {}\n", condition, sub);
    }
    for (const std::string& flag : words.flags) {
      out += fmt::format("complete -c keytidy -n '{}' -l {}\n", condition,
                         flag.substr(2));
    }
  }
  return out;
}

}  // namespace

void AddCompletion(CLI::App* app, Action* action) {
  auto shell = std::make_shared<std::string>();
  CLI::App* completion =
      app->add_subcommand("completion", "Print a completion script");
  completion->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->footer(Examples({"source <(keytidy completion bash)",
                               "keytidy completion fish > "
                               "~/.config/fish/completions/keytidy.fish"}));
  completion->callback([app, shell, action] {
    *action = [app, shell] {
      std::vector<Words> commands;
      Collect(*app, "keytidy", &commands);
      const std::string text = *shell == "bash"  ? Bash(commands)
                               : *shell == "zsh" ? Zsh(commands)
                                                 : Fish(commands);
      return Print(text) ? kClean : kUsage;
    };
  });
}

}  // namespace keytidy::cli
