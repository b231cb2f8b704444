// SPDX-License-Identifier: Apache-2.0
#include "rules/recipe_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "core/text_template.h"

namespace keytidy::rules {
namespace {

using config::Node;
using config::Place;

bool IsSlug(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return IsLower(c) || IsDigit(c) || c == '-';
  });
}

}  // namespace

bool RecipeReader::IsName(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return IsLower(c) || IsDigit(c) || c == '_';
  });
}

std::string RecipeReader::TextOf(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kString:
      return node.string;
    case Node::Kind::kBool:
      return node.boolean ? "true" : "false";
    case Node::Kind::kInteger:
      return fmt::format("{}", node.integer);
    default:
      return {};
  }
}

Recipe RecipeReader::Read(const Node& node, std::vector<Record>* records,
                          std::vector<Place>* places) {
  Reader table(node, "recipe", errors_);
  Recipe recipe;
  recipe.provider = provider_;
  recipe.provider_name = provider_name_;
  recipe.id = table.RequiredString("id");
  if (!recipe.id.empty() && !IsSlug(recipe.id)) {
    table.Error("id", "an id is written [a-z0-9-]+");
  }
  recipe.rules = table.Strings("rules");
  if (recipe.rules.empty()) {
    table.Error("rules", "'rules' must name at least one rule");
  }
  recipe.sources = table.Strings("sources");
  if (recipe.sources.empty()) {
    table.Error("sources", "'sources' must name a public document");
  }
  recipe.caution = table.String("caution").value_or("");
  known_ = {"secret", "time"};
  if (const Node* base = table.Table("base")) {
    recipe.base = ReadBase(*base);
    has_base_ = true;
    known_.insert("base");
  }
  if (const Node* near = table.Table("near")) {
    recipe.near = ReadNear(*near);
    for (const std::string& rule : recipe.near.rules) {
      if (std::find(recipe.rules.begin(), recipe.rules.end(), rule) ==
          recipe.rules.end()) {
        errors_->Add(near->place,
                     fmt::format("near: '{}' is no rule of this recipe", rule));
      }
    }
  }
  if (const Node* parameters = table.Table("parameter")) {
    for (const auto& member : parameters->members) {
      recipe.parameters.push_back(ReadParameter(member.key, member.value));
    }
  }
  if (const Node* companions = table.Table("with")) {
    for (const auto& member : companions->members) {
      recipe.companions.push_back(ReadCompanion(member.key, member.value));
    }
  }
  recipe.limits.requests = {60, 60};
  recipe.limits.failures = {10, 60};
  if (const Node* limits = table.Table("limits")) {
    recipe.limits = ReadLimits(*limits);
  }
  const auto outer = known_;
  for (const Node* step : table.Tables("step")) {
    recipe.steps.push_back(ReadStep(*step, Part::kCheck));
  }
  if (recipe.steps.empty()) {
    table.Error("step", "there is no [[recipe.step]]");
  }
  for (auto [key, procedure] : {std::pair("revoke", &recipe.revoke),
                                std::pair("replace", &recipe.replace)}) {
    known_ = outer;
    if (const Node* found = table.Table(key)) {
      *procedure = ReadProcedure(*found);
      if (std::string_view(key) == "replace" && !(*procedure)->steps.empty() &&
          known_.count("new_secret") == 0) {
        table.Error(key, "no answer saves the new key as 'new_secret'");
      }
    }
  }
  known_ = outer;
  if (const Node* list = table.Table("list")) {
    // No key was found that could be sent along.
    known_.erase("secret");
    for (const Companion& one : recipe.companions) known_.erase(one.name);
    recipe.list = ReadListing(*list);
  }
  for (const Node* record : table.Tables("record")) {
    records->push_back(ReadRecord(*record, recipe.steps.size()));
    places->push_back(record->place);
  }
  table.Finish();
  return recipe;
}

bool RecipeReader::TakeName(Reader& table, std::string_view key,
                            const std::string& name) {
  if (!IsName(name)) {
    table.Error(key, fmt::format("'{}': a name is written [a-z0-9_]+", name));
    return false;
  }
  if (!known_.insert(name).second) {
    table.Error(key, fmt::format("'{}' has a meaning already", name));
    return false;
  }
  return true;
}

Base RecipeReader::ReadBase(const Node& node) {
  Reader table(node, "base", errors_);
  Base out;
  out.names = table.Strings("names");
  out.hosts = table.Strings("hosts");
  out.otherwise = table.String("otherwise").value_or("");
  if (!out.otherwise.empty() && PinnedHost(out.otherwise).empty()) {
    table.Error("otherwise", "must be https:// and the name of a host");
  }
  table.Finish();
  return out;
}

Near RecipeReader::ReadNear(const Node& node) {
  Reader table(node, "near", errors_);
  Near out;
  out.rules = table.Strings("rules");
  if (out.rules.empty()) table.Error("rules", "'rules' must name a rule");
  for (const std::string& word : table.Strings("words")) {
    if (word.empty()) table.Error("words", "a word is empty");
    out.words.push_back(Lowercase(word));
  }
  if (out.words.empty()) table.Error("words", "'words' must hold a word");
  table.Finish();
  return out;
}

