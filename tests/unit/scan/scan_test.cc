// SPDX-License-Identifier: Apache-2.0
//
// Whole runs: what a report says of the keys that were found.
#include "scan/scan.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "unit/scan/scene.h"

namespace keytidy::scan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string BlobOf(std::string_view bytes) { return ToHex(GitBlobId(bytes)); }

const Finding& TheFinding(const Report& report) {
  static const Finding kNone;
  EXPECT_EQ(report.findings.size(), 1u);
  return report.findings.empty() ? kNone : report.findings[0];
}

const Occurrence& ThePlace(const Report& report) {
  static const Occurrence kNone;
  const Finding& finding = TheFinding(report);
  EXPECT_EQ(finding.occurrences.size(), 1u);
  return finding.occurrences.empty() ? kNone : finding.occurrences[0];
}

TEST(Run, OneKey) {
  const TempDir dir;
  const std::string key = KrytonKey(1);
  const std::string text = "# c\r\n\ttoken: " + key + " # k\r\n";
  dir.Write("sub/.env", text);
  const Report report = RunOver(dir);
  const Finding& finding = TheFinding(report);
  EXPECT_EQ(finding.rule->id, "kryton-key");
  EXPECT_EQ(finding.id.size(), 19u);
  EXPECT_EQ(finding.id.substr(0, 3), "kt-");
  EXPECT_EQ(finding.severity, Severity::kHigh);
  EXPECT_EQ(finding.confidence, Confidence::kHigh);
  EXPECT_EQ(finding.redacted, Redacted(key));
  EXPECT_EQ(finding.length, 44u);
  EXPECT_EQ(finding.shown, std::nullopt);
  EXPECT_EQ(finding.verdict.state, VerdictState::kNotTried);
  const Occurrence& place = ThePlace(report);
  EXPECT_EQ(place.source, SourceKind::kFile);
  EXPECT_EQ(place.path, "sub/.env");
  EXPECT_EQ(place.span, (Span{13, 57}));
  EXPECT_EQ(place.range.line, 2u);
  EXPECT_EQ(place.range.column, 9u);
  EXPECT_EQ(place.range.end_line, 2u);
  EXPECT_EQ(place.range.end_column, 53u);
  EXPECT_EQ(place.blob, BlobOf(text));
  EXPECT_EQ(place.excerpt.text, "\ttoken: " + Redacted(key) + " # k");
  EXPECT_EQ(place.excerpt.caret, 8u);
  EXPECT_EQ(place.excerpt.caret_width, 11u);
  EXPECT_EQ(place.allowed, std::nullopt);
}

TEST(Run, AKeyOfSeveralLines) {
  const TempDir dir;
  const std::string key = BlockKey(1);
  dir.Write("a", "x\nk = '" + key + "'\n");
  const Report report = RunOver(dir);
  const Occurrence& place = ThePlace(report);
  EXPECT_EQ(place.span, (Span{7, 7 + key.size()}));
  EXPECT_EQ(place.range.line, 2u);
  EXPECT_EQ(place.range.column, 6u);
  EXPECT_EQ(place.range.end_line, 5u);
  EXPECT_EQ(place.range.end_column, 6u);
  EXPECT_EQ(place.excerpt.text, "k = '" + TheFinding(report).redacted);
}

TEST(Run, TheSecretIsTheGroup) {
  const TempDir dir;
  const std::string value = AcmeSecret(1);
  dir.Write("a", "acme_secret = " + value + "\n");
  const Report report = RunOver(dir);
  EXPECT_EQ(TheFinding(report).length, 24u);
  EXPECT_EQ(TheFinding(report).severity, Severity::kLow);
  EXPECT_EQ(ThePlace(report).span, (Span{14, 38}));
}

