// SPDX-License-Identifier: Apache-2.0
//
// rulec: reads the rule files, checks them, and writes catalogue_data.cc: the
// flat rule table and the serialised databases as static data. Runs when the
// project is built; a broken rule fails the build with file, line and caret.
//
//   rulec OUTPUT.cc RULES.toml...
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "check/recipe_check.h"
#include "match/database.h"
#include "match/rule_check.h"
#include "rules/rule_set.h"

namespace keytidy {
namespace {

constexpr std::size_t kMaxRuleFile = 4 << 20;

std::string Literal(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\' || c == '?') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte > 0x7E) {
      out += fmt::format("\\{:03o}", byte);
    } else {
      out += c;
    }
  }
  return out + "\"sv";
}

class Writer {
 public:
  std::string Write(const rules::RuleSet& set) {
    out_ =
        "// Written by rulec from patterns/rules. Do not edit.\n"
        "#include \"rules/catalogue.h\"\n\n"
        "namespace keytidy::rules {\nnamespace {\n\n"
        "using namespace std::string_view_literals;\n\n";
    std::string table;
    std::size_t number = 0;
    for (const Rule& rule : set.rules()) {
      table += RuleInit(rule, fmt::format("kRule{}", number++));
    }
    out_ += fmt::format("constexpr Rule kRules[] = {{\n{}}};\n\n", table);
    return std::move(out_);
  }

  static std::string Recipes(const std::vector<rules::RecipeFile>& files) {
    std::string table;
    for (const rules::RecipeFile& file : files) {
      // Pieces, as compilers bound the length of a literal.
      constexpr std::size_t kPiece = 4096;
      const std::string& text = file.document->text;
      std::string literal;
      for (std::size_t at = 0; at < text.size(); at += kPiece) {
        std::string piece = Literal(text.substr(at, kPiece));
        piece.resize(piece.size() - 2);  // its "sv"
        literal += (literal.empty() ? "" : "\n") + piece;
      }
      table += fmt::format("    {{{}, {}, {}sv}},\n", Literal(file.provider),
                           Literal(file.document->name), literal);
    }
    if (table.empty())
      return "constexpr std::span<EmbeddedRecipes> kRecipes;\n";
    return fmt::format("constexpr EmbeddedRecipes kRecipes[] = {{\n{}}};\n\n",
                       table);
  }

  static std::string Databases(
      const std::vector<std::pair<std::string, std::string>>& databases,
      const std::string& digest) {
    std::string out;
    std::string table;
    for (const auto& [cpu, bytes] : databases) {
      out += fmt::format(
          "alignas(64) constexpr unsigned char kDatabase_{}[] = {{", cpu);
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        out += i % 32 == 0 ? "\n" : "";
        out += fmt::format("{},", static_cast<unsigned char>(bytes[i]));
      }
      out += "};\n\n";
      table += fmt::format(
          "    {{\"{}\"sv, {{reinterpret_cast<const char*>(kDatabase_{}),\n"
          "      sizeof(kDatabase_{})}}}},\n",
          cpu, cpu, cpu);
    }
    out += fmt::format(
        "const EmbeddedDatabase kDatabases[] = {{\n{}}};\n\n}}  // "
        "namespace\n\n"
        "const Catalogue& EmbeddedCatalogue() {{\n"
        "  static const Catalogue catalogue = {{\"{}\"sv, kRules, "
        "kDatabases, kRecipes}};\n"
        "  return catalogue;\n}}\n\n}}  // namespace keytidy::rules\n",
        table, digest);
    return out;
  }

 private:
  // Declares an array of texts and returns its name, or {} for none.
  std::string Texts(const std::string& name,
                    std::span<const std::string_view> texts) {
    if (texts.empty()) return "{}";
    out_ += fmt::format("constexpr std::string_view {}[] = {{", name);
    for (const std::string_view text : texts) out_ += Literal(text) + ", ";
    out_ += "};\n";
    return name;
  }

  static std::string Class(const CharClass& set) {
    const auto& bits = set.bits();
    return fmt::format("CharClass({{{:#x}u, {:#x}u, {:#x}u, {:#x}u}})", bits[0],
                       bits[1], bits[2], bits[3]);
  }

  std::string RuleInit(const Rule& rule, const std::string& name) {
    std::string shapes;
    std::size_t number = 0;
    for (const Shape& shape : rule.shapes) {
      const std::string prefix = fmt::format("{}Shape{}", name, number++);
      const std::string words = Texts(prefix + "Words", shape.context.words);
      const std::string unless = Texts(prefix + "Unless", shape.context.unless);
      shapes += fmt::format(
          "  {{{}, {}, {}, {},\n   {}, {}, {}, {}, {},\n   {}, {},\n"
          "   {{{}, {}, {}, {}}}}},\n",
          Literal(shape.pattern), Literal(shape.anchor),
          shape.anchor_is_context, shape.spell_out, shape.reach,
          shape.anchor_min, shape.anchor_max, shape.max_length, shape.group,
          Class(shape.before), Class(shape.after), words, unless,
          shape.context.within, shape.context.required);
    }
    out_ +=
        fmt::format("constexpr Shape {}Shapes[] = {{\n{}}};\n", name, shapes);
    const std::string yields = Texts(name + "Yields", rule.yields_to);
    const std::string placeholders =
        Texts(name + "Placeholders", rule.placeholders);
    const std::string sources = Texts(name + "Sources", rule.sources);
    return fmt::format(
        "  {{{}, {}, {}, {}, {},\n"
        "   Severity({}), Confidence({}), Tier({}), {}, {}, {},\n"
        "   {{TimeKind({}), {}}}, {}, {},\n"
        "   {{ChecksumKind({}), {}, {}}}, {}Shapes, {}, {}, {}}},\n",
        Literal(rule.id), Literal(rule.title), Literal(rule.provider),
        Literal(rule.provider_name), Literal(rule.advice),
        static_cast<int>(rule.severity), static_cast<int>(rule.confidence),
        static_cast<int>(rule.tier), rule.guessable, rule.is_public,
        rule.generic, static_cast<int>(rule.time.kind), rule.time.at,
        rule.known_prefix, rule.entropy, static_cast<int>(rule.checksum.kind),
        rule.checksum.body, rule.checksum.digits, name, yields, placeholders,
        sources);
  }

  std::string out_;
};

