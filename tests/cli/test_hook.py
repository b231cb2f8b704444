# SPDX-License-Identifier: Apache-2.0
"""git hooks: put in place, taken out, examined; and what they do when git runs
them. Plumbing is tested with a stand-in for keytidy that writes down what it
was given; the blocked commits and pushes at the end are real."""

import os
import shutil
import subprocess

import pytest

from scene import PATIENCE, PROGRAM, SOURCE

HOOKS = ["pre-commit", "pre-push", "pre-receive"]
MARK = "# keytidy hook, version 1\n"
COMMAND = {
    "pre-commit": "keytidy scan --staged --no-progress",
    "pre-push": 'keytidy scan --range - --remote "$1"',
    "pre-receive": "keytidy scan --range -",
}
ZEROS = "0" * 40


class Repo:
    """A repository and what is done in it."""

    def __init__(self, scene, path):
        self.scene = scene
        self.path = path
        self.bin = scene.home / "bin"
        self.bin.mkdir(exist_ok=True)
        scene.home.joinpath("gitconfig").write_text(
            "[user]\nname = A\nemail = a@example.com\n"
            "[init]\ndefaultBranch = main\n"
            "[protocol \"file\"]\nallow = always\n"
            "[advice]\nignoredHook = false\n")

    def environment(self, extra=None):
        env = {name: value for name, value in self.scene.environment().items()
               if not name.startswith("GIT_")}
        env["GIT_CONFIG_GLOBAL"] = str(self.scene.home / "gitconfig")
        env["GIT_CONFIG_NOSYSTEM"] = "1"
        env["PATH"] = f"{self.bin}:/usr/bin:/bin"
        env.update(extra or {})
        return env

    def call(self, *args, cwd=None, env=None, stdin=""):
        """Exit code, standard output and standard error."""
        done = subprocess.run(
            [os.fspath(arg) for arg in args], cwd=cwd or self.path,
            env=self.environment(env), input=stdin, text=True,
            errors="surrogateescape", timeout=PATIENCE, capture_output=True,
            check=False)
        return done.returncode, done.stdout, done.stderr

    def git(self, *args, **options):
        """Must succeed."""
        code, out, err = self.call("git", *args, **options)
        assert code == 0, (args, out, err)
        return out.removesuffix("\n")

    def keytidy(self, *args, **options):
        return self.call(PROGRAM, *args, **options)

    def hook(self, *args, **options):
        """Must succeed."""
        code, out, err = self.keytidy("hook", *args, **options)
        assert (code, err) == (0, ""), (args, out, err)
        return out

    def refused(self, *args, **options):
        """Must be a usage error, and change no hook."""
        before = self.hooks_now()
        code, out, err = self.keytidy("hook", *args, **options)
        assert (code, out) == (2, ""), (args, out, err)
        assert self.hooks_now() == before
        return err

    def hooks_now(self, folder=None):
        """Name -> text, or "-> target" of a link; without git's samples."""
        folder = folder or self.path / ".git" / "hooks"
        if not folder.is_dir():
            return {}
        return {path.name: f"-> {os.readlink(path)}" if path.is_symlink()
                else path.read_text()
                for path in folder.iterdir() if path.suffix != ".sample"}

    def write(self, name, text="text\n", mode=None):
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        if mode is not None:
            target.chmod(mode)
        return target

    def write_hook(self, name, text, mode=0o755):
        return self.write(f".git/hooks/{name}", "#!/bin/sh\n" + text, mode)

    def stage(self, name="a.txt", text="text\n"):
        self.write(name, text)
        self.git("add", name)

    def commits(self, ref="HEAD"):
        code, out, _ = self.call("git", "rev-list", "--count", ref)
        return int(out) if code == 0 else 0

    def commit(self, *args, **options):
        """Exit code and standard error of a commit."""
        code, _, err = self.call("git", "commit", "-q", "-m", "m", *args,
                                 **options)
        return code, err

    def stand_in(self, code=0, at=None):
        """A keytidy on PATH that writes down what it is given."""
        at = at or self.bin / "keytidy"
        log = self.scene.home / "log"
        at.write_text("#!/bin/sh\n"
                      f"for word; do printf '%s\\n' \"$word\"; done >{log}\n"
                      f"pwd >{log}.pwd\n"
                      f"cat >{log}.stdin\n"
                      f"exit {code}\n")
        at.chmod(0o755)

    @property
    def ran(self):
        """The words the stand-in was given; None where it did not run."""
        log = self.scene.home / "log"
        return log.read_text().splitlines() if log.exists() else None

    @property
    def stdin(self):
        return (self.scene.home / "log.stdin").read_text()


@pytest.fixture(name="repo")
def a_repository(scene):
    repo = Repo(scene, scene.dir / "repo")
    repo.path.mkdir()
    repo.git("init", "-q")
    return repo


@pytest.fixture(name="bare")
def a_bare_repository(scene):
    bare = Repo(scene, scene.dir / "server.git")
    bare.path.mkdir()
    bare.git("init", "-q", "--bare")
    return bare


def template(name):
    return (SOURCE / "hooks" / name).read_text()


def own_path():
    return os.path.realpath(PROGRAM)


def installed(name):
    """What install writes; the program's path has no quotes."""
    return template(name).replace("\nbinary=''\n",
                                  f"\nbinary='{own_path()}'\n")


