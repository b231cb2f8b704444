// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_set.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/digest.h"
#include "base/text.h"
#include "config/table_reader.h"

namespace keytidy::rules {
namespace {

using config::Errors;
using config::Node;
using config::TableReader;

constexpr std::string_view kContextAnchor = "context";
constexpr std::string_view kDefaultBoundary = "[0-9A-Za-z_]";

constexpr std::pair<std::string_view, ChecksumKind> kChecksumKinds[] = {
    {"crc32-base62", ChecksumKind::kCrc32Base62},
    {"crc32-base36", ChecksumKind::kCrc32Base36},
    {"crc32-hex", ChecksumKind::kCrc32Hex},
    {"crc32-hex-le", ChecksumKind::kCrc32HexLe},
    {"bech32", ChecksumKind::kBech32},
    {"base64url-256", ChecksumKind::kBase64Url256},
    {"jwt", ChecksumKind::kJwt},
};

constexpr std::pair<std::string_view, TimeKind> kTimeKinds[] = {
    {"uuid7", TimeKind::kUuid7},       {"ulid", TimeKind::kUlid},
    {"ksuid", TimeKind::kKsuid},       {"objectid", TimeKind::kObjectId},
    {"json", TimeKind::kJson},         {"jwt", TimeKind::kJwt},
    {"macaroon", TimeKind::kMacaroon}, {"fly-macaroon", TimeKind::kFlyMacaroon},
    {"sas", TimeKind::kSas},
};

bool IsSlug(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return IsLower(c) || IsDigit(c) || c == '-';
  });
}

// Reads an enumeration by its parse function.
template <class Enum>
Enum ReadName(TableReader& table, std::string_view key,
              std::optional<Enum> (*parse)(std::string_view), Enum otherwise,
              std::string_view allowed, bool required = false) {
  const auto text = table.String(key);
  if (!text) {
    if (required && table.Any(key) == nullptr) {
      table.Error(key, fmt::format("'{}' is missing", key));
    }
    return otherwise;
  }
  const auto value = parse(*text);
  if (!value) {
    table.Error(key, fmt::format("'{}' must be one of {}", key, allowed));
  }
  return value.value_or(otherwise);
}

}  // namespace

// Fills a copy of the set's containers; the set takes them over only when the
// whole file is good.
class RuleFileReader {
 public:
  RuleFileReader(RuleSet* set, const config::Document& document,
                 std::size_t file)
      : set_(set), document_(document), file_(file), errors_(document) {}

  Status Read() {
    TableReader root(document_.root, "file", &errors_);
    provider_ = root.RequiredString("provider");
    provider_name_ = root.RequiredString("name");
    sources_ = root.Strings("sources");
    if (!provider_.empty() && !IsSlug(provider_)) {
      root.Error("provider", "a provider is written [a-z0-9-]+");
    }
    if (sources_.empty()) {
      root.Error("sources", "'sources' must name a public document");
    }
    // rules/recipe_file.h reads those.
    const bool has_recipes = root.Any("recipe") != nullptr;
    const bool has_guides = root.Any("guide") != nullptr;
    const auto rules = root.Tables("rule");
    if (rules.empty() && !has_recipes && !has_guides) {
      root.Error("rule", "there is no [[rule]]");
    }
    for (const Node* rule : rules) ReadRule(*rule);
    root.Finish();
    if (!errors_.empty()) return Fail(errors_.Take());
    return {};
  }

