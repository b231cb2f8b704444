// SPDX-License-Identifier: Apache-2.0
//
// One blob: read in pieces it gives what it gives read whole; what cannot be
// read is said.
#include "scan/blob_scanner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/text.h"
#include "unit/scan/scene.h"

namespace keytidy::scan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Lines = std::vector<std::string>;

constexpr std::size_t kWhole = 2 << 20;

// A file of this text, scanned in pieces of `chunk` bytes.
Report InPieces(const TempDir& dir, std::string_view text, std::size_t chunk) {
  dir.Write("a", text);
  Options options;
  options.chunk = chunk;
  return RunOver(dir, options);
}

// What each finding is and where, without its line.
Lines Keys(const Report& report) {
  Lines out;
  for (const Finding& finding : report.findings) {
    for (const Occurrence& place : finding.occurrences) {
      out.push_back(fmt::format(
          "{} {} {} {}-{} {}:{}-{}:{} {}", finding.id, Name(finding.confidence),
          finding.redacted, place.span.start, place.span.end, place.range.line,
          place.range.column, place.range.end_line, place.range.end_column,
          place.blob));
    }
  }
  return out;
}

// Words, line breaks, keys of every kind, markers; some lines are long.
std::string RandomText(std::uint64_t seed, std::size_t size) {
  match::Random random(seed);
  std::string out;
  while (out.size() < size) {
    switch (random.Below(14)) {
      case 0:
        out += KrytonKey(random.Next());
        break;
      case 1:
        out += NimbusKey(random.Next());
        break;
      case 2:
        out += "acme_secret = " + AcmeSecret(random.Next());
        break;
      case 3:
        out += BlockKey(random.Next());
        break;
      case 4:
        out += KrytonKey(random.Next()).substr(0, 5 + random.Below(30));
        break;
      case 5:
        out += "  # keytidy:allow * made up\n";
        break;
      case 6:
        out += "\n# keytidy:allow kryton-key\n";
        break;
      case 7:
        out += "\xC3\xB6\xE2\x82\xAC";
        break;
      case 8:
        out +=
            std::string(random.Below(random.Below(20) == 0 ? 3000 : 60), '.');
        break;
      case 9:
      case 10:
        out += "\r\n";
        break;
      default:
        out += ' ';
    }
  }
  return out;
}

// From UTF-8, without characters beyond the first plane.
std::string Wide(std::string_view utf8, bool big_endian) {
  std::string out = big_endian ? "\xFE\xFF" : "\xFF\xFE";
  for (std::size_t i = 0; i < utf8.size();) {
    const auto byte = [&](std::size_t k) {
      return static_cast<unsigned>(static_cast<unsigned char>(utf8[i + k]));
    };
    unsigned unit = byte(0);
    std::size_t used = 1;
    if (unit >= 0xE0) {
      unit = ((unit & 0x0F) << 12) | ((byte(1) & 0x3F) << 6) | (byte(2) & 0x3F);
      used = 3;
    } else if (unit >= 0xC0) {
      unit = ((unit & 0x1F) << 6) | (byte(1) & 0x3F);
      used = 2;
    }
    const char high = static_cast<char>(unit >> 8);
    const char low = static_cast<char>(unit & 0xFF);
    out += big_endian ? std::string{high, low} : std::string{low, high};
    i += used;
  }
  return out;
}

class Chunked : public testing::TestWithParam<std::size_t> {};

INSTANTIATE_TEST_SUITE_P(Sizes, Chunked, testing::Values(64, 1000),
                         testing::PrintToStringParamName());

TEST_P(Chunked, FindsTheSameKeys) {
  const TempDir dir;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const std::string text = RandomText(seed, 20000);
    for (const std::string& bytes :
         {text, Wide(text, false), Wide(text, true)}) {
      const Lines whole = Keys(InPieces(dir, bytes, kWhole));
      ASSERT_GT(whole.size(), 50u);
      ASSERT_EQ(Keys(InPieces(dir, bytes, GetParam())), whole) << seed;
    }
  }
}