TEST(Run, OneKeyInSeveralPlacesIsOneFinding) {
  const TempDir dir;
  const std::string key = KrytonKey(1);
  dir.Write("b", key + "\n" + key + "\n");
  dir.Write("a/z", "x = " + key);
  dir.Write("c", key);
  const Report report = RunOver(dir);
  EXPECT_EQ(report.findings.size(), 1u);
  EXPECT_THAT(Places(report),
              ElementsAre("a/z:1:5 kryton-key", "b:1:1 kryton-key",
                          "b:2:1 kryton-key", "c:1:1 kryton-key"));
}

TEST(Run, FindingsAreSortedByTheirFirstPlace) {
  const TempDir dir;
  const std::string shared = KrytonKey(1);
  dir.Write("b", "acme_secret = " + AcmeSecret(2) + "\n" + shared + "\n");
  dir.Write("a", KrytonKey(3) + "\n");
  dir.Write("c", KrytonKey(4) + " " + KrytonKey(5) + " " + shared + "\n");
  EXPECT_THAT(Places(RunOver(dir)),
              ElementsAre("a:1:1 kryton-key", "b:1:15 acme-secret",
                          "b:2:1 kryton-key", "c:1:91 kryton-key",
                          "c:1:1 kryton-key", "c:1:46 kryton-key"));
}

TEST(Run, IdsDependOnTheKeyAlone) {
  const TempDir dir;
  dir.Write("a", KrytonKey(1));
  const TempDir other;
  other.Write("sub/b", "xyz\n" + KrytonKey(1) + "\n");
  const std::string id = TheFinding(RunOver(dir)).id;
  EXPECT_EQ(TheFinding(RunOver(other)).id, id);
  dir.Write("a", KrytonKey(2));
  EXPECT_NE(TheFinding(RunOver(dir)).id, id);
}

TEST(Run, IdsDependOnTheKeyOfTheUser) {
  const TempDir dir;
  dir.Write("a", KrytonKey(1));
  Options options;
  options.identifier = match::Identifier("a key of the user");
  const std::string id = TheFinding(RunOver(dir, options)).id;
  EXPECT_NE(TheFinding(RunOver(dir)).id, id);
  EXPECT_EQ(TheFinding(RunOver(dir, options)).id, id);
}

TEST(Run, TheBlobIdIsGits) {
  const TempDir dir;
  // Of a file that fits, of one that is read in pieces, and of one that is
  // decoded.
  const std::string small = KrytonKey(1) + "\n";
  const std::string large = std::string(50000, 'x') + "\n" + KrytonKey(2);
  const std::string wide = Utf16Le(KrytonKey(3));
  dir.Write("large", large);
  dir.Write("small", small);
  dir.Write("wide", wide);
  Options options;
  options.chunk = 1000;
  const Report report = RunOver(dir, options);
  ASSERT_EQ(report.findings.size(), 3u);
  EXPECT_EQ(report.findings[0].occurrences[0].blob, BlobOf(large));
  EXPECT_EQ(report.findings[1].occurrences[0].blob, BlobOf(small));
  EXPECT_EQ(report.findings[2].occurrences[0].blob, BlobOf(wide));
}

TEST(Run, WideTextIsPlacedInItsFile) {
  const TempDir dir;
  const std::string key = KrytonKey(1);
  dir.Write("be", Utf16Be("ab\nk = " + key + "\n"));
  dir.Write("le", Utf16Le("ab\nk = " + key + "\n"));
  const Report report = RunOver(dir);
  ASSERT_EQ(TheFinding(report).occurrences.size(), 2u);
  EXPECT_EQ(TheFinding(report).length, 44u);
  for (const Occurrence& place : report.findings[0].occurrences) {
    EXPECT_EQ(place.span, (Span{16, 104}));
    EXPECT_EQ(place.range.line, 2u);
    EXPECT_EQ(place.range.column, 9u);
    EXPECT_EQ(place.range.end_column, 97u);
    EXPECT_EQ(place.excerpt.text, "k = " + Redacted(key));
  }
  EXPECT_EQ(report.coverage.bytes, 2u * 106u);
}