def version(repo):
    return repo.keytidy("--version")[1].removeprefix("keytidy ").strip()


# The scripts themselves.


@pytest.mark.parametrize("name", HOOKS)
def test_script_is_marked_executable_and_has_a_place_for_the_binary(name):
    text = template(name)
    assert text.splitlines()[2] + "\n" == MARK
    assert text.count("\nbinary=''\n") == 1
    assert os.access(SOURCE / "hooks" / name, os.X_OK)


@pytest.mark.parametrize("name", HOOKS)
def test_script_passes_shellcheck(name):
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not installed")
    subprocess.run(["shellcheck", SOURCE / "hooks" / name], check=True,
                   timeout=PATIENCE)


# Installing.


def test_pre_commit_by_default(repo):
    path = repo.path / ".git/hooks/pre-commit"
    assert repo.hook("install") == f"{path}: installed\n"
    assert repo.hooks_now() == {"pre-commit": installed("pre-commit")}
    assert path.stat().st_mode & 0o7777 == 0o755


def test_all_three(repo):
    repo.hook("install", *HOOKS)
    assert repo.hooks_now() == {name: installed(name) for name in HOOKS}


def test_global_binary_is_the_script_as_it_stands(repo):
    repo.hook("install", "--global-binary")
    assert repo.hooks_now() == {"pre-commit": template("pre-commit")}


def test_twice_changes_nothing(repo):
    repo.hook("install")
    path = repo.path / ".git/hooks/pre-commit"
    before = path.stat()
    assert (repo.hook("install")
            == f"{path}: is installed already; nothing to do\n")
    after = path.stat()
    assert (before.st_ino, before.st_ctime_ns) == (after.st_ino,
                                                   after.st_ctime_ns)


def test_hooks_folder_is_made_where_there_is_none(repo):
    shutil.rmtree(repo.path / ".git/hooks")
    repo.hook("install")
    assert list(repo.hooks_now()) == ["pre-commit"]


def test_from_a_folder_below(repo):
    below = repo.path / "a" / "b"
    below.mkdir(parents=True)
    repo.hook("install", cwd=below)
    assert list(repo.hooks_now()) == ["pre-commit"]


def test_named_repository(repo):
    repo.hook("install", "--repo", repo.path, cwd=repo.scene.home)
    assert list(repo.hooks_now()) == ["pre-commit"]


def test_git_dir_in_the_environment(repo):
    repo.hook("install", cwd=repo.scene.home,
              env={"GIT_DIR": str(repo.path / ".git"),
                   "GIT_WORK_TREE": str(repo.path)})
    assert list(repo.hooks_now()) == ["pre-commit"]


def test_named_repository_outranks_git_dir(repo, bare):
    repo.hook("install", "--repo", repo.path, cwd=repo.scene.home,
              env={"GIT_DIR": str(bare.path)})
    assert list(repo.hooks_now()) == ["pre-commit"]
    assert repo.hooks_now(bare.path / "hooks") == {}


def test_no_repository(repo):
    assert str(repo.scene.home) in repo.refused(
        "install", "--repo", repo.scene.home)


def test_unknown_hook(repo):
    assert (repo.refused("install", "pre-comit")
            == "keytidy: there is no hook 'pre-comit'; "
               "did you mean 'pre-commit'?\n")


def test_linked_worktree_installs_for_all(repo):
    repo.stage()
    assert repo.commit()[0] == 0
    linked = repo.scene.dir / "linked"
    repo.git("worktree", "add", "-q", linked)
    repo.hook("install", "--global-binary", cwd=linked)
    assert list(repo.hooks_now()) == ["pre-commit"]
    repo.stand_in(1)
    (linked / "b.txt").write_text("text\n")
    repo.git("add", "b.txt", cwd=linked)
    assert repo.commit(cwd=linked)[0] == 1
    assert repo.ran == ["scan", "--staged", "--no-progress"]


def test_submodule(repo):
    inner = Repo(repo.scene, repo.scene.dir / "inner")
    inner.path.mkdir()
    inner.git("init", "-q")
    inner.stage()
    assert inner.commit()[0] == 0
    repo.git("submodule", "add", "-q", inner.path, "sub")
    sub = repo.path / "sub"
    repo.hook("install", "--global-binary", cwd=sub)
    folder = repo.path / ".git/modules/sub/hooks"
    assert repo.hooks_now(folder) == {"pre-commit": template("pre-commit")}
    assert repo.hooks_now() == {}
    repo.stand_in(1)
    assert repo.commit("--allow-empty", cwd=sub)[0] == 1
    assert repo.ran == ["scan", "--staged", "--no-progress"]


def test_bare_repository(bare):
    bare.hook("install", "pre-receive")
    assert bare.hooks_now(bare.path / "hooks") == {
        "pre-receive": installed("pre-receive")}


def test_bare_repository_has_no_commits_of_its_own(bare):
    assert ("note: this repository has no worktree here; git runs pre-commit "
            "only in one.\n") in bare.hook("install")


# core.hooksPath.


def test_folder_of_the_worktree(repo):
    repo.git("config", "core.hooksPath", ".githooks")
    below = repo.path / "below"
    below.mkdir()
    out = repo.hook("install", cwd=below)
    assert "note: " in out and "--global-binary" in out
    assert repo.hooks_now() == {}
    assert list(repo.hooks_now(repo.path / ".githooks")) == ["pre-commit"]


