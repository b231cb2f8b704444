// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "base/text.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/hook_doctor.h"
#include "cli/hook_folder.h"
#include "cli/hook_install.h"

namespace keytidy::cli {

namespace {

struct HookArgs {
  std::vector<std::string> names;
  std::string repository;
  bool global_binary = false;
  bool shared = false;
};

// What the user names counts alone; otherwise git's variables do too.
Result<git::Repository> FindRepository(const HookArgs& args) {
  if (!args.repository.empty()) return git::Discover(args.repository, {});
  return git::Discover(".", git::Environment::OfProcess());
}

Result<std::vector<const HookKind*>> ChosenHooks(const HookArgs& args) {
  std::vector<const HookKind*> out;
  std::vector<std::string_view> known;
  for (const HookKind& kind : HookKinds()) known.push_back(kind.name);
  for (const std::string& name : args.names) {
    const HookKind* kind = FindHookKind(name);
    if (kind == nullptr) {
      const std::string_view near = Nearest(name, known);
      return Fail(
          ErrorCode::kInvalid, "there is no hook '{}'; {}", ForTerminal(name),
          near.empty() ? "keytidy has pre-commit, pre-push and pre-receive"
                       : fmt::format("did you mean '{}'?", near));
    }
    if (std::find(out.begin(), out.end(), kind) == out.end()) {
      out.push_back(kind);
    }
  }
  if (out.empty()) out.push_back(FindHookKind("pre-commit"));
  return out;
}

std::string WhyNotShared(const HookKind& kind, const HookFolder& folder) {
  return fmt::format(
      "{}: git looks for hooks there{}, but {}. Nothing was changed.\n"
      "  By hand: add this line to {}/{}\n"
      "    {} || exit\n"
      "  Or install there all the same: keytidy hook install {} "
      "--shared",
      ForTerminal(folder.path),
      folder.setting.empty() ? "" : " (core.hooksPath)", folder.shared,
      ForTerminal(folder.by_hand), kind.name, kind.command, kind.name);
}

// Does all of them, and says so as it goes.
int Carry(const std::vector<HookChange>& changes, const std::string& notes) {
  for (const HookChange& change : changes) {
    if (auto ok = Apply(change); !ok) return UsageError(ok.error());
    if (!Print(change.done + "\n")) return kUsage;
  }
  return Print(notes) ? kClean : kUsage;
}

int Install(const HookArgs& args) {
  const auto kinds = ChosenHooks(args);
  if (!kinds) return UsageError(kinds.error());
  const auto repository = FindRepository(args);
  if (!repository) return UsageError(repository.error());
  std::string binary;
  if (!args.global_binary) {
    auto own = OwnBinary();
    if (!own) return UsageError(own.error());
    binary = *std::move(own);
  }
  std::vector<HookChange> changes;
  std::string notes;
  for (const HookKind* kind : *kinds) {
    const auto folder = LocateHooks(*repository, kind->name);
    if (!folder) return UsageError(folder.error());
    if (!folder->shared.empty() && !args.shared) {
      return UsageError(WhyNotShared(*kind, *folder));
    }
    auto change = PlanInstall(
        *kind, fmt::format("{}/{}", folder->path, kind->name), binary);
    if (!change) return UsageError(change.error());
    changes.push_back(*std::move(change));
    if (!binary.empty() && notes.empty() &&
        IsInWorktree(*repository, folder->path)) {
      notes = fmt::format(
          "note: {} is in the worktree. If you commit it for others, install "
          "with --global-binary: the hook names a path of this machine.\n",
          ForTerminal(folder->path));
    }
    if (repository->work_tree.empty() && kind->name != "pre-receive") {
      notes += fmt::format(
          "note: this repository has no worktree here; git runs {} only in "
          "one.\n",
          kind->name);
    }
  }
  return Carry(changes, notes);
}

// The hook where git looks, and one of ours where it no longer does.
Result<std::vector<HookChange>> PlanRemoval(const git::Repository& repository,
                                            const HookKind& kind, bool shared) {
  const auto folder = LocateHooks(repository, kind.name);
  if (!folder) return Fail(folder.error());
  std::vector<HookChange> out;
  auto change = PlanUninstall(fmt::format("{}/{}", folder->path, kind.name));
  if (!change) return Fail(change.error());
  const bool moved = folder->Moved();
  if (change->kind != HookChange::Kind::kNothing && !folder->shared.empty() &&
      !shared) {
    return Fail(ErrorCode::kInvalid,
                "{}: is keytidy's, but {}; --shared removes it all the same. "
                "Nothing was changed",
                ForTerminal(change->path), folder->shared);
  }
  out.push_back(*std::move(change));
  if (moved) {
    auto usual = PlanUninstall(fmt::format("{}/{}", folder->usual, kind.name));
    if (!usual) return Fail(usual.error());
    if (usual->kind != HookChange::Kind::kNothing) {
      out.push_back(*std::move(usual));
    }
  }
  return out;
}

int Uninstall(const HookArgs& args) {
  const auto kinds = ChosenHooks(args);
  if (!kinds) return UsageError(kinds.error());
  const auto repository = FindRepository(args);
  if (!repository) return UsageError(repository.error());
  std::vector<HookChange> changes;
  for (const HookKind* kind : *kinds) {
    auto planned = PlanRemoval(*repository, *kind, args.shared);
    if (!planned) return UsageError(planned.error());
    for (HookChange& change : *planned) changes.push_back(std::move(change));
  }
  return Carry(changes, "");
}

// Sound: the hook that this kind of repository lives by is installed, and no
// installed one is broken.
int Doctor(const HookArgs& args) {
  const auto repository = FindRepository(args);
  if (!repository) return UsageError(repository.error());
  const std::string_view wanted =
      repository->work_tree.empty() ? "pre-receive" : "pre-commit";
  bool sound = true;
  std::string out;
  for (const HookKind& kind : HookKinds()) {
    const bool needed = kind.name == wanted;
    const HookHealth health = ExamineHook(*repository, kind, needed);
    if ((needed || health.installed) && !health.sound) sound = false;
    out += health.text;
  }
  if (!Print(out)) return kUsage;
  return sound ? kClean : kFailed;
}

}  // namespace

void AddHook(CLI::App* app, Action* action) {
  CLI::App* hook = app->add_subcommand(
      "hook", "Install, remove and examine git hooks that run keytidy");
  hook->require_subcommand(1);
  hook->footer(Examples({"keytidy hook install", "keytidy hook doctor"}));
  const std::string names = "pre-commit (default), pre-push, pre-receive";
  const auto add_repository = [](CLI::App* command, HookArgs* args) {
    command
        ->add_option("--repo", args->repository,
                     "The repository in DIR; default: the one around .")
        ->option_text("DIR");
  };

  auto in = std::make_shared<HookArgs>();
  CLI::App* install = hook->add_subcommand("install", "Put hooks in place");
  install->add_option("NAME", in->names, names);
  add_repository(install, in.get());
  install->add_flag("--global-binary", in->global_binary,
                    "Name no path in the hook: keytidy on PATH");
  install->add_flag("--shared", in->shared,
                    "Also in a hooks folder that others use too");
  install->footer(Examples(
      {"keytidy hook install", "keytidy hook install pre-commit pre-push"}));
  install->callback([in, action] { *action = [in] { return Install(*in); }; });

  auto out = std::make_shared<HookArgs>();
  CLI::App* uninstall = hook->add_subcommand(
      "uninstall", "Remove hooks; put back what was there before");
  uninstall->add_option("NAME", out->names, names);
  add_repository(uninstall, out.get());
  uninstall->add_flag("--shared", out->shared,
                      "Also in a hooks folder that others use too");
  uninstall->footer(
      Examples({"keytidy hook uninstall", "keytidy hook uninstall pre-push"}));
  uninstall->callback(
      [out, action] { *action = [out] { return Uninstall(*out); }; });

  auto at = std::make_shared<HookArgs>();
  CLI::App* doctor =
      hook->add_subcommand("doctor", "Say whether the hooks would run");
  add_repository(doctor, at.get());
  doctor->footer(
      Examples({"keytidy hook doctor", "keytidy hook doctor --repo ../other"}));
  doctor->callback([at, action] { *action = [at] { return Doctor(*at); }; });
}

}  // namespace keytidy::cli