TEST(Run, CoverageCountsTheBytesOfTheFile) {
  const TempDir dir;
  dir.Write("a", Utf16Le("hello"));
  EXPECT_EQ(RunOver(dir).coverage.bytes, 12u);
  // Half a code unit at the end is one byte, not two.
  dir.Write("a", Utf16Le("hello") + "x");
  EXPECT_EQ(RunOver(dir).coverage.bytes, 13u);
  dir.Write("a", std::string("\xFF\xFE\0\0x\0\0\0yz", 10));
  EXPECT_EQ(RunOver(dir).coverage.bytes, 10u);
}

std::vector<Root> MixedTree(const TempDir& dir) {
  for (int i = 0; i < 120; ++i) {
    const auto seed = static_cast<std::uint64_t>(i);
    std::string text = fmt::format("line\nt = {}\n", KrytonKey(seed % 40));
    if (i % 3 == 0) text += "acme_secret = " + AcmeSecret(seed % 10) + "\n";
    if (i % 5 == 0) text += BlockKey(seed) + " # keytidy:allow *\n";
    if (i % 7 == 0) text += NimbusKey(7) + "  # keytidy:allow * why\n";
    if (i % 11 == 0) text = Utf16Le(text);
    if (i % 13 == 0) text.push_back('\0');
    dir.Write(fmt::format("d{}/e{}/f{}", i % 4, i % 6, i), text);
  }
  dir.Write("d1/.gitignore", "f1*\n");
  dir.Symlink("d2/link", "..");
  dir.Write("given", KrytonKey(5));
  Root root = DirectoryRoot(dir.path());
  root.settings.name = "keytidy.toml";
  root.settings.allow.emplace_back().path = "d3/**";
  root.settings.allow[0].reason = "made up";
  root.settings.allow.emplace_back().path = "nowhere/**";
  root.settings.allow[1].reason = "old";
  return {root, FileRoot(dir / "given", "given"),
          FileRoot(dir / "missing", "missing")};
}

TEST(Run, AnyNumberOfThreadsGivesTheSame) {
  const TempDir dir;
  const std::vector<Root> roots = MixedTree(dir);
  Options options;
  const std::string one = Shown(RunOver(roots, options));
  EXPECT_THAT(one, HasSubstr("complete false"));
  for (const std::size_t jobs : {2u, 8u}) {
    options.jobs = jobs;
    for (int again = 0; again < 5; ++again) {
      ASSERT_EQ(Shown(RunOver(roots, options)), one) << jobs;
    }
  }
}

TEST(Run, TheSameFileGivenTwice) {
  const TempDir dir;
  dir.Write("a", KrytonKey(1) + "\n" + KrytonKey(1) + "\n");
  const Root file = FileRoot(dir / "a", "a");
  EXPECT_THAT(Places(RunOver({file, file})),
              ElementsAre("a:1:1 kryton-key", "a:2:1 kryton-key"));
  EXPECT_THAT(Places(RunOver({DirectoryRoot(dir.path()), file})),
              ElementsAre("a:1:1 kryton-key", "a:2:1 kryton-key"));
}

// Given under two configurations, of which one allows it: which of the two
// scans came first must not matter.
TEST(Run, TheSameFileGivenTwiceUnderTwoSettings) {
  const TempDir dir;
  for (int i = 0; i < 200; ++i) {
    dir.Write(fmt::format("{}", i), std::string(20000, '\n') + KrytonKey(1));
  }
  Root lax = DirectoryRoot(dir.path());
  lax.settings.name = "keytidy.toml";
  lax.settings.allow.emplace_back().rule = "*";
  lax.settings.allow[0].reason = "why";
  const std::vector<Root> roots = {lax, DirectoryRoot(dir.path())};
  const std::string one = Shown(RunOver(roots));
  Options options;
  for (int again = 0; again < 10; ++again) {
    options.jobs = 2 + static_cast<std::size_t>(again % 3);
    ASSERT_TRUE(Shown(RunOver(roots, options)) == one) << again;
  }
}

