// SPDX-License-Identifier: Apache-2.0
//
// What a recipe does besides checking: its procedures, and its list of keys.
#include "rules/recipe_reader.h"

namespace keytidy::rules {

using config::Node;

Question RecipeReader::ReadQuestion(const Node& node) {
  Reader table(node, "needs", errors_);
  Question out;
  out.name = table.RequiredString("name");
  if (!out.name.empty()) TakeName(table, "name", out.name);
  out.ask = table.RequiredString("ask");
  out.env = table.String("env").value_or("");
  out.hidden = table.Bool("hidden").value_or(false);
  out.optional = table.Bool("optional").value_or(false);
  if (out.optional && out.env.empty()) {
    table.Error("optional", "what nobody is asked for needs an 'env'");
  }
  table.Finish();
  return out;
}

Procedure RecipeReader::ReadProcedure(const Node& node) {
  Reader table(node, "procedure", errors_);
  Procedure out;
  for (const Node* question : table.Tables("needs")) {
    out.needs.push_back(ReadQuestion(*question));
  }
  for (const Node* step : table.Tables("step")) {
    out.steps.push_back(ReadStep(*step, Part::kProcedure));
  }
  out.by_hand = table.Strings("by_hand");
  if (out.steps.empty() && out.by_hand.empty()) {
    errors_->Add(node.place, "procedure: has neither 'step' nor 'by_hand'");
  }
  table.Finish();
  return out;
}

Listing RecipeReader::ReadListing(const Node& node) {
  Reader table(node, "list", errors_);
  Listing out;
  for (const Node* question : table.Tables("needs")) {
    out.procedure.needs.push_back(ReadQuestion(*question));
  }
  out.per_page = static_cast<std::uint32_t>(
      table.Integer("per_page", 1, 1000).value_or(0));
  if (out.per_page > 0) known_.insert("page");
  for (const Node* step : table.Tables("step")) {
    out.procedure.steps.push_back(ReadStep(*step, Part::kProcedure));
  }
  if (out.procedure.steps.empty()) {
    table.Error("step", "there is no [[recipe.list.step]]");
  } else if (out.procedure.steps.back().writes) {
    table.Error("step", "the step that lists keys changes nothing");
  }
  const auto pointer = [&](Reader& from, std::string_view key) {
    const std::string text = ReadTemplate(from, key);
    if (!text.empty() && text.front() != '/' && !text.starts_with("%{")) {
      from.Error(key, "must be a JSON pointer");
    }
    return text;
  };
  out.rows = pointer(table, "rows");
  out.hint = pointer(table, "hint");
  out.first =
      static_cast<std::uint32_t>(table.Integer("first", 4, 24).value_or(0));
  out.last =
      static_cast<std::uint32_t>(table.Integer("last", 4, 24).value_or(0));
  const bool whole = table.Bool("whole").value_or(false);
  const int kinds = (out.first > 0) + (out.last > 0) + whole;
  if (kinds != (out.hint.empty() ? 0 : 1)) {
    table.Error("hint", "a hint has one of 'first', 'last' and 'whole'");
  }
  out.state = pointer(table, "state");
  for (auto& [where, what] : ReadNamedTexts(table, "never")) {
    out.never.emplace_back(where, what);
  }
  if (const Node* fields = table.Table("fields")) {
    Reader reader(*fields, "fields", errors_);
    MetadataFields& to = out.fields;
    to.key_id = pointer(reader, "key_id");
    to.name = pointer(reader, "name");
    to.owner = pointer(reader, "owner");
    to.account = pointer(reader, "account");
    to.scopes = pointer(reader, "scopes");
    to.created = pointer(reader, "created");
    to.expires = pointer(reader, "expires");
    to.last_used = pointer(reader, "last_used");
    reader.Finish();
  }
  if (out.hint.empty() && out.fields.key_id.empty()) {
    table.Error("hint", "needs 'hint' or 'fields.key_id', to know a key by");
  }
  table.Finish();
  return out;
}

}  // namespace keytidy::rules
