// SPDX-License-Identifier: Apache-2.0
#include "match/database.h"

#include <hs/hs.h>

#include <cstdlib>
#include <limits>

#include "match/anchor.h"

namespace keytidy::match {
namespace {

// Byte semantics and no start of match. HS_FLAG_SINGLEMATCH would lose all
// but the first place.
constexpr unsigned kFlags = 0;

struct FreeCompileError {
  void operator()(hs_compile_error_t* error) const {
    hs_free_compile_error(error);
  }
};
using CompileError = std::unique_ptr<hs_compile_error_t, FreeCompileError>;

Result<hs_platform_info_t> PlatformFor(Cpu cpu) {
  hs_platform_info_t platform = {};
  if (cpu == Cpu::kThis) {
    if (hs_populate_platform(&platform) != HS_SUCCESS) {
      return Fail(ErrorCode::kUnsupported,
                  "this processor is too old for Hyperscan");
    }
    return platform;
  }
#if defined(__x86_64__)
  if (cpu == Cpu::kAvx2) platform.cpu_features = HS_CPU_FEATURES_AVX2;
  if (cpu == Cpu::kAvx512) {
    platform.cpu_features = HS_CPU_FEATURES_AVX2 | HS_CPU_FEATURES_AVX512;
  }
  return platform;
#else
  if (cpu == Cpu::kGeneric) return PlatformFor(Cpu::kThis);
  return Fail(ErrorCode::kUnsupported, "no such processor level here");
#endif
}

int Record(unsigned id, unsigned long long, unsigned long long to, unsigned,
           void* hits) {
  static_cast<std::vector<Hit>*>(hits)->push_back({id, to});
  return 0;
}

}  // namespace

std::string_view Name(Cpu cpu) {
  switch (cpu) {
    case Cpu::kGeneric:
      return "generic";
    case Cpu::kAvx2:
      return "avx2";
    case Cpu::kAvx512:
      return "avx512";
    case Cpu::kThis:
      return "this";
  }
  return "";
}

bool RunsHere(std::string_view cpu) {
  if (cpu == Name(Cpu::kGeneric)) return true;
  const auto here = PlatformFor(Cpu::kThis);
  for (const Cpu level : {Cpu::kAvx2, Cpu::kAvx512}) {
    if (cpu != Name(level)) continue;
    const auto wanted = PlatformFor(level);
    return here && wanted &&
           (here->cpu_features & wanted->cpu_features) == wanted->cpu_features;
  }
  return false;
}

std::string LibraryAndProcessor() {
  const auto here = PlatformFor(Cpu::kThis);
  return fmt::format("{} {} {}", hs_version(), here ? here->tune : 0,
                     here ? here->cpu_features : 0);
}

Result<Width> Measure(std::string_view expression) {
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* raw_error = nullptr;
  const std::string text(expression);
  if (hs_expression_info(text.c_str(), kFlags, &info, &raw_error) !=
      HS_SUCCESS) {
    const CompileError error(raw_error);
    return Fail(ErrorCode::kInvalid, "{}", error->message);
  }
  const Width width{info->min_width, info->max_width};
  std::free(info);
  return width;
}

void Database::Free::operator()(hs_database* database) const {
  hs_free_database(database);
}

Result<Database> Database::Compile(std::span<const Rule> rules, Cpu cpu) {
  auto platform = PlatformFor(cpu);
  if (!platform) return Fail(platform.error());
  std::vector<std::string> texts;
  std::vector<unsigned> ids;
  std::vector<std::string_view> owners;
  unsigned number = 0;
  for (const Rule& rule : rules) {
    for (const Shape& shape : rule.shapes) {
      std::vector<std::string> spelled = {std::string(shape.anchor)};
      if (shape.spell_out) spelled = LengthenLiteral(shape.anchor);
      for (std::string& text : spelled) {
        texts.push_back(std::move(text));
        ids.push_back(number);
        owners.push_back(rule.id);
      }
      ++number;
    }
  }
  std::vector<const char*> expressions;
  for (const std::string& text : texts) expressions.push_back(text.c_str());
  const std::vector<unsigned> flags(texts.size(), kFlags);
  hs_database_t* raw = nullptr;
  hs_compile_error_t* raw_error = nullptr;
  const hs_error_t rc =
      hs_compile_multi(expressions.data(), flags.data(), ids.data(),
                       static_cast<unsigned>(ids.size()), HS_MODE_BLOCK,
                       &*platform, &raw, &raw_error);
  if (rc != HS_SUCCESS) {
    const CompileError error(raw_error);
    const std::string_view owner =
        error->expression >= 0
            ? owners[static_cast<std::size_t>(error->expression)]
            : std::string_view("all rules together");
    return Fail(ErrorCode::kInvalid, "{}: anchor: {}", owner, error->message);
  }
  Database out;
  out.database_.reset(raw);
  return out;
}

Result<Database> Database::Load(std::string_view serialised) {
  hs_database_t* raw = nullptr;
  const hs_error_t rc =
      hs_deserialize_database(serialised.data(), serialised.size(), &raw);
  if (rc != HS_SUCCESS) {
    return Fail(ErrorCode::kUnsupported,
                "the serialised rules do not fit this processor or library "
                "(code {})",
                rc);
  }
  Database out;
  out.database_.reset(raw);
  return out;
}

Result<std::string> Database::Serialise() const {
  char* bytes = nullptr;
  std::size_t size = 0;
  if (hs_serialize_database(database_.get(), &bytes, &size) != HS_SUCCESS) {
    return Fail(ErrorCode::kInternal, "the rules cannot be serialised");
  }
  std::string out(bytes, size);
  std::free(bytes);
  return out;
}

void Scratch::Free::operator()(hs_scratch* scratch) const {
  hs_free_scratch(scratch);
}

Result<Scratch> Scratch::Make(const Database& database) {
  hs_scratch_t* raw = nullptr;
  const hs_error_t rc = hs_alloc_scratch(database.get(), &raw);
  if (rc != HS_SUCCESS) {
    return Fail(ErrorCode::kUnsupported,
                "no working memory for the rules (code {})", rc);
  }
  Scratch out;
  out.scratch_.reset(raw);
  return out;
}

Status Scratch::Scan(const Database& database, std::string_view text,
                     std::vector<Hit>* hits) {
  if (text.size() > std::numeric_limits<unsigned>::max()) {
    return Fail(ErrorCode::kInternal, "a block of 4 GiB or more");
  }
  const hs_error_t rc =
      hs_scan(database.get(), text.data(), static_cast<unsigned>(text.size()),
              0, scratch_.get(), Record, hits);
  if (rc != HS_SUCCESS) {
    return Fail(ErrorCode::kInternal, "stage 1 stopped with code {}", rc);
  }
  return {};
}

}  // namespace keytidy::match
