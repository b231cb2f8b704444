#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints what docs/benchmarks.md records: ratios against named peers, measured
# in the same run on the same machine.
#
#   tests/bench/scan_bench.sh TREE
#
# TREE is a directory of source code, best of 500 MB or so. Wants hyperfine,
# ripgrep, git and python3; builds what it measures.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
tree=$(cd "${1:?usage: scan_bench.sh TREE}" && pwd)
runs=${RUNS:-10}

cmake -S "$top" -B "$top/build/bench" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DKEYTIDY_BENCH=ON > /dev/null
cmake --build "$top/build/bench" --target keytidy match_bench > /dev/null
keytidy=$top/build/bench/keytidy
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work XDG_CACHE_HOME=$work/cache

# compare NAME OURS PEER: medians, and their ratio.
compare() {
  hyperfine -N -i --warmup 3 --runs "$4" --export-json "$work/out.json" \
    "$2" "$3" > /dev/null 2>&1
  python3 - "$1" "$work/out.json" <<'PY'
import json, sys
ours, peer = json.load(open(sys.argv[2]))["results"]
print(f"{sys.argv[1]}: {ours['median'] * 1000:.1f} ms against "
      f"{peer['median'] * 1000:.1f} ms: {ours['median'] / peer['median']:.2f} "
      f"(ours {ours['min'] * 1000:.1f} to {ours['max'] * 1000:.1f}, "
      f"peer {peer['min'] * 1000:.1f} to {peer['max'] * 1000:.1f})")
PY
}

echo "machine: $(nproc) processors, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
echo "load before: $(cut -d ' ' -f 1-3 /proc/loadavg)"

git init -q "$work/repo"
git -C "$work/repo" -c user.name=b -c user.email=b@example.org \
  commit -q --allow-empty -m b
echo "nothing here" > "$work/repo/small.txt"
cd "$work/repo"
compare "start-up, 'keytidy scan small.txt' against 'git rev-parse HEAD'" \
  "$keytidy scan small.txt" "git rev-parse HEAD" $((runs * 20))

cd "$tree"
"$keytidy" scan . -j2 --no-ignore --no-archives -q --format json \
  -o "$work/tree.json" || true
python3 - "$work/tree.json" <<'PY'
import json, sys
coverage = json.load(open(sys.argv[1]))["coverage"]
print(f"tree: {coverage['files']} files, {coverage['bytes'] / 1e6:.0f} MB read, "
      f"{len(coverage['skipped'])} left out (binary)")
PY
compare "tree, 2 threads, against 'rg -j2 -uuu -c sk_live_'" \
  "$keytidy scan . -j2 --no-ignore --no-archives -q -o $work/report" \
  "rg -j2 -uuu -c sk_live_ ." "$runs"
compare "tree with its archives unpacked too (rg does not look into them)" \
  "$keytidy scan . -j2 --no-ignore -q -o $work/report" \
  "rg -j2 -uuu -c sk_live_ ." 3

# peak COMMAND...: its largest resident set.
peak() {
  python3 - "$@" <<'PY'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=False)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(f"{peak / 1024:.0f} MiB")
PY
}
echo "peak memory on the tree: $(peak "$keytidy" scan . -j2 --no-ignore -q -o "$work/report")"
yes 'a line of an ordinary log file, nothing to see here' |
  head -c 4294967296 > "$work/big.log" || true
echo "peak memory on a file of 4 GiB: $(peak "$keytidy" scan "$work/big.log" -q -o "$work/report")"
rm -f "$work/big.log"

find . -name '*.[ch]' -size +1k -print0 > "$work/all"
head -z -n 2000 "$work/all" > "$work/list"
echo "stage 1 and both stages, one core, C sources of the tree:"
xargs -0 "$top/build/bench/tests/bench/match_bench" < "$work/list" 2> /dev/null |
  awk '/^Stage1|^BothStages/ {
    split($0, a, "bytes_per_second="); split(a[2], b, "/s");
    print "  " $1 " " b[1] "iB/s" }'
echo "load after: $(cut -d ' ' -f 1-3 /proc/loadavg)"
