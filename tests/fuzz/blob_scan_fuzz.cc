// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a file, with archives opened and read in small pieces: whatever
// is left out has a reason, no line that would be shown has a key in clear, and
// large pieces find the same as small ones.
#include <algorithm>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "check.h"
#include "match/engine.h"
#include "match/example.h"
#include "match/loader.h"
#include "match/rule_check.h"
#include "rules/catalogue.h"
#include "scan/blob_scanner.h"
#include "source/byte_reader.h"

namespace {

using keytidy::Check;
using keytidy::Skip;
using keytidy::match::Engine;
using keytidy::scan::BlobName;
using keytidy::scan::BlobScanner;
using keytidy::scan::Found;
using keytidy::scan::Options;

constexpr std::size_t kWidestTemplate = 500;

// What tells an archive is within the first 512 bytes.
constexpr std::size_t kSmallChunk = 512;
constexpr std::size_t kLargeChunk = 1 << 16;

// Rules that look so little around that even small files come in pieces.
constexpr std::string_view kSmallRules = R"(
provider = "demo"
name = "Demo"
sources = ["https://example.org/docs"]
[[rule]]
id = "demo-key"
title = "Demo key"
severity = "high"
pattern = 'demo_[0-9a-f]{24}'
examples = ['demo_{hex:24}']
advice = "Revoke it."
[[rule]]
id = "demo-password"
title = "Demo password"
severity = "high"
guessable = true
pattern = 'pass=([^\s]{6,12})'
anchor = 'pass='
group = 1
before = ''
after = ''
examples = ['pass={alnum:8}']
advice = "Change it."
)";

std::unique_ptr<Engine> SmallEngine() {
  static keytidy::rules::RuleSet set;
  keytidy::match::CheckOptions options;
  options.worst_case = false;
  if (!set.Add("small.toml", std::string(kSmallRules)) ||
      !keytidy::match::CheckRules(&set, options)) {
    std::abort();
  }
  auto database = keytidy::match::Database::Compile(set.rules(),
                                                    keytidy::match::Cpu::kThis);
  return std::make_unique<Engine>(set.rules(), *std::move(database));
}

// One way to scan, kept from input to input.
class Setup {
 public:
  Setup(const Engine& engine, std::size_t chunk, bool show_secrets)
      : roots_(1) {
    options_.chunk = chunk;
    options_.binary = true;
    options_.show_secrets = show_secrets;
    options_.archive_limits.depth = 3;
    options_.archive_limits.entries = 100;
    options_.archive_limits.total_bytes = std::uint64_t{4} << 20;
    options_.archive_limits.buffered_bytes = std::uint64_t{1} << 20;
    auto made = BlobScanner::Make(engine, options_, roots_, &progress_);
    if (!made) std::abort();
    scanner_ = *std::move(made);
  }

  std::vector<Found> Run(std::string_view bytes) {
    auto& collected = scanner_->collected();
    collected.found.clear();
    collected.coverage = {};
    keytidy::source::MemoryReader reader(bytes);
    BlobName name;
    name.path = "dir/fuzz";
    name.below_settings = "fuzz";
    scanner_->Scan(reader, name, std::stop_token());
    for (const Skip& skip : collected.coverage.skipped) {
      Check(!skip.reason.empty(), "what is left out has a reason", bytes);
      Check(skip.path.starts_with("dir/fuzz"), "and a path", bytes);
    }
    Check(collected.coverage.files > 0 || !collected.coverage.skipped.empty() ||
              keytidy::source::LooksLikeArchive(bytes),
          "a file is read or left out", bytes);
    return std::move(collected.found);
  }

 private:
  Options options_;
  std::vector<keytidy::scan::Root> roots_;
  keytidy::scan::Progress progress_;
  std::unique_ptr<BlobScanner> scanner_;
};

void CheckPlace(const Found& found, const Engine& engine,
                std::string_view bytes) {
  const auto& place = found.place;
  Check(found.rule < engine.rules().size(), "the rule", bytes);
  Check(place.span.start < place.span.end, "the span", bytes);
  Check(place.source == keytidy::SourceKind::kArchive ||
            place.span.end <= bytes.size(),
        "the span is inside", bytes);
  Check(place.range.line >= 1 && place.range.column >= 1 &&
            place.range.end_line >= place.range.line,
        "the lines", bytes);
  Check(place.excerpt.caret + place.excerpt.caret_width <=
            place.excerpt.text.size(),
        "the caret is under the line", bytes);
  Check(place.excerpt.caret_width > 0, "there is a caret", bytes);
  Check(place.excerpt.text.find('\n') == std::string::npos, "one line", bytes);
}

// The same file in three ways.
class Setups {
 public:
  explicit Setups(const Engine& engine)
      : engine_(engine),
        small_(engine, kSmallChunk, false),
        large_(engine, kLargeChunk, false),
        showing_(engine, kSmallChunk, true) {}

  void Run(std::string_view bytes);

 private:
  const Engine& engine_;
  Setup small_;
  Setup large_;
  Setup showing_;
};

void Setups::Run(std::string_view bytes) {
  const std::vector<Found> small = small_.Run(bytes);
  const std::vector<Found> large = large_.Run(bytes);
  const std::vector<Found> shown = showing_.Run(bytes);
  Check(small.size() == large.size() && small.size() == shown.size(),
        "small pieces find as much as large ones", bytes);
  for (std::size_t i = 0; i < small.size(); ++i) {
    CheckPlace(small[i], engine_, bytes);
    CheckPlace(large[i], engine_, bytes);
    Check(small[i].id == large[i].id && small[i].rule == large[i].rule &&
              small[i].confidence == large[i].confidence &&
              small[i].place.path == large[i].place.path &&
              small[i].place.span == large[i].place.span &&
              small[i].place.range.line == large[i].place.range.line &&
              small[i].place.range.column == large[i].place.range.column,
          "and the same", bytes);
    Check(!small[i].shown, "nothing is shown that was not asked for", bytes);
    Check(shown[i].shown.has_value(), "what was asked for is shown", bytes);
    const std::string& secret = *shown[i].shown;
    if (secret.size() <= engine_.rules()[small[i].rule].known_prefix + 4u) {
      continue;
    }
    for (const Found* found : {&small[i], &large[i]}) {
      Check(found->place.excerpt.text.find(secret) == std::string::npos,
            "no line has a key in clear", bytes);
      Check(found->place.path.find(secret) == std::string::npos,
            "no path has a key in clear", bytes);
      Check(found->redacted.find(secret) == std::string::npos,
            "no redacted form is the key", bytes);
    }
  }
}

void Run(std::string_view bytes) {
  static const auto loaded =
      keytidy::match::LoadEngine(keytidy::rules::EmbeddedCatalogue(), {}, "");
  static const auto small = SmallEngine();
  static Setups with_catalogue(*(*loaded)->engine);
  static Setups with_small(*small);
  with_catalogue.Run(bytes);
  with_small.Run(bytes);
}

}  // namespace

// As it is, and as a template: the corpus holds templates and no keys.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string text(data, data + size);
  Run(text);
  if (!keytidy::NumbersBelow(text, kWidestTemplate)) return 0;
  const auto expanded =
      keytidy::match::ExpandExample(text, keytidy::Rule(), size);
  if (expanded && *expanded != text) Run(*expanded);
  return 0;
}
