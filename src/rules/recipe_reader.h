// SPDX-License-Identifier: Apache-2.0
//
// Reading one [[recipe]]; used by recipe_file.cc alone. The steps and their
// answers are in step_reader.cc, procedures and lists in procedure_reader.cc.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "config/table_reader.h"
#include "rules/recipe_file.h"

namespace keytidy::rules {

class RecipeReader {
 public:
  RecipeReader(std::string provider, std::string provider_name,
               config::Errors* errors)
      : provider_(std::move(provider)),
        provider_name_(std::move(provider_name)),
        errors_(errors) {}

  Recipe Read(const config::Node& node, std::vector<Record>* records,
              std::vector<config::Place>* record_places);

 private:
  using Reader = config::TableReader;
  enum class Part { kCheck, kProcedure };

  static bool IsName(std::string_view text);
  static std::string TextOf(const config::Node& node);
  static Outcome ReadOutcome(Reader& table);
  Base ReadBase(const config::Node& node);
  Near ReadNear(const config::Node& node);
  Parameter ReadParameter(const std::string& name, const config::Node& node);
  Companion ReadCompanion(const std::string& name, const config::Node& node);
  Limits ReadLimits(const config::Node& node);
  Limit ReadLimit(Reader& table, std::string_view key, Limit otherwise);
  Procedure ReadProcedure(const config::Node& node);
  Listing ReadListing(const config::Node& node);
  Question ReadQuestion(const config::Node& node);
  Step ReadStep(const config::Node& node, Part part);
  Signature ReadSignature(const config::Node& node);
  Answer ReadAnswer(const config::Node& node, Part part);
  Condition ReadCondition(Reader& table);
  std::vector<Condition::StatusRange> ReadStatus(Reader& table);
  MetadataFields ReadMetadata(const config::Node& node);
  Record ReadRecord(const config::Node& node, std::size_t steps);

  NamedTexts ReadNamedTexts(Reader& table, std::string_view key);
  std::string ReadTemplate(Reader& table, std::string_view key);
  std::string ReadPlace(Reader& table, std::string_view key);
  void CheckTemplate(config::Place place, const std::string& text);
  void CheckPlace(Reader& table, std::string_view key, std::string_view place);
  bool LengthensHost(std::string_view rest) const;
  void CheckUrl(Reader& table, const Step& step, bool reason);
  void CheckEvidence(Reader& table, const Answer& answer);
  bool TakeName(Reader& table, std::string_view key, const std::string& name);

  std::string provider_;
  std::string provider_name_;
  config::Errors* errors_;
  bool has_base_ = false;
  std::set<std::string> known_;  // names that templates may hold
  std::set<std::string> paths_;  // those of parameters of the kind path
};

}  // namespace keytidy::rules