 private:
  void ReadRule(const Node& node) {
    TableReader table(node, "rule", &errors_);
    Rule rule;
    RuleOrigin origin;
    origin.file = file_;
    origin.rule = node.place;

    const std::string id = table.RequiredString("id");
    if (!id.empty() && !IsSlug(id)) {
      table.Error("id", "an id is written [a-z0-9-]+");
    }
    const auto [taken, fresh] = set_->taken_.emplace(
        id, fmt::format("{}:{}", document_.name, table.PlaceOf("id").line));
    if (!fresh && !id.empty()) {
      table.Error("id", fmt::format("'{}' is already the id of the rule at {}",
                                    id, taken->second));
    }
    rule.id = set_->Keep(id);
    rule.title = set_->Keep(table.RequiredString("title"));
    rule.provider = set_->Keep(provider_);
    rule.provider_name = set_->Keep(provider_name_);
    rule.advice = set_->Keep(table.RequiredString("advice"));
    rule.severity =
        ReadName(table, "severity", ParseSeverity, Severity::kMedium,
                 "critical, high, medium, low, info", true);
    rule.confidence = ReadName(table, "confidence", ParseConfidence,
                               Confidence::kHigh, "high, medium, low");
    rule.tier = ReadName(table, "tier", ParseTier, Tier::kStandard,
                         "high, standard, low, ci, none");
    rule.guessable = table.Bool("guessable").value_or(false);
    rule.is_public = table.Bool("public").value_or(false);
    rule.generic = table.Bool("generic").value_or(false);
    rule.entropy = table.Number("entropy", 0, 8).value_or(0);
    if (const Node* checksum = table.Table("checksum")) {
      rule.checksum = ReadChecksum(*checksum);
    }
    if (const Node* time = table.Table("time")) rule.time = ReadTime(*time);
    rule.yields_to = set_->Keep(table.Strings("yields_to"));
    std::vector<std::string> placeholders = table.Strings("placeholders");
    for (std::string& text : placeholders) text = Lowercase(text);
    rule.placeholders = set_->Keep(placeholders);
    const auto sources = table.Strings("sources");
    rule.sources = set_->Keep(sources.empty() ? sources_ : sources);

    ReadTexts(table, "examples", &origin.examples, &origin.example_places);
    ReadTexts(table, "counter_examples", &origin.counter_examples,
              &origin.counter_example_places);
    if (origin.examples.empty()) {
      table.Error("examples", "'examples' must hold at least one template");
    }

    auto shapes = std::make_unique<std::vector<Shape>>();
    const auto several = table.Tables("shape");
    if (several.empty()) {
      shapes->push_back(ReadShape(table, &origin));
    } else {
      if (const Node* pattern = table.Any("pattern")) {
        errors_.Add(pattern->place,
                    "rule: has [[rule.shape]] and so no pattern of its own");
      }
      for (const Node* shape : several) {
        TableReader reader(*shape, "shape", &errors_);
        shapes->push_back(ReadShape(reader, &origin));
        reader.Finish();
      }
    }
    table.Finish();
    rule.shapes = *shapes;
    set_->shapes_.push_back(std::move(shapes));
    set_->rules_.push_back(rule);
    set_->origins_.push_back(std::move(origin));
  }

  Shape ReadShape(TableReader& table, RuleOrigin* origin) {
    Shape shape;
    const std::string pattern = table.RequiredString("pattern");
    const auto anchor = table.String("anchor");
    shape.pattern = Expanded(table, "pattern", pattern);
    shape.anchor = anchor ? Expanded(table, "anchor", *anchor) : shape.pattern;
    origin->patterns.push_back(table.PlaceOf("pattern"));
    origin->anchors.push_back(
        table.PlaceOf(table.Any("anchor") != nullptr ? "anchor" : "pattern"));
    shape.spell_out = table.Bool("spell_out").value_or(false);
    shape.reach = ReadWidth(table, "reach", kMaxReach);
    shape.max_length = ReadWidth(table, "max_length", kMaxMatchLength);
    shape.group =
        static_cast<std::uint8_t>(table.Integer("group", 0, 9).value_or(0));
    shape.before = ReadClass(table, "before");
    shape.after = ReadClass(table, "after");
    if (const Node* context = table.Table("context")) {
      shape.context = ReadContext(*context);
    }
    if (anchor == kContextAnchor) {
      shape.anchor_is_context = true;
      shape.anchor = set_->Keep(AnyWord(shape.context.words));
      if (!shape.context.required || shape.context.words.empty()) {
        table.Error("anchor",
                    "'context' needs a context with words that is required");
      }
    }
    return shape;
  }

  // An expression for any of the words, ignoring case.
  static std::string AnyWord(std::span<const std::string_view> words) {
    std::string out = "(?i)(?:";
    for (const std::string_view& word : words) {
      if (&word != &words.front()) out += '|';
      for (const char c : word) {
        if (!IsAlnum(c) && static_cast<unsigned char>(c) < 0x80) out += '\\';
        out += c;
      }
    }
    return out + ")";
  }

  std::uint32_t ReadWidth(TableReader& table, std::string_view key,
                          std::uint32_t most) {
    return static_cast<std::uint32_t>(table.Integer(key, 0, most).value_or(0));
  }

  std::string_view Expanded(TableReader& table, std::string_view key,
                            const std::string& pattern) {
    auto text = ExpandMacros(pattern);
    if (!text) {
      table.Error(key, text.error().message);
      return {};
    }
    return set_->Keep(*std::move(text));
  }

  CharClass ReadClass(TableReader& table, std::string_view key) {
    const std::string text =
        table.String(key).value_or(std::string(kDefaultBoundary));
    auto parsed = CharClass::Parse(text);
    if (parsed) return *parsed;
    table.Error(key, parsed.error().message);
    return {};
  }