TEST(Run, StandardInput) {
  const TempDir dir;
  const std::string key = KrytonKey(1);
  const Fd file(
      open(dir.Write("in", "t = " + key + "\n").c_str(), O_RDONLY | O_CLOEXEC));
  const Fd before(dup(0));
  ASSERT_EQ(dup2(file.get(), 0), 0);
  Root root;
  root.kind = Root::Kind::kStdin;
  root.path = "-";
  root.display = "-";
  const Report report = RunOver({root});
  ASSERT_EQ(dup2(before.get(), 0), 0);
  EXPECT_THAT(Places(report), ElementsAre("-:1:5 kryton-key"));
  EXPECT_EQ(ThePlace(report).source, SourceKind::kStdin);
  EXPECT_EQ(report.coverage.bytes, 49u);
  EXPECT_THAT(report.empty_roots, IsEmpty());
}

// A tar with one file.
std::string Tar(std::string_view name, std::string_view bytes) {
  std::string head(512, '\0');
  head.replace(0, name.size(), name);
  const auto put = [&head](std::size_t at, const std::string& text) {
    head.replace(at, text.size(), text);
  };
  put(100, "0000600");
  put(108, "0000000");
  put(116, "0000000");
  put(124, fmt::format("{:011o}", bytes.size()));
  put(136, "00000000000");
  put(148, "        ");
  put(156, "0");
  put(257, std::string("ustar\0"
                       "00",
                       8));
  unsigned sum = 0;
  for (const char c : head) sum += static_cast<unsigned char>(c);
  put(148, fmt::format("{:06o}", sum));
  head[154] = '\0';
  std::string out = head + std::string(bytes);
  out.resize((out.size() + 511) / 512 * 512 + 1024, '\0');
  return out;
}

TEST(Run, MembersOfArchives) {
  const TempDir dir;
  const std::string key = KrytonKey(1);
  const std::string text = "t = " + key + "\n";
  dir.Write("a.tar", Tar("inner/x", text));
  dir.Write("b.tar", Tar("a.tar", Tar("y", text)));
  const Report report = RunOver(dir);
  EXPECT_THAT(Places(report), ElementsAre("a.tar!inner/x:1:5 kryton-key",
                                          "b.tar!a.tar!y:1:5 kryton-key"));
  for (const Occurrence& place : TheFinding(report).occurrences) {
    EXPECT_EQ(place.source, SourceKind::kArchive);
    EXPECT_EQ(place.blob, BlobOf(text));
  }
  EXPECT_EQ(report.coverage.files, 2u);

  Options options;
  options.archives = false;
  EXPECT_THAT(Skips(RunOver(dir, options)),
              ElementsAre("a.tar: binary", "b.tar: binary"));
}

TEST(Run, AllowRulesSeeTheMemberBelowItsArchive) {
  const TempDir dir;
  dir.Write("sub/a.tar", Tar("x", KrytonKey(1)));
  dir.Write("sub/b.tar", Tar("x", KrytonKey(2)));
  Root root = DirectoryRoot(dir / "sub", "../sub");
  root.below_settings = "sub";
  root.settings.name = "keytidy.toml";
  root.settings.allow.emplace_back().path = "sub/a.tar!x";
  root.settings.allow[0].reason = "made up";
  root.settings.allow[0].place.line = 3;
  const Report report = RunOver({root});
  ASSERT_EQ(report.findings.size(), 2u);
  EXPECT_EQ(report.findings[0].occurrences[0].path, "../sub/a.tar!x");
  EXPECT_EQ(report.findings[0].occurrences[0].allowed,
            "keytidy.toml:3: made up");
  EXPECT_EQ(report.findings[1].occurrences[0].allowed, std::nullopt);
}

config::AllowRule AllowPath(std::string path, std::uint32_t line = 1) {
  config::AllowRule out;
  out.path = std::move(path);
  out.reason = "why";
  out.place.line = line;
  return out;
}