TEST_P(Chunked, GivesTheSameReport) {
  const TempDir dir;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const std::string text = RandomText(seed, 20000);
    for (const std::string& bytes :
         {text, Wide(text, false), Wide(text, true)}) {
      const Report whole = InPieces(dir, bytes, kWhole);
      const Report pieces = InPieces(dir, bytes, GetParam());
      ASSERT_TRUE(Shown(pieces) == Shown(whole)) << seed;
    }
  }
}

// The border of two chunks before, inside and behind a key, wherever it runs.
TEST_P(Chunked, AKeyAtEveryPlaceOfABorder) {
  const TempDir dir;
  const std::string key = KrytonKey(1);
  for (std::size_t at = 1; at < 8000; at += 61) {
    const std::string text =
        std::string(at - 1, '.') + " " + key + " " + std::string(8000, '.');
    const Report report = InPieces(dir, text, GetParam());
    ASSERT_EQ(report.findings.size(), 1u) << at;
    ASSERT_EQ(report.findings[0].occurrences.at(0).span,
              (Span{at, at + key.size()}));
    ASSERT_EQ(report.findings[0].occurrences[0].range.column, at + 1);
  }
}

TEST_P(Chunked, KeysSideBySide) {
  const TempDir dir;
  std::string text;
  Lines wanted;
  for (std::uint64_t i = 0; i < 300; ++i) {
    wanted.push_back(fmt::format("a:1:{} kryton-key", text.size() + 1));
    text += KrytonKey(i) + (i % 2 == 0 ? " " : ",");
  }
  EXPECT_EQ(Places(InPieces(dir, text, GetParam())), wanted);
}

// What lies between the keys is as wide as the excerpt is, so that now and then
// the border of a window cuts the neighbour off.
TEST_P(Chunked, NoExcerptShowsANeighbour) {
  const TempDir dir;
  for (std::size_t gap = 1; gap < 60; gap += 7) {
    std::string text;
    for (std::uint64_t i = 0; i < 150; ++i) {
      text +=
          (i % 3 == 0 ? NimbusKey(i) : KrytonKey(i)) + std::string(gap, ' ');
    }
    const Report report = InPieces(dir, text, GetParam());
    ASSERT_EQ(report.findings.size(), 150u);
    for (const Finding& finding : report.findings) {
      // Eight digits in a row are more than a redacted key shows.
      const std::string& line = finding.occurrences.at(0).excerpt.text;
      std::size_t digits = 0;
      for (const char c : line) {
        digits = IsHexDigit(c) ? digits + 1 : 0;
        ASSERT_LT(digits, 8u) << gap << ": " << line;
      }
    }
  }
}

// A marker counts wherever the border of a window runs.
TEST_P(Chunked, MarkersAreSeen) {
  const TempDir dir;
  std::string text;
  const std::string filler(400, '.');
  for (std::uint64_t i = 0; i < 60; ++i) {
    text += "# keytidy:allow * above\n" + filler + " " + KrytonKey(i) + "\n";
    text += "t = " + KrytonKey(1000 + i) + " " + filler +
            " # keytidy:allow * behind\n";
  }
  const Report report = InPieces(dir, text, GetParam());
  EXPECT_EQ(report.findings.size(), 120u);
  for (const Finding& finding : report.findings) {
    ASSERT_TRUE(finding.occurrences.at(0).allowed.has_value())
        << finding.occurrences[0].range.line;
  }
}

TEST_P(Chunked, CountsEveryByteOnce) {
  const TempDir dir;
  const std::string text = RandomText(9, 30000);
  const std::string wide = Wide(text, true);
  EXPECT_EQ(InPieces(dir, text, GetParam()).coverage.bytes, text.size());
  EXPECT_EQ(InPieces(dir, wide, GetParam()).coverage.bytes, wide.size());
}