def test_folder_of_the_worktree_with_the_binary_on_path(repo):
    repo.git("config", "core.hooksPath", ".githooks")
    assert repo.hook("install", "--global-binary") == (
        f"{repo.path}/.githooks/pre-commit: installed\n")
    repo.stand_in(1)
    assert repo.commit("--allow-empty")[0] == 1
    assert repo.ran == ["scan", "--staged", "--no-progress"]


def test_pre_receive_is_relative_to_the_git_dir(repo):
    repo.git("config", "core.hooksPath", "own")
    repo.hook("install", "pre-receive")
    assert list(repo.hooks_now(repo.path / ".git/own")) == ["pre-receive"]


def test_folder_elsewhere_is_refused(repo):
    repo.git("config", "--global", "core.hooksPath", "~/hooks")
    folder = repo.scene.home / "hooks"
    folder.mkdir()
    assert repo.refused("install") == (
        f"keytidy: {folder}: git looks for hooks there (core.hooksPath), but "
        "that is outside this repository, and others may use it too. Nothing "
        "was changed.\n"
        f"  By hand: add this line to {folder}/pre-commit\n"
        "    keytidy scan --staged --no-progress || exit\n"
        "  Or install there all the same: keytidy hook install pre-commit "
        "--shared\n")
    assert repo.hooks_now(folder) == {}


def test_folder_elsewhere_with_shared(repo):
    repo.git("config", "--global", "core.hooksPath", "~/hooks")
    folder = repo.scene.home / "hooks"
    repo.hook("install", "--shared")
    assert list(repo.hooks_now(folder)) == ["pre-commit"]
    assert "--shared removes it" in repo.refused("uninstall")
    assert list(repo.hooks_now(folder)) == ["pre-commit"]
    repo.hook("uninstall", "--shared")
    assert repo.hooks_now(folder) == {}


@pytest.mark.parametrize("name", HOOKS)
def test_folder_of_another_tool_is_refused(repo, name):
    # pre-receive would look below .git; the absolute path is the same for all.
    folder = repo.path / ".husky" / "_"
    folder.mkdir(parents=True)
    repo.git("config", "core.hooksPath", folder)
    message = repo.refused("install", name)
    assert "another tool writes that folder anew" in message
    assert f"add this line to {repo.path}/.husky/{name}\n" in message
    assert f"    {COMMAND[name]} || exit\n" in message
    assert repo.hooks_now(folder) == {}


def test_hooks_folder_that_is_a_link_out_of_the_repository(repo):
    shutil.rmtree(repo.path / ".git/hooks")
    elsewhere = repo.scene.home / "hooks"
    elsewhere.mkdir()
    (repo.path / ".git/hooks").symlink_to(elsewhere)
    assert "that is outside this repository" in repo.refused("install")


def test_hooks_that_are_switched_off(repo):
    repo.git("config", "core.hooksPath", "/dev/null")
    assert repo.refused("install") == (
        "keytidy: /dev/null: git looks for hooks there (core.hooksPath), but "
        "it is no directory, so none is run\n")


# Hooks that are there already.


def test_earlier_hook_is_kept_and_runs_first(repo):
    repo.write_hook("pre-commit", "echo earlier >>order\n")
    path = repo.path / ".git/hooks/pre-commit"
    assert repo.hook("install", "--global-binary") == (
        f"{path}: installed; the hook that was there is {path}.before-keytidy "
        "now and runs first\n")
    (repo.bin / "keytidy").write_text("#!/bin/sh\necho keytidy >>order\n")
    (repo.bin / "keytidy").chmod(0o755)
    assert repo.commit("--allow-empty")[0] == 0
    assert (repo.path / "order").read_text() == "earlier\nkeytidy\n"


def test_failure_of_the_earlier_hook_stops(repo):
    repo.write_hook("pre-commit", "exit 7\n")
    repo.hook("install", "--global-binary")
    repo.stand_in()
    code, _, _ = repo.call(".git/hooks/pre-commit")
    assert (code, repo.ran) == (7, None)
    assert repo.commit("--allow-empty")[0] == 1
    assert repo.commits() == 0


def test_earlier_hook_that_is_not_executable_is_passed_over_as_git_does(repo):
    repo.write_hook("pre-commit", "exit 7\n", mode=0o644)
    repo.hook("install", "--global-binary")
    repo.stand_in()
    assert repo.commit("--allow-empty")[0] == 0
    assert repo.ran == ["scan", "--staged", "--no-progress"]


@pytest.mark.parametrize("name", ["pre-push", "pre-receive"])
def test_both_read_the_same_standard_input(repo, name):
    repo.write_hook(name, 'printf "%s|" "$@" >args; cat >seen\n')
    repo.hook("install", name, "--global-binary")
    repo.stand_in()
    lines = "a b\n\\n %s $HOME `id` ü\n\n"
    code, _, err = repo.call(f".git/hooks/{name}", "a b", "$c", stdin=lines)
    assert (code, err) == (0, "")
    assert (repo.path / "args").read_text() == "a b|$c|"
    assert (repo.path / "seen").read_text() == lines
    assert repo.stdin == lines