TEST(Run, AllowRules) {
  const TempDir dir;
  dir.Write("src/a", KrytonKey(1));
  dir.Write("tests/a", KrytonKey(1));
  dir.Write("tests/b", "acme_secret = " + AcmeSecret(1));
  Root root = DirectoryRoot(dir.path());
  root.settings.name = "keytidy.toml";
  root.settings.allow = {AllowPath("tests/**", 4), AllowPath("docs/**", 9)};
  root.settings.allow[0].rule = "kryton-*";
  const Report report = RunOver({root});
  ASSERT_EQ(report.findings.size(), 2u);
  ASSERT_EQ(report.findings[0].occurrences.size(), 2u);
  EXPECT_EQ(report.findings[0].occurrences[0].allowed, std::nullopt);
  EXPECT_EQ(report.findings[0].occurrences[1].allowed, "keytidy.toml:4: why");
  EXPECT_EQ(report.findings[1].occurrences[0].allowed, std::nullopt);
  EXPECT_THAT(report.notes,
              ElementsAre("keytidy.toml:9: this allow rule matches nothing "
                          "(\"why\")"));
}

TEST(Run, AnAllowRuleByFingerprint) {
  const TempDir dir;
  dir.Write("a", KrytonKey(1));
  dir.Write("b", KrytonKey(2));
  const std::string id = RunOver(dir).findings.at(0).id;
  Root root = DirectoryRoot(dir.path());
  root.settings.name = "keytidy.toml";
  root.settings.allow.emplace_back().fingerprint = id;
  root.settings.allow[0].reason = "why";
  const Report report = RunOver({root});
  EXPECT_TRUE(report.findings.at(0).occurrences.at(0).allowed.has_value());
  EXPECT_FALSE(report.findings.at(1).occurrences.at(0).allowed.has_value());
}

TEST(Run, AnAllowRuleHoldsOnlyBelowItsRoot) {
  const TempDir dir;
  dir.Write("one/a", KrytonKey(1));
  dir.Write("two/a", KrytonKey(2));
  Root one = DirectoryRoot(dir / "one", "one");
  one.settings.name = "one/keytidy.toml";
  one.settings.allow = {AllowPath("**")};
  const Report report = RunOver({one, DirectoryRoot(dir / "two", "two")});
  ASSERT_EQ(report.findings.size(), 2u);
  EXPECT_TRUE(report.findings[0].occurrences[0].allowed.has_value());
  EXPECT_FALSE(report.findings[1].occurrences[0].allowed.has_value());
}

// Two roots in one repository, under one keytidy.toml.
TEST(Run, AnAllowRuleThatOneRootUsesIsNotUnused) {
  const TempDir dir;
  dir.Write("src/a", "x");
  dir.Write("tests/a", KrytonKey(1));
  std::vector<Root> roots;
  for (const std::string name : {"src", "tests"}) {
    Root& root = roots.emplace_back(DirectoryRoot(dir / name, name));
    root.below_settings = name;
    root.settings.name = "keytidy.toml";
    root.settings.allow = {AllowPath("tests/**", 4)};
  }
  const Report report = RunOver(roots);
  EXPECT_EQ(ThePlace(report).allowed, "keytidy.toml:4: why");
  EXPECT_THAT(report.notes, IsEmpty());
}

TEST(Run, SeverityAsConfigured) {
  const TempDir dir;
  dir.Write("a", KrytonKey(1) + "\nacme_secret = " + AcmeSecret(1));
  Root root = DirectoryRoot(dir.path());
  root.settings.severity = {{"kryton-*", Severity::kInfo},
                            {"kryton-key", Severity::kCritical}};
  const Report report = RunOver({root});
  ASSERT_EQ(report.findings.size(), 2u);
  EXPECT_EQ(report.findings[0].severity, Severity::kCritical);
  EXPECT_EQ(report.findings[1].severity, Severity::kLow);
}

TEST(Run, SeverityIsConfiguredOnlyForItsRoot) {
  const TempDir dir;
  dir.Write("one/a", "x");
  dir.Write("two/a", KrytonKey(2));
  Root one = DirectoryRoot(dir / "one", "one");
  one.settings.severity = {{"*", Severity::kInfo}};
  const Report report = RunOver({one, DirectoryRoot(dir / "two", "two")});
  EXPECT_EQ(TheFinding(report).severity, Severity::kHigh);
}