  Checksum ReadChecksum(const Node& node) {
    TableReader table(node, "checksum", &errors_);
    Checksum out;
    ReadKind(table, kChecksumKinds, "checksum", &out.kind);
    out.body =
        static_cast<std::uint8_t>(table.Integer("body", 0, 9).value_or(0));
    out.digits =
        static_cast<std::uint8_t>(table.Integer("digits", 0, 9).value_or(0));
    table.Finish();
    return out;
  }

  KeyTime ReadTime(const Node& node) {
    TableReader table(node, "time", &errors_);
    KeyTime out;
    ReadKind(table, kTimeKinds, "time", &out.kind);
    out.at = static_cast<std::uint8_t>(table.Integer("at", 0, 255).value_or(0));
    table.Finish();
    return out;
  }

  template <class Kinds, class Kind>
  static void ReadKind(TableReader& table, const Kinds& kinds,
                       std::string_view what, Kind* out) {
    const std::string kind = table.RequiredString("kind");
    const auto* known =
        std::find_if(std::begin(kinds), std::end(kinds),
                     [&](const auto& entry) { return entry.first == kind; });
    if (known != std::end(kinds)) {
      *out = known->second;
    } else if (!kind.empty()) {
      table.Error("kind", fmt::format("'{}' is no kind of {}", kind, what));
    }
  }

  Context ReadContext(const Node& node) {
    TableReader table(node, "context", &errors_);
    Context out;
    out.words = ReadWords(table, "words");
    out.unless = ReadWords(table, "unless");
    out.within = static_cast<std::uint32_t>(
        table.Integer("within", 1, kMaxContextDistance).value_or(256));
    out.required = table.Bool("required").value_or(false);
    if (out.words.empty() && out.unless.empty()) {
      table.Error("words", "a context has 'words' or 'unless'");
    }
    table.Finish();
    return out;
  }

  std::span<const std::string_view> ReadWords(TableReader& table,
                                              std::string_view key) {
    std::vector<std::string> words = table.Strings(key);
    for (std::string& word : words) {
      if (word.empty()) table.Error(key, "a word is empty");
      word = Lowercase(word);
    }
    return set_->Keep(words);
  }

  void ReadTexts(TableReader& table, std::string_view key,
                 std::vector<std::string>* texts,
                 std::vector<config::Place>* places) {
    *texts = table.Strings(key);
    if (const Node* node = table.Any(key)) {
      for (const Node& item : node->items) places->push_back(item.place);
    }
    places->resize(texts->size());
  }

  RuleSet* set_;
  const config::Document& document_;
  std::size_t file_;
  Errors errors_;
  std::string provider_;
  std::string provider_name_;
  std::vector<std::string> sources_;
};

std::string_view RuleSet::Keep(std::string text) {
  return strings_.emplace_back(std::move(text));
}

std::span<const std::string_view> RuleSet::Keep(
    const std::vector<std::string>& list) {
  if (list.empty()) return {};
  auto& kept = lists_.emplace_back();
  for (const std::string& text : list) kept.push_back(Keep(text));
  return kept;
}

Status RuleSet::Add(std::string name, std::string text) {
  auto document = config::ParseToml(std::move(name), std::move(text));
  if (!document) return Fail(document.error());
  files_.push_back(std::make_unique<config::Document>(*std::move(document)));
  const std::size_t had = rules_.size();
  const auto taken = taken_;
  Status read = RuleFileReader(this, *files_.back(), files_.size() - 1).Read();
  if (!read) {
    rules_.resize(had);
    origins_.resize(had);
    shapes_.resize(had);
    files_.pop_back();
    taken_ = taken;
  }
  return read;
}

void RuleSet::SetTaken(std::span<const Rule> rules) {
  for (const Rule& rule : rules) {
    taken_.emplace(rule.id, "the catalogue");
  }
}

Status RuleSet::CheckReferences() const {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    for (const std::string_view id : rules_[i].yields_to) {
      if (taken_.find(id) != taken_.end()) continue;
      return Fail(ErrorAt(i, origins_[i].rule,
                          fmt::format("rule '{}' yields to '{}', which is no "
                                      "rule",
                                      rules_[i].id, id)));
    }
  }
  return {};
}

Error RuleSet::ErrorAt(std::size_t rule, config::Place place,
                       std::string_view message) const {
  return files_[origins_[rule].file]->ErrorAt(place, message);
}

std::string RuleSet::Digest() const {
  std::string all;
  for (const auto& file : files_) {
    all += fmt::format("{}\n{}\n", file->text.size(), file->text);
  }
  return ToHex(Sha256(all));
}

}  // namespace keytidy::rules
