// SPDX-License-Identifier: Apache-2.0
//
// Matching alone, over text that is in memory: no files, no threads.
//
//   match_bench FILE... [--benchmark_...]
//
// The files' contents, one after the other, are the text. `Stage1` is the
// Hyperscan pass over all anchors; `BothStages` is what a scan does.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "match/engine.h"
#include "match/loader.h"
#include "rules/catalogue.h"

namespace {

using keytidy::match::Hit;
using keytidy::match::Match;

// As a scan cuts its input.
constexpr std::size_t kPiece = 2 << 20;

void Stage1(benchmark::State& state, const keytidy::match::Engine& engine,
            const std::string& text) {
  auto scratch = keytidy::match::Scratch::Make(engine.database());
  std::size_t found = 0;
  for (auto _ : state) {
    found = 0;
    std::vector<Hit> hits;
    for (std::size_t at = 0; at < text.size(); at += kPiece) {
      hits.clear();
      const auto ok = scratch->Scan(
          engine.database(), std::string_view(text).substr(at, kPiece), &hits);
      if (!ok) return state.SkipWithError("stage 1 failed");
      found += hits.size();
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) *
                          static_cast<std::int64_t>(state.iterations()));
  state.counters["hits"] = static_cast<double>(found);
}

void BothStages(benchmark::State& state, const keytidy::match::Engine& engine,
                const std::string& text) {
  auto scanner = keytidy::match::Scanner::Make(engine);
  std::size_t found = 0;
  for (auto _ : state) {
    found = 0;
    std::vector<Match> matches;
    for (std::size_t at = 0; at < text.size(); at += kPiece) {
      matches.clear();
      const std::string_view piece = std::string_view(text).substr(at, kPiece);
      const auto ok = scanner->Scan(piece, 0, piece.size(), &matches);
      if (!ok) return state.SkipWithError("a scan failed");
      found += matches.size();
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) *
                          static_cast<std::int64_t>(state.iterations()));
  state.counters["matches"] = static_cast<double>(found);
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  std::string text;
  for (int i = 1; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    text.append(std::istreambuf_iterator<char>(in), {});
  }
  if (text.empty()) {
    std::fputs("usage: match_bench FILE... [--benchmark_...]\n", stderr);
    return 2;
  }
  const auto loaded =
      keytidy::match::LoadEngine(keytidy::rules::EmbeddedCatalogue(), {}, "");
  if (!loaded) {
    std::fprintf(stderr, "%s\n", loaded.error().message.c_str());
    return 2;
  }
  const keytidy::match::Engine& engine = *(*loaded)->engine;
  benchmark::RegisterBenchmark("Stage1", Stage1, std::cref(engine),
                               std::cref(text));
  benchmark::RegisterBenchmark("BothStages", BothStages, std::cref(engine),
                               std::cref(text));
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