// Of every length about that of a window and of two.
TEST_P(Chunked, AFileThatEndsAnywhere) {
  const TempDir dir;
  const std::string key = KrytonKey(3);
  for (std::size_t size = 100; size < 9000; size += 61) {
    const std::string text =
        std::string(size - key.size() - 1, '.') + " " + key;
    const Report report = InPieces(dir, text, GetParam());
    ASSERT_EQ(report.findings.size(), 1u) << size;
    ASSERT_EQ(report.coverage.bytes, size);
  }
}

// Hands out its text and then fails, or just ends.
class TornReader final : public source::ByteReader {
 public:
  TornReader(std::string_view text, std::optional<std::uint64_t> size,
             bool fails)
      : text_(text), size_(size), fails_(fails) {}
  Result<std::size_t> Read(char* data, std::size_t size) override {
    const std::size_t n = std::min({size, text_.size(), std::size_t{100}});
    if (n == 0 && fails_) return Fail(ErrorCode::kIo, "torn");
    text_.copy(data, n);
    text_.remove_prefix(n);
    return n;
  }
  std::optional<std::uint64_t> Size() const override { return size_; }

 private:
  std::string_view text_;
  std::optional<std::uint64_t> size_;
  bool fails_;
};

// What a scanner collects from one reader.
struct Scanned {
  explicit Scanned(source::ByteReader& reader, const Options& with = {},
                   SourceKind source = SourceKind::kFile)
      : options(with) {
    auto made = BlobScanner::Make(SmallEngine(), options, roots, &progress);
    EXPECT_TRUE(made);
    scanner = *std::move(made);
    BlobName name;
    name.source = source;
    name.path = "a";
    scanner->Scan(reader, name, {});
  }
  Lines Skips() const {
    Lines out;
    for (const Skip& skip : scanner->collected().coverage.skipped) {
      out.push_back(fmt::format("{}{}: {}", skip.incomplete ? "!" : "",
                                skip.path, skip.reason));
    }
    return out;
  }
  const std::vector<Found>& found() const { return scanner->collected().found; }
  const Coverage& coverage() const { return scanner->collected().coverage; }

  Options options;
  std::vector<Root> roots = {Root()};
  Progress progress;
  std::unique_ptr<BlobScanner> scanner;
};

TEST(BlobScanner, KeysBeforeAFailureAreFound) {
  const std::string text =
      KrytonKey(1) + "\n" + std::string(5000, '.') + "\n" + KrytonKey(2) + "\n";
  for (const std::size_t chunk : {std::size_t{64}, kWhole}) {
    TornReader reader(text, 9000, true);
    Options options;
    options.chunk = chunk;
    const Scanned scanned(reader, options);
    EXPECT_THAT(scanned.Skips(), ElementsAre("!a: torn"));
    ASSERT_EQ(scanned.found().size(), 2u);
    // Of a part there is no blob id.
    EXPECT_EQ(scanned.found()[0].place.blob, "");
    EXPECT_EQ(scanned.coverage().bytes, text.size());
  }
}

TEST(BlobScanner, AFailureIsSaidOnceInWideTextToo) {
  const std::string text = Utf16Le(KrytonKey(1) + "\n");
  TornReader reader(text, std::nullopt, true);
  const Scanned scanned(reader);
  EXPECT_THAT(scanned.Skips(), ElementsAre("!a: torn"));
  EXPECT_EQ(scanned.found().size(), 1u);
}

TEST(BlobScanner, AFailureAtTheFirstByte) {
  TornReader reader("", 100, true);
  const Scanned scanned(reader);
  EXPECT_THAT(scanned.Skips(), ElementsAre("!a: torn"));
  EXPECT_EQ(scanned.coverage().bytes, 0u);
}

TEST(BlobScanner, AFileThatBecameShorter) {
  const std::string text = KrytonKey(1) + "\n";
  TornReader reader(text, 100, false);
  const Scanned scanned(reader);
  EXPECT_THAT(scanned.Skips(),
              ElementsAre("!a: cut short while it was being read"));
  EXPECT_EQ(scanned.found().size(), 1u);
  EXPECT_EQ(scanned.found()[0].place.blob, "");
}