@pytest.mark.parametrize("name", ["pre-push", "pre-receive"])
def test_earlier_hook_that_does_not_read(repo, name):
    repo.write_hook(name, "exit 0\n")
    repo.hook("install", name, "--global-binary")
    repo.stand_in()
    lines = f"refs/heads/x {ZEROS} refs/heads/x {ZEROS}\n" * 5000
    code, _, err = repo.call(f".git/hooks/{name}", "origin", stdin=lines)
    assert (code, err) == (0, "")
    assert repo.stdin == lines


@pytest.mark.parametrize("name", ["pre-push", "pre-receive"])
def test_failure_of_the_earlier_hook_with_standard_input(repo, name):
    repo.write_hook(name, "cat >/dev/null; exit 9\n")
    repo.hook("install", name, "--global-binary")
    repo.stand_in()
    assert repo.call(f".git/hooks/{name}", "o", stdin="a\n") == (9, "", "")
    assert repo.ran is None


def test_link_is_set_aside_as_a_link(repo):
    repo.write("tools/check", "#!/bin/sh\necho ran >seen\n", 0o755)
    (repo.path / ".git/hooks").mkdir(exist_ok=True)
    (repo.path / ".git/hooks/pre-commit").symlink_to("../../tools/check")
    repo.hook("install", "--global-binary")
    assert repo.hooks_now() == {
        "pre-commit": template("pre-commit"),
        "pre-commit.before-keytidy": "-> ../../tools/check"}
    repo.stand_in()
    assert repo.commit("--allow-empty")[0] == 0
    assert (repo.path / "seen").read_text() == "ran\n"
    repo.hook("uninstall")
    assert repo.hooks_now() == {"pre-commit": "-> ../../tools/check"}


def test_link_to_nowhere_is_set_aside(repo):
    (repo.path / ".git/hooks/pre-commit").symlink_to("gone")
    repo.hook("install")
    assert repo.hooks_now() == {"pre-commit": installed("pre-commit"),
                                "pre-commit.before-keytidy": "-> gone"}


def test_link_to_the_script_counts_as_installed(repo):
    repo.write("hooks/pre-commit", template("pre-commit"), 0o755)
    path = repo.path / ".git/hooks/pre-commit"
    path.symlink_to("../../hooks/pre-commit")
    assert repo.hook("install") == (
        f"{path}: is a symbolic link to keytidy's hook already; nothing to "
        "do\n")
    assert repo.hook("uninstall") == (
        f"{path}: is a symbolic link that keytidy did not make; left as it "
        "is\n")
    assert repo.hooks_now() == {"pre-commit": "-> ../../hooks/pre-commit"}


def test_two_hooks_in_the_way(repo):
    repo.write_hook("pre-commit", "one\n")
    repo.write_hook("pre-commit.before-keytidy", "two\n")
    path = repo.path / ".git/hooks/pre-commit"
    assert repo.refused("install") == (
        f"keytidy: {path}: is not keytidy's, and {path}.before-keytidy is "
        "there already, so it cannot be set aside; move one of them away "
        "first. Nothing was changed\n")


def test_an_earlier_hook_that_git_does_not_run(repo):
    repo.write_hook("pre-commit.before-keytidy", "two\n")
    assert "so git does not run it" in repo.refused("install")


def test_one_refusal_is_a_refusal_of_all(repo):
    repo.write_hook("pre-push", "one\n")
    repo.write_hook("pre-push.before-keytidy", "two\n")
    repo.refused("install", "pre-commit", "pre-push")


def test_directory_in_the_way(repo):
    path = repo.path / ".git/hooks/pre-commit"
    path.mkdir()
    code, _, err = repo.keytidy("hook", "install")
    assert (code, err) == (2, f"keytidy: {path}: is a directory\n")


def test_ours_with_another_binary_is_replaced(repo):
    repo.hook("install", "--global-binary")
    path = repo.path / ".git/hooks/pre-commit"
    assert (repo.hook("install")
            == f"{path}: replaced by the hook of this keytidy\n")
    assert repo.hooks_now() == {"pre-commit": installed("pre-commit")}


def test_ours_that_is_not_executable_is_replaced(repo):
    repo.hook("install")
    path = repo.path / ".git/hooks/pre-commit"
    path.chmod(0o644)
    repo.hook("install")
    assert path.stat().st_mode & 0o7777 == 0o755


def test_replacing_ours_keeps_the_earlier_hook(repo):
    repo.write_hook("pre-commit", "one\n")
    repo.hook("install", "--global-binary")
    repo.hook("install")
    assert repo.hooks_now() == {
        "pre-commit": installed("pre-commit"),
        "pre-commit.before-keytidy": "#!/bin/sh\none\n"}


def test_newer_version_is_left_alone(repo):
    repo.write_hook("pre-commit", MARK.replace("1", "2"))
    assert "installed by a newer keytidy" in repo.refused("install")


def test_script_copied_into_another_hook_is_not_ours(repo):
    repo.write_hook("pre-commit", "# mine\n" * 5 + template("pre-commit"))
    repo.hook("install")
    assert sorted(repo.hooks_now()) == ["pre-commit",
                                        "pre-commit.before-keytidy"]


def test_nothing_else_is_left_behind(repo):
    repo.write_hook("pre-commit", "one\n")
    before = repo.hooks_now()
    repo.hook("install", *HOOKS)
    repo.hook("uninstall", *HOOKS)
    assert repo.hooks_now() == before