Status Run(const std::string& output, std::vector<std::string> files) {
  std::sort(files.begin(), files.end());
  rules::RuleSet set;
  std::string broken;
  std::vector<std::string> texts;
  for (const std::string& path : files) {
    auto text = ReadSmallFile(path, kMaxRuleFile);
    if (!text) return Fail(text.error());
    texts.push_back(*text);
    if (auto ok = set.Add(path, *std::move(text)); !ok) {
      broken += ok.error().message + "\n";
    }
  }
  if (!broken.empty()) return Fail(Error{ErrorCode::kInvalid, broken});
  if (auto ok = match::CheckRules(&set, {}); !ok) return ok;

  std::vector<rules::RecipeFile> recipes;
  std::size_t recipe_count = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string name = files[i].substr(files[i].rfind('/') + 1);
    auto file = check::CheckRecipes(set.rules(), name, std::move(texts[i]));
    if (!file) {
      broken += file.error().message + "\n";
    } else if (!file->recipes.empty() || !file->guides.empty()) {
      recipe_count += file->recipes.size();
      recipes.push_back(*std::move(file));
    }
  }
  if (!broken.empty()) return Fail(Error{ErrorCode::kInvalid, broken});

  std::vector<std::pair<std::string, std::string>> databases;
  for (const match::Cpu cpu :
       {match::Cpu::kAvx512, match::Cpu::kAvx2, match::Cpu::kGeneric}) {
    const auto database = match::Database::Compile(set.rules(), cpu);
    if (!database) {
      if (database.error().code == ErrorCode::kUnsupported) continue;
      return Fail(database.error());
    }
    const auto bytes = database->Serialise();
    if (!bytes) return Fail(bytes.error());
    databases.emplace_back(Name(cpu), *bytes);
  }
  Writer writer;
  const std::string source = writer.Write(set) + Writer::Recipes(recipes) +
                             Writer::Databases(databases, set.Digest());
  if (auto ok = WritePrivateFile(output, source); !ok) return ok;
  fmt::print("rulec: {} rules and {} recipes from {} files; databases:",
             set.rules().size(), recipe_count, files.size());
  for (const auto& [name, bytes] : databases) {
    fmt::print(" {} {} KiB", name, bytes.size() >> 10);
  }
  fmt::print("\n");
  return {};
}

}  // namespace
}  // namespace keytidy

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: rulec OUTPUT.cc RULES.toml...\n", stderr);
    return 2;
  }
  const auto done = keytidy::Run(argv[1], {argv + 2, argv + argc});
  if (done) return 0;
  std::fprintf(stderr, "%s\n", done.error().message.c_str());
  return 1;
}