TEST(BlobScanner, AWideFileThatBecameShorter) {
  const std::string text = Utf16Le(KrytonKey(1) + "\n");
  TornReader reader(text, 1000, false);
  const Scanned scanned(reader);
  EXPECT_THAT(scanned.Skips(),
              ElementsAre("!a: cut short while it was being read"));
}

TEST(BlobScanner, AFileOfUnknownLength) {
  const std::string text = KrytonKey(1) + "\n" + std::string(5000, '.');
  TornReader reader(text, std::nullopt, false);
  const Scanned scanned(reader, {}, SourceKind::kStdin);
  EXPECT_THAT(scanned.Skips(), IsEmpty());
  ASSERT_EQ(scanned.found().size(), 1u);
  EXPECT_EQ(scanned.found()[0].place.blob, ToHex(GitBlobId(text)));
}

// It is longer than a window, and its length was not known before.
TEST(BlobScanner, WhatCannotBeReadAgainHasNoBlobId) {
  const std::string text = KrytonKey(1) + "\n" + std::string(9000, '.');
  TornReader reader(text, std::nullopt, false);
  Options options;
  options.chunk = 64;
  const Scanned scanned(reader, options, SourceKind::kStdin);
  ASSERT_EQ(scanned.found().size(), 1u);
  EXPECT_EQ(scanned.found()[0].place.blob, "");
}

TEST(BlobScanner, OneScannerForManyBlobs) {
  const Options options;
  const std::vector<Root> roots = {Root()};
  Progress progress;
  auto scanner = BlobScanner::Make(SmallEngine(), options, roots, &progress);
  ASSERT_TRUE(scanner);
  for (std::uint64_t i = 0; i < 3; ++i) {
    const std::string text = std::string(i, '\n') + KrytonKey(i);
    source::MemoryReader reader(text);
    BlobName name;
    name.path = std::to_string(i);
    (*scanner)->Scan(reader, name, {});
  }
  const Collected& collected = (*scanner)->collected();
  ASSERT_EQ(collected.found.size(), 3u);
  for (std::uint64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(collected.found[i].place.path, std::to_string(i));
    EXPECT_EQ(collected.found[i].place.range.line, i + 1);
  }
  EXPECT_EQ(collected.coverage.files, 3u);
  EXPECT_THAT(collected.bytes_of_root, ElementsAre(44u + 45u + 46u));
}

// One key inside another: the longer stays, and neither shows.
TEST(BlobScanner, OverlapsAreResolved) {
  const std::string key = KrytonKey(1);
  const std::string text =
      "a =BEGIN=" + std::string(20, 'q') + "\n" + key + "\n=END= b";
  source::MemoryReader reader(text);
  const Scanned scanned(reader);
  ASSERT_EQ(scanned.found().size(), 1u);
  const Found& found = scanned.found()[0];
  EXPECT_EQ(SmallEngine().rules()[found.rule].id, "block-key");
  EXPECT_EQ(found.place.span, (Span{2, text.size() - 2}));
  EXPECT_EQ(found.place.excerpt.text, "a " + found.redacted);
}

// On one line, so that both stand in the excerpt of either.
TEST(BlobScanner, AnInnerKeyIsMaskedWithTheOuter) {
  const std::string key = KrytonKey(1);
  const std::string text = "a =BEGIN=" + key + "=END= b";
  source::MemoryReader reader(text);
  const Scanned scanned(reader);
  ASSERT_EQ(scanned.found().size(), 1u);
  const Excerpt& excerpt = scanned.found()[0].place.excerpt;
  EXPECT_EQ(excerpt.text, "a " + scanned.found()[0].redacted + " b");
  EXPECT_EQ(excerpt.caret, 2u);
  EXPECT_EQ(excerpt.caret_width, scanned.found()[0].redacted.size());
}

}  // namespace
}  // namespace keytidy::scan
