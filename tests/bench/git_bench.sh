#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints what docs/benchmarks.md records of git: ratios against named peers,
# measured in the same run on the same machine.
#
#   tests/bench/git_bench.sh REPO…
#
# Each REPO is a repository with packs, best of several sizes, one of 5 GB
# inflated. Nothing in it is changed. Wants hyperfine, git and python3; builds
# what it measures. RUNS=5 THREADS=2 by default.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
[ $# -gt 0 ] || { echo "usage: git_bench.sh REPO..." >&2; exit 2; }
runs=${RUNS:-5}
threads=${THREADS:-2}

cmake -S "$top" -B "$top/build/bench" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DKEYTIDY_BENCH=ON > /dev/null
cmake --build "$top/build/bench" --target keytidy unpack_bench > /dev/null
keytidy=$top/build/bench/keytidy
unpack=$top/build/bench/tests/bench/unpack_bench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work XDG_CACHE_HOME=$work/cache GIT_CONFIG_NOSYSTEM=1
git config --global safe.directory '*'

# median NAME COMMAND: seconds, kept in $work/NAME and printed.
median() {
  hyperfine -N -i --warmup 1 --runs "${3:-$runs}" \
    --export-json "$work/out.json" "$2" > /dev/null 2>&1
  python3 - "$1" "$work/out.json" "$work/$1" <<'PY'
import json, sys
name, path, keep = sys.argv[1:]
r = json.load(open(path))["results"][0]
open(keep, "w").write(str(r["median"]))
print(f"  {name}: {r['median']:.3f} s ({r['min']:.3f} to {r['max']:.3f})")
PY
}
ratio() {
  python3 -c "
a, b = (float(open('$work/' + n).read()) for n in ('$2', '$3'))
print(f'  ratio $1: {a / b:.2f}')"
}
peak() {
  python3 - "$@" <<'PY'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL,
               stderr=subprocess.DEVNULL)
kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(f"  peak memory, mapped packs included: {kib / 1024:.0f} MiB")
PY
}

echo "machine: $(nproc) processors, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
echo "load before: $(cut -d ' ' -f 1-3 /proc/loadavg)"

for repo in "$@"; do
  git=$(git -C "$repo" rev-parse --absolute-git-dir)
  echo "$(basename "$repo"), $(git -C "$repo" count-objects -v | tr '\n' ' ')"
  git -C "$repo" cat-file --batch-all-objects \
    --batch-check='%(objecttype) %(objectsize) %(objectname)' > "$work/all"
  awk '{ n[$1]++; s[$1] += $2 } END { for (t in n)
    printf "  %s: %d, %.0f MB inflated\n", t, n[t], s[t] / 1e6 }' "$work/all"
  awk '$1 == "blob" { print $3 }' "$work/all" > "$work/blobs"
  cat > "$work/cat-file" <<SH
#!/bin/sh
exec git -C '$git' cat-file --batch --buffer < '$work/blobs'
SH
  chmod +x "$work/cat-file"
  median cat_file "$work/cat-file" $((runs > 3 ? 3 : runs))
  median unpack_blobs "$unpack $git/objects $threads blobs"
  median unpack_all "$unpack $git/objects $threads all"
  scan="$keytidy scan --history $git -j $threads --no-archives --no-submodules --min-confidence low -q -f json"
  # A rule of its own in place of the catalogue's findings is not to be had, so
  # these runs name what the catalogue finds too.
  median scan "$scan -o $work/scan.json"
  median scan_no_delta "$scan --no-delta -o $work/whole.json" 1
  cmp "$work/scan.json" "$work/whole.json" &&
    echo "  with and without --no-delta: the same bytes"
  median scan_hits "$scan --rules $top/tests/bench/one_in_a_thousand.toml -o $work/hits.json"
  python3 - "$work/scan.json" "$work/hits.json" <<'PY'
import json, sys
for path in sys.argv[1:]:
    r = json.load(open(path))
    blobs = {o["blob"] for f in r["findings"] for o in f["occurrences"]}
    n = r["coverage"]["blobs"]
    print(f"  {path.rsplit('/', 1)[1]}: {n} blobs read, {len(blobs)} hit "
          f"(1 in {n // max(len(blobs), 1)}), {r['coverage']['commits']} commits")
PY
  $scan --since-last="$work/state" -o "$work/first.json" || true
  median since_last "$scan --since-last=$work/state -o $work/again.json"
  ratio "scan to cat-file (wanted 0.3, aim 0.15)" scan cat_file
  ratio "scan to unpacking the blobs (wanted 2)" scan unpack_blobs
  ratio "scan to unpacking all objects, which it does too" scan unpack_all
  ratio "scan with 1 hit in 1,000 to scan (wanted 1.5)" scan_hits scan
  ratio "second run with --since-last to scan" since_last scan
  # shellcheck disable=SC2086
  peak $scan -o "$work/peak.json"
done

git init -q "$work/ten"
cd "$work/ten"
for i in $(seq 2000); do echo "file $i" > "file$i.txt"; done
git add . && git -c user.name=b -c user.email=b@example.org commit -qm b
for i in $(seq 10); do echo "changed" >> "file$i.txt"; done
git add .
echo "staged: 10 of 2,000 files"
median staged "$keytidy scan --staged -q" $((runs * 20))
median git_diff "git diff --cached --name-only" $((runs * 20))
ratio "scan --staged to git diff --cached --name-only (wanted 8)" staged git_diff
echo "load after: $(cut -d ' ' -f 1-3 /proc/loadavg)"
