// SPDX-License-Identifier: Apache-2.0
//
// Stage 1: all anchors of all rules in one pass. A thin cover over Hyperscan
// in block mode, which reports (pattern, end offset) and nothing else: the
// start-of-match flag would cost speed and memory, and stage 2 looks anyway.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/rule.h"

struct hs_database;
struct hs_scratch;

namespace keytidy::match {

// A processor that a database is compiled for. Databases for a lesser one run
// on a better one, not the other way round.
enum class Cpu { kGeneric, kAvx2, kAvx512, kThis };

// The name of a level, as the catalogue's databases carry it.
std::string_view Name(Cpu cpu);
// Whether a database of the level of that name can run on this processor.
bool RunsHere(std::string_view cpu);
// Library version and processor, as text: a database made under one is of no
// use under another.
std::string LibraryAndProcessor();

struct Width {
  std::uint32_t min = 0;
  std::uint32_t max = 0;
};
inline constexpr std::uint32_t kUnbounded = ~std::uint32_t{0};

// The width of what an expression can match; kInvalid when Hyperscan does not
// accept it, with its reason.
Result<Width> Measure(std::string_view expression);

// Immutable; shared by all threads.
class Database {
 public:
  // Anchors get the index of their shape, counting the shapes of all rules in
  // order. kUnsupported when this build cannot make one for that processor.
  static Result<Database> Compile(std::span<const Rule> rules, Cpu cpu);
  // From Serialise's output only: Hyperscan trusts these bytes. kUnsupported
  // when it was made for another processor or version.
  static Result<Database> Load(std::string_view serialised);
  Result<std::string> Serialise() const;

  const hs_database* get() const { return database_.get(); }

 private:
  struct Free {
    void operator()(hs_database* database) const;
  };
  std::unique_ptr<hs_database, Free> database_;
};

struct Hit {
  std::uint32_t shape = 0;
  std::uint64_t end = 0;
};

// Working memory of one thread for one database.
class Scratch {
 public:
  static Result<Scratch> Make(const Database& database);
  // Appends every hit in `text`, by ascending end offset.
  Status Scan(const Database& database, std::string_view text,
              std::vector<Hit>* hits);

 private:
  struct Free {
    void operator()(hs_scratch* scratch) const;
  };
  std::unique_ptr<hs_scratch, Free> scratch_;
};

}  // namespace keytidy::match