# Removing.


def test_uninstall(repo):
    repo.hook("install")
    path = repo.path / ".git/hooks/pre-commit"
    assert repo.hook("uninstall") == f"{path}: removed\n"
    assert repo.hooks_now() == {}
    assert (repo.hook("uninstall")
            == f"{path}: is not installed; nothing to do\n")


def test_uninstall_puts_the_earlier_hook_back(repo):
    hook = repo.write_hook("pre-commit", "one\n")
    inode = hook.stat().st_ino
    repo.hook("install")
    assert repo.hook("uninstall") == (
        f"{hook}: removed; the earlier hook is back in its place\n")
    assert repo.hooks_now() == {"pre-commit": "#!/bin/sh\none\n"}
    assert hook.stat().st_ino == inode


def test_uninstall_leaves_what_is_not_ours(repo):
    hook = repo.write_hook("pre-commit", "one\n")
    assert (repo.hook("uninstall")
            == f"{hook}: is not keytidy's; left as it is\n")
    assert repo.hooks_now() == {"pre-commit": "#!/bin/sh\none\n"}


def test_uninstall_also_where_git_looks_no_longer(repo):
    repo.hook("install")
    repo.git("config", "core.hooksPath", ".githooks")
    repo.hook("install")
    repo.hook("uninstall")
    assert repo.hooks_now() == {}
    assert repo.hooks_now(repo.path / ".githooks") == {}


# What the hooks run.


@pytest.mark.parametrize("code", [1, 2, 3, 130])
def test_pre_commit_stops_with_the_exit_code(repo, code):
    repo.hook("install", "--global-binary")
    repo.stand_in(code)
    assert repo.call(".git/hooks/pre-commit")[0] == code
    assert repo.commit("--allow-empty")[0] == 1
    assert repo.commits() == 0


def test_what_a_blocked_commit_says(repo):
    repo.hook("install", "--global-binary")
    repo.stand_in(1)
    code, out, err = repo.call(".git/hooks/pre-commit")
    assert (code, out) == (1, "")
    for text in ("commit stopped", "git add", "replace it by a new one",
                 "keytidy:allow RULE REASON", "keytidy.toml",
                 "docs/configuration.md", "KEYTIDY_SKIP=1 git commit"):
        assert text in err


@pytest.mark.parametrize("name", HOOKS)
def test_incomplete_proves_nothing(repo, name):
    repo.hook("install", name, "--global-binary")
    repo.stand_in(3)
    code, _, err = repo.call(f".git/hooks/{name}", stdin="a\n")
    assert code == 3
    assert "what is listed above could not be read" in err
    assert "proved" in err


@pytest.mark.parametrize("name", HOOKS)
def test_findings_name_the_ways_on(repo, name):
    repo.hook("install", name, "--global-binary")
    repo.stand_in(1)
    code, _, err = repo.call(f".git/hooks/{name}", stdin="a\n")
    assert code == 1
    assert "Three ways on:\n  1. " in err
    assert "keytidy:allow RULE REASON" in err