TEST(Run, Markers) {
  const TempDir dir;
  dir.Write("a", "t = " + KrytonKey(1) + "  # keytidy:allow kryton-key one\n");
  dir.Write("b", "# keytidy:allow * two\nt = " + KrytonKey(2) + "\n");
  dir.Write("c", "\n\nt = " + KrytonKey(3) + "  # keytidy:allow kryton-key\n");
  dir.Write("d", "t = " + KrytonKey(4) + "  # keytidy:allow acme-secret x\n");
  dir.Write("e", "t = " + KrytonKey(5) + "  # gitleaks:allow\n");
  const Report report = RunOver(dir);
  ASSERT_EQ(report.findings.size(), 5u);
  const auto allowed = [&](std::size_t i) {
    return report.findings[i].occurrences.at(0).allowed.value_or("-");
  };
  EXPECT_EQ(allowed(0), "keytidy:allow kryton-key: one");
  EXPECT_EQ(allowed(1), "keytidy:allow *: two");
  EXPECT_EQ(allowed(2), "-");
  EXPECT_EQ(allowed(3), "-");
  EXPECT_EQ(allowed(4), "-");
  EXPECT_THAT(report.notes,
              ElementsAre("c:3: keytidy:allow kryton-key gives no reason, so "
                          "it does not count"));
}

TEST(Run, MarkersOfOtherScanners) {
  const TempDir dir;
  dir.Write("a", "t = " + KrytonKey(1) + "  # gitleaks:allow\n");
  Root root = DirectoryRoot(dir.path());
  EXPECT_EQ(ThePlace(RunOver({root})).allowed, std::nullopt);
  Options options;
  options.foreign_markers = true;
  EXPECT_EQ(ThePlace(RunOver({root}, options)).allowed,
            "marked gitleaks:allow");
  root.settings.foreign_markers = true;
  EXPECT_EQ(ThePlace(RunOver({root})).allowed, "marked gitleaks:allow");
  options.own_markers = false;
  EXPECT_EQ(ThePlace(RunOver({root}, options)).allowed, std::nullopt);
}

TEST(Run, MarkersTurnedOff) {
  const TempDir dir;
  dir.Write("a", "t = " + KrytonKey(1) + "  # keytidy:allow * why\n");
  Options options;
  options.own_markers = false;
  EXPECT_EQ(ThePlace(RunOver(dir, options)).allowed, std::nullopt);
  Root root = DirectoryRoot(dir.path());
  root.settings.own_markers = false;
  EXPECT_EQ(ThePlace(RunOver({root})).allowed, std::nullopt);
}

TEST(Run, MarkersOfAKeyOfSeveralLines) {
  const TempDir dir;
  dir.Write("a", "k = '" + BlockKey(1) + "'  # keytidy:allow block-key why\n");
  dir.Write("b", "# keytidy:allow block-key why\nk = '" + BlockKey(2) + "'\n");
  for (const Finding& finding : RunOver(dir).findings) {
    EXPECT_EQ(finding.occurrences.at(0).allowed,
              "keytidy:allow block-key: why");
  }
}

TEST(Run, MarkersOfWideText) {
  const TempDir dir;
  dir.Write("a", Utf16Be("t = " + KrytonKey(1) + " # keytidy:allow * why\r\n"));
  EXPECT_EQ(ThePlace(RunOver(dir)).allowed, "keytidy:allow *: why");
}

TEST(Run, CanBeInterrupted) {
  const TempDir dir;
  dir.Write("a", KrytonKey(1));
  std::stop_source stop;
  stop.request_stop();
  Progress progress;
  const auto report = scan::Run(SmallEngine(), {DirectoryRoot(dir.path())}, {},
                                &progress, stop.get_token());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(report.error().message, "interrupted");
}