Parameter RecipeReader::ReadParameter(const std::string& name,
                                      const Node& node) {
  Reader table(node, "parameter", errors_);
  Parameter out;
  out.name = name;
  if (name == "base") table.Error("what", "'base' is not a parameter");
  TakeName(table, "what", name);
  out.what = table.RequiredString("what");
  const std::string kind = table.RequiredString("kind");
  if (kind == "path") {
    out.kind = Parameter::Kind::kPath;
    paths_.insert(name);
  } else if (kind == "pointer") {
    out.kind = Parameter::Kind::kPointer;
  } else if (!kind.empty() && kind != "word") {
    table.Error("kind", "'kind' must be one of path, pointer, word");
  }
  table.Finish();
  return out;
}

Companion RecipeReader::ReadCompanion(const std::string& name,
                                      const Node& node) {
  Reader table(node, "with", errors_);
  Companion out;
  out.name = name;
  TakeName(table, "rules", name);
  out.rules = table.Strings("rules");
  if (out.rules.empty()) table.Error("rules", "'rules' must name a rule");
  out.within = static_cast<std::uint32_t>(
      table.Integer("within", 1, 1 << 20).value_or(4096));
  out.optional = table.Bool("optional").value_or(false);
  table.Finish();
  return out;
}

Limit RecipeReader::ReadLimit(Reader& table, std::string_view key,
                              Limit otherwise) {
  const Node* node = table.Any(key);
  if (node == nullptr) return otherwise;
  const auto good = [](const Node& item) {
    return item.kind == Node::Kind::kInteger && item.integer >= 1 &&
           item.integer <= 1'000'000;
  };
  if (node->kind != Node::Kind::kArray || node->items.size() != 2 ||
      !good(node->items[0]) || !good(node->items[1])) {
    table.Error(key, fmt::format("'{}' must be [most, seconds]", key));
    return otherwise;
  }
  return {static_cast<std::uint32_t>(node->items[0].integer),
          static_cast<std::uint32_t>(node->items[1].integer)};
}

Limits RecipeReader::ReadLimits(const Node& node) {
  Reader table(node, "limits", errors_);
  Limits out;
  out.requests = ReadLimit(table, "requests", {60, 60});
  out.failures = ReadLimit(table, "failures", {10, 60});
  out.at_once = static_cast<std::uint32_t>(
      table.Integer("at_once", 1, 64).value_or(out.at_once));
  out.delay_text = table.String("delay_text").value_or("");
  const auto names = TemplateNames(out.delay_text);
  if (!out.delay_text.empty() &&
      (!names || *names != std::vector<std::string>{"seconds"})) {
    table.Error("delay_text", "'delay_text' must hold %{seconds} once");
  } else if (out.delay_text.starts_with('%')) {
    table.Error("delay_text", "some text must stand before %{seconds}");
  }
  table.Finish();
  return out;
}

Record RecipeReader::ReadRecord(const Node& node, std::size_t steps) {
  Reader table(node, "record", errors_);
  Record out;
  out.step = static_cast<std::size_t>(
      table.Integer("step", 1, static_cast<std::int64_t>(steps)).value_or(1) -
      1);
  out.status = static_cast<int>(table.Integer("status", 100, 599).value_or(0));
  if (out.status == 0) table.Error("status", "'status' is missing");
  out.headers = ReadNamedTexts(table, "headers");
  out.body = table.String("body").value_or("");
  out.outcome = ReadOutcome(table);
  if (const Node* metadata = table.Table("metadata")) {
    for (const auto& member : metadata->members) {
      std::string text = TextOf(member.value);
      for (const Node& item : member.value.items) {
        text += (text.empty() ? "" : ",") + TextOf(item);
      }
      out.metadata.emplace_back(member.key, text);
    }
  }
  out.parameters = ReadNamedTexts(table, "parameters");
  out.secret = table.String("secret").value_or("");
  table.Finish();
  return out;
}

NamedTexts RecipeReader::ReadNamedTexts(Reader& table, std::string_view key) {
  NamedTexts out;
  const Node* node = table.Table(key);
  if (node == nullptr) return out;
  for (const auto& member : node->members) {
    const auto kind = member.value.kind;
    if (kind != Node::Kind::kString && kind != Node::Kind::kBool &&
        kind != Node::Kind::kInteger) {
      errors_->Add(member.value.place,
                   fmt::format("'{}' must be a string", member.key));
      continue;
    }
    const std::string text = TextOf(member.value);
    if (key == "headers" || key == "form") {
      CheckTemplate(member.value.place, text);
    }
    out.emplace_back(member.key, text);
  }
  return out;
}

std::string RecipeReader::ReadTemplate(Reader& table, std::string_view key) {
  const std::string text = table.String(key).value_or("");
  CheckTemplate(table.PlaceOf(key), text);
  return text;
}

void RecipeReader::CheckTemplate(Place place, const std::string& text) {
  const auto names = TemplateNames(text);
  if (!names) {
    errors_->Add(place, names.error().message);
    return;
  }
  for (const std::string& name : *names) {
    if (known_.count(name) > 0) continue;
    errors_->Add(place, fmt::format("nothing is called '{}' here", name));
  }
}

}  // namespace keytidy::rules