@pytest.mark.parametrize("value", ["1", "yes", "00"])
@pytest.mark.parametrize("name", HOOKS)
def test_skip(repo, name, value):
    repo.hook("install", name, "--global-binary")
    repo.stand_in(1)
    code, out, err = repo.call(f".git/hooks/{name}", stdin="a\n",
                               env={"KEYTIDY_SKIP": value})
    assert (code, out, repo.ran) == (0, "", None)
    assert err.startswith(f"keytidy ({name}): skipped because KEYTIDY_SKIP ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("value", ["", "0"])
@pytest.mark.parametrize("name", HOOKS)
def test_no_skip(repo, name, value):
    repo.hook("install", name, "--global-binary")
    repo.stand_in(1)
    assert repo.call(f".git/hooks/{name}", stdin="a\n",
                     env={"KEYTIDY_SKIP": value})[0] == 1
    assert repo.ran is not None


def test_skip_does_not_skip_the_earlier_hook(repo):
    repo.write_hook("pre-commit", "exit 7\n")
    repo.hook("install", "--global-binary")
    assert repo.call(".git/hooks/pre-commit",
                     env={"KEYTIDY_SKIP": "1"}) == (7, "", "")


@pytest.mark.parametrize("name", HOOKS)
def test_missing_binary_stops(repo, name):
    repo.hook("install", name, "--global-binary")
    code, out, err = repo.call(f".git/hooks/{name}", stdin="a\n")
    assert (code, out) == (1, "")
    assert err.startswith(f"keytidy ({name}): ")
    assert "keytidy was not found" in err
    assert err.count("\n") == 1


def moved_binary(repo):
    """A copy of the program in a folder whose name is hard to quote."""
    folder = repo.scene.dir / "it's a\n\"$(touch bad)\" `b` \\"
    folder.mkdir()
    return shutil.copy(PROGRAM, folder / "keytidy")


def test_named_binary_comes_before_the_one_on_path(repo):
    binary = moved_binary(repo)
    assert repo.call(binary, "hook", "install")[0] == 0
    binary.unlink()
    repo.stand_in(0, at=binary)
    (repo.bin / "keytidy").write_text("#!/bin/sh\nexit 5\n")
    (repo.bin / "keytidy").chmod(0o755)
    assert repo.commit("--allow-empty") == (0, "")
    assert repo.ran == ["scan", "--staged", "--no-progress"]
    assert not (repo.path / "bad").exists()


def test_the_one_on_path_where_the_named_binary_is_gone(repo):
    binary = moved_binary(repo)
    assert repo.call(binary, "hook", "install")[0] == 0
    binary.unlink()
    repo.stand_in()
    assert repo.commit("--allow-empty") == (0, "")
    assert repo.ran == ["scan", "--staged", "--no-progress"]


def test_hostile_name_of_the_repository(scene):
    repo = Repo(scene, scene.dir / "it's a\n\"$(touch bad)\" repo \x1b[31m")
    repo.path.mkdir()
    repo.git("init", "-q")
    repo.write_hook("pre-commit", "echo ran >seen\n")
    out = repo.hook("install", "--global-binary")
    assert "\x1b" not in out and out.count("\n") == 1
    repo.stand_in(1)
    assert repo.commit("--allow-empty")[0] == 1
    assert (repo.path / "seen").read_text() == "ran\n"
    assert (scene.home / "log.pwd").read_text() == f"{repo.path}\n"
    repo.hook("uninstall")
    assert list(repo.hooks_now()) == ["pre-commit"]


@pytest.mark.parametrize("how", ["-C", "GIT_DIR"])
def test_commit_from_elsewhere(repo, how):
    repo.hook("install", "--global-binary")
    repo.stand_in(1)
    arguments, env = ["-C", str(repo.path)], {}
    if how == "GIT_DIR":
        arguments = []
        env = {"GIT_DIR": str(repo.path / ".git"),
               "GIT_WORK_TREE": str(repo.path)}
    code, _, _ = repo.call("git", *arguments, "commit", "--allow-empty", "-m",
                           "m", cwd=repo.scene.home, env=env)
    assert code == 1
    assert repo.ran == ["scan", "--staged", "--no-progress"]


def test_pre_push_gets_the_remote_and_the_refs(repo, bare):
    repo.hook("install", "pre-push", "--global-binary")
    repo.stand_in()
    repo.stage()
    assert repo.commit()[0] == 0
    repo.git("remote", "add", "origin", bare.path)
    repo.git("push", "-q", "origin", "main")
    assert repo.ran == ["scan", "--range", "-", "--remote", "origin"]
    head = repo.git("rev-parse", "HEAD")
    assert repo.stdin == (f"refs/heads/main {head} refs/heads/main {ZEROS}\n")


def test_pre_push_to_a_path(repo, bare):
    repo.hook("install", "pre-push", "--global-binary")
    repo.stand_in(1)
    repo.stage()
    assert repo.commit()[0] == 0
    assert repo.call("git", "push", "-q", bare.path, "main")[0] == 1
    assert repo.ran == ["scan", "--range", "-", "--remote", str(bare.path)]
    assert bare.commits("main") == 0


def test_pre_push_with_nothing_to_push(repo, bare):
    repo.stage()
    assert repo.commit()[0] == 0
    repo.git("push", "-q", bare.path, "main")
    repo.hook("install", "pre-push", "--global-binary")
    repo.stand_in(1)
    repo.git("push", "-q", bare.path, "main")
    assert repo.ran is None


def test_pre_receive_gets_the_refs(repo, bare):
    bare.hook("install", "pre-receive", "--global-binary")
    repo.stand_in(1)
    repo.stage()
    assert repo.commit()[0] == 0
    code, _, err = repo.call("git", "push", "-q", bare.path, "main")
    assert code == 1
    assert "remote: keytidy (pre-receive): push refused" in err
    assert repo.ran == ["scan", "--range", "-"]
    head = repo.git("rev-parse", "HEAD")
    assert repo.stdin == f"{ZEROS} {head} refs/heads/main\n"
    assert bare.commits("main") == 0


# Doctor.


def doctor(repo, **options):
    code, out, err = repo.keytidy("hook", "doctor", **options)
    assert err == ""
    return code, out


def test_nothing_installed(repo):
    assert doctor(repo) == (1, (
        "pre-commit: not installed\n"
        "  do: keytidy hook install pre-commit\n"
        "pre-push: not installed\n"
        "pre-receive: not installed\n"))


def test_installed_and_sound(repo):
    repo.hook("install")
    assert doctor(repo) == (0, (
        f"pre-commit: installed, {repo.path}/.git/hooks/pre-commit\n"
        f"  binary: {own_path()}: version {version(repo)}\n"
        "pre-push: not installed\n"
        "pre-receive: not installed\n"))


def test_chained(repo):
    repo.write_hook("pre-commit", "one\n")
    repo.write_hook("pre-push", "one\n", mode=0o644)
    repo.hook("install", "pre-commit", "pre-push")
    code, out = doctor(repo)
    path = repo.path / ".git/hooks"
    assert code == 0
    assert (f"  earlier hook: {path}/pre-commit.before-keytidy, runs first\n"
            in out)
    assert (f"  earlier hook: {path}/pre-push.before-keytidy, is not "
            "executable, so it is passed over\n" in out)


def test_another_hook(repo):
    hook = repo.write_hook("pre-commit", "one\n")
    code, out = doctor(repo)
    assert code == 1
    assert f"pre-commit: not installed; {hook} is another hook\n" in out


def test_earlier_hook_without_ours(repo):
    earlier = repo.write_hook("pre-commit.before-keytidy", "one\n")
    code, out = doctor(repo)
    assert code == 1
    assert f"  {earlier} is there, but git does not run it\n" in out


def test_help_fits(repo):
    for command in ([], ["install"], ["uninstall"], ["doctor"]):
        out = repo.hook(*command, "--help")
        assert [line for line in out.splitlines() if len(line) > 80] == []


def test_not_executable(repo):
    repo.hook("install")
    (repo.path / ".git/hooks/pre-commit").chmod(0o644)
    code, out = doctor(repo)
    assert code == 1
    assert ("  problem: the script is not executable, so git passes over it\n"
            in out)
    assert "  do: keytidy hook install pre-commit\n" in out


def test_changed_by_hand(repo):
    repo.hook("install")
    path = repo.path / ".git/hooks/pre-commit"
    path.write_text(path.read_text() + "exit 0\n")
    code, out = doctor(repo)
    assert code == 1
    assert "  problem: the script is not that of this keytidy" in out


def test_named_binary_is_gone(repo):
    binary = moved_binary(repo)
    assert repo.call(binary, "hook", "install")[0] == 0
    binary.unlink()
    code, out = doctor(repo)
    assert code == 1
    assert "is not there; the one on PATH is taken\n" in out
    assert ("  problem: there is no keytidy on PATH, so every run is "
            "stopped\n" in out)
    shutil.copy(PROGRAM, repo.bin / "keytidy")
    code, out = doctor(repo)
    assert code == 0
    assert (f"  binary: {repo.bin}/keytidy (on PATH): "
            f"version {version(repo)}\n" in out)


@pytest.mark.parametrize("text, why", [
    ("#!/bin/sh\nexit 1\n", "does not run"),
    ("#!/bin/sh\necho hello\n", "runs, but is not keytidy"),
    ("#!/nowhere\n", "does not run"),
    ("#!/bin/sh\nyes\n", "does not run"),
])
def test_named_binary_is_unsound(repo, text, why):
    binary = repo.scene.home / "keytidy"
    shutil.copy(PROGRAM, binary)
    assert repo.call(binary, "hook", "install")[0] == 0
    binary.unlink()
    binary.write_text(text)
    binary.chmod(0o755)
    code, out = doctor(repo)
    assert code == 1
    assert f"  problem: binary {binary}: {why}\n" in out


def test_program_of_the_repository_is_not_started(repo):
    binary = repo.path / "keytidy"
    shutil.copy(PROGRAM, binary)
    assert repo.call(binary, "hook", "install")[0] == 0
    assert repo.call(binary, "hook", "doctor")[0] == 0
    binary.unlink()
    binary.write_text("#!/bin/sh\ntouch ran\necho keytidy 9\n")
    binary.chmod(0o755)
    code, out = doctor(repo)
    assert code == 1
    assert "is in the repository, so it was not started" in out
    assert not (repo.path / "ran").exists()


def test_shadowed_by_hooks_path(repo):
    repo.hook("install")
    repo.git("config", "core.hooksPath", ".githooks")
    code, out = doctor(repo)
    assert code == 1
    assert (f"pre-commit: not installed\n  {repo.path}/.git/hooks/pre-commit, "
            "keytidy's hook, is not run, because core.hooksPath is "
            ".githooks\n" in out)


def test_found_by_hooks_path(repo):
    repo.git("config", "core.hooksPath", ".githooks")
    repo.hook("install")
    code, out = doctor(repo)
    assert code == 0
    assert "  found by core.hooksPath, which is .githooks\n" in out


def test_shared_folder_says_what_to_add_by_hand(repo):
    repo.git("config", "core.hooksPath", repo.scene.home / "hooks")
    code, out = doctor(repo)
    assert code == 1
    assert ("  do: keytidy hook install pre-commit --shared, or add by hand to "
            f"{repo.scene.home}/hooks/pre-commit: keytidy scan --staged "
            "--no-progress || exit\n" in out)


def test_hooks_switched_off(repo):
    repo.hook("install")
    repo.git("config", "core.hooksPath", "/dev/null")
    code, out = doctor(repo)
    assert code == 1
    assert "pre-commit: not installed; /dev/null: git looks" in out


def test_server(bare):
    assert doctor(bare)[0] == 1
    bare.hook("install", "pre-receive")
    code, out = doctor(bare)
    assert code == 0
    assert "pre-commit: not installed\n" in out


def test_an_installed_hook_that_is_broken(repo):
    repo.hook("install", "pre-commit", "pre-push")
    (repo.path / ".git/hooks/pre-push").chmod(0o644)
    assert doctor(repo)[0] == 1


# Real keys, real commits.


@pytest.fixture(name="guarded")
def a_repository_with_the_hook(repo):
    repo.stage("first.txt")
    assert repo.commit()[0] == 0
    repo.hook("install")
    return repo


def line_with(key):
    return f"KRYTON_TOKEN={key}\n"


def assert_stopped(ended, key):
    code, err = ended
    assert code == 1
    assert "kryton-api-key" in err
    assert "commit stopped" in err
    assert key not in err


def test_clean_commit_passes(guarded):
    guarded.stage("a.txt")
    assert guarded.commit()[0] == 0
    assert guarded.commits() == 2


def test_first_commit_of_a_repository(repo, keys):
    repo.hook("install")
    key = keys.kryton()
    repo.stage("a.env", line_with(key))
    assert_stopped(repo.commit(), key)
    repo.stage("a.env", "clean\n")
    assert repo.commit()[0] == 0


def test_staged_key_is_stopped_and_let_through_once(guarded, keys):
    key = keys.kryton()
    guarded.stage("a.env", line_with(key))
    assert_stopped(guarded.commit(), key)
    assert guarded.commits() == 1
    code, err = guarded.commit(env={"KEYTIDY_SKIP": "1"})
    assert (code, guarded.commits()) == (0, 2)
    assert err.startswith("keytidy (pre-commit): skipped")


def test_marked_key_passes(guarded, keys):
    guarded.stage("a.env", f"KRYTON_TOKEN={keys.kryton()}  "
                           "# keytidy:allow kryton-api-key for the test\n")
    assert guarded.commit()[0] == 0


def test_key_in_the_index_counts_not_in_the_worktree(guarded, keys):
    key = keys.kryton()
    guarded.stage("a.env", line_with(key))
    guarded.write("a.env", "clean\n")
    assert_stopped(guarded.commit(), key)
    guarded.stage("a.env", "clean\n")
    guarded.write("a.env", line_with(key))
    assert guarded.commit()[0] == 0


def test_commit_all(guarded, keys):
    key = keys.kryton()
    guarded.write("first.txt", line_with(key))
    assert_stopped(guarded.commit("-a"), key)
    assert guarded.commits() == 1


def test_commit_of_one_path(guarded, keys):
    key = keys.kryton()
    guarded.stage("a.env", line_with(key))
    guarded.write("first.txt", "clean\n")
    assert guarded.commit("first.txt")[0] == 0
    assert_stopped(guarded.commit("a.env"), key)


def test_commit_in_a_linked_worktree(guarded, keys):
    linked = guarded.scene.dir / "linked"
    guarded.git("worktree", "add", "-q", linked)
    key = keys.kryton()
    (linked / "a.env").write_text(line_with(key))
    guarded.git("add", "a.env", cwd=linked)
    assert_stopped(guarded.commit(cwd=linked), key)


def test_commit_from_a_folder_below(guarded, keys):
    key = keys.kryton()
    guarded.stage("b/a.env", line_with(key))
    assert_stopped(guarded.commit(cwd=guarded.path / "b"), key)


def test_amend(guarded, keys):
    key = keys.kryton()
    guarded.stage("a.env", line_with(key))
    assert_stopped(guarded.commit("--amend"), key)


def test_deletion_of_a_key_passes(guarded, keys):
    guarded.stage("a.env", line_with(keys.kryton()))
    assert guarded.commit(env={"KEYTIDY_SKIP": "1"})[0] == 0
    guarded.git("rm", "-q", "a.env")
    assert guarded.commit()[0] == 0


def test_empty_commit_passes(guarded):
    assert guarded.commit("--allow-empty")[0] == 0


def test_merge_whose_resolution_has_a_key(guarded, keys):
    guarded.git("checkout", "-q", "-b", "side")
    guarded.stage("first.txt", "side\n")
    assert guarded.commit()[0] == 0
    guarded.git("checkout", "-q", "main")
    guarded.stage("first.txt", "main\n")
    assert guarded.commit()[0] == 0
    assert guarded.call("git", "merge", "-q", "side")[0] == 1
    key = keys.kryton()
    guarded.stage("first.txt", line_with(key))
    assert_stopped(guarded.commit(), key)
    guarded.stage("first.txt", "both\n")
    assert guarded.commit()[0] == 0


def push_of_a_key(repo, key):
    """A key in one commit and taken out in the next."""
    repo.stage("a.env", line_with(key))
    assert repo.commit()[0] == 0
    repo.stage("a.env", "clean\n")
    assert repo.commit()[0] == 0


def test_push_is_stopped(repo, bare, keys):
    repo.stage()
    assert repo.commit()[0] == 0
    repo.git("remote", "add", "origin", bare.path)
    repo.hook("install", "pre-push")
    repo.git("push", "-q", "origin", "main")
    key = keys.kryton()
    push_of_a_key(repo, key)
    code, _, err = repo.call("git", "push", "-q", "origin", "main")
    assert code == 1
    assert "kryton-api-key" in err and "push stopped" in err
    assert key not in err
    assert bare.commits("main") == 1
    repo.git("push", "-q", "origin", "main", env={"KEYTIDY_SKIP": "1"})
    assert bare.commits("main") == 3


def test_push_of_a_deletion_passes(repo, bare):
    repo.stage()
    assert repo.commit()[0] == 0
    repo.git("push", "-q", bare.path, "main", "main:side")
    repo.hook("install", "pre-push")
    repo.git("push", "-q", bare.path, ":side")


def test_push_is_refused_by_the_server(repo, bare, keys):
    bare.hook("install", "pre-receive")
    repo.stage()
    assert repo.commit()[0] == 0
    repo.git("push", "-q", bare.path, "main")
    key = keys.kryton()
    push_of_a_key(repo, key)
    code, _, err = repo.call("git", "push", "-q", bare.path, "main")
    assert code == 1
    assert "kryton-api-key" in err and "push refused" in err
    assert key not in err
    assert bare.commits("main") == 1