TEST(Run, ShowsSecretsOnlyWhenAsked) {
  const TempDir dir;
  const std::string key = KrytonKey(1);
  dir.Write("dir-" + key + "/a",
            "t = " + key + " # keytidy:allow kryton-key\n");
  Root root = DirectoryRoot(dir.path());
  Options options;
  options.show_secrets = true;
  const Report open = RunOver({root}, options);
  EXPECT_EQ(TheFinding(open).shown, key);
  EXPECT_EQ(ThePlace(open).path, "dir-" + key + "/a");
  const Report closed = RunOver({root});
  EXPECT_EQ(ThePlace(closed).path, "dir-" + Redacted(key) + "/a");
  EXPECT_THAT(Shown(closed), Not(HasSubstr(key)));
}

// A file named after one of its keys, in which another stands too.
TEST(Run, NoPathShowsAKeyThatWasFound) {
  const TempDir dir;
  const std::string key = KrytonKey(1);
  dir.Write(key, key + "\n" + KrytonKey(2) + "\n");
  EXPECT_THAT(Shown(RunOver(dir)), Not(HasSubstr(key)));
}

// Keys in the names of what is left out, and in the pattern that says so.
TEST(Run, NoNameShowsAKey) {
  const TempDir dir;
  const std::string key = KrytonKey(1);
  dir.Write(key + "/binary", std::string("\0", 1));
  dir.Write("b/" + key, "");
  dir.Symlink("l-" + key, "b");
  dir.Write(".gitignore", "/b/\n/c-" + key + "\n");
  dir.Write("c-" + key, "x");
  Root given = FileRoot(dir / ("b/" + key), key);
  Root root = DirectoryRoot(dir.path());
  root.settings.name = "keytidy.toml";
  root.settings.allow.emplace_back().path = "nowhere";
  root.settings.allow[0].reason = "was " + key;
  const Report report = RunOver({root, given});
  EXPECT_THAT(Shown(report), Not(HasSubstr(key)));
  EXPECT_THAT(report.empty_roots, ElementsAre(Redacted(key)));
  EXPECT_THAT(Skips(report),
              ElementsAre("b: ignored by .gitignore:1 (/b/)",
                          "c-" + Redacted(key) +
                              ": ignored by .gitignore:2 "
                              "(/c-" +
                              Redacted(key) + ")",
                          Redacted(key) + "/binary: binary",
                          "l-" + Redacted(key) + ": symbolic link"));
}

TEST(Run, KeysOfOneLineAreAllMasked) {
  const TempDir dir;
  dir.Write("a", "a=" + KrytonKey(1) + " b=" + KrytonKey(2) +
                     " acme_secret = " + AcmeSecret(3) + "\n");
  const Report report = RunOver(dir);
  ASSERT_EQ(report.findings.size(), 3u);
  const std::string masked = "a=" + Redacted(KrytonKey(1)) +
                             " b=" + Redacted(KrytonKey(2)) +
                             " acme_secret = " + report.findings[2].redacted;
  EXPECT_EQ(report.findings[1].occurrences[0].excerpt.text, masked);
}

// The second time there is no name before it, so no rule finds it there.
TEST(Run, AKeyRepeatedOnItsLineIsMaskedThereToo) {
  const TempDir dir;
  const std::string value = AcmeSecret(1);
  dir.Write("a", "acme_secret = " + value + "  # was " + value + "\n");
  EXPECT_THAT(ThePlace(RunOver(dir)).excerpt.text, Not(HasSubstr(value)));
}

// The reason of a marker goes to the end of its line.
TEST(Run, AReasonShowsNoKey) {
  const TempDir dir;
  const std::string one = KrytonKey(1);
  const std::string two = KrytonKey(2);
  dir.Write("a", "# keytidy:allow kryton-key an old one: " + one + " " + two);
  const std::string shown = Shown(RunOver(dir));
  EXPECT_THAT(shown, Not(HasSubstr(one)));
  EXPECT_THAT(shown, Not(HasSubstr(two)));
}

}  // namespace
}  // namespace keytidy::scan
