// SPDX-License-Identifier: Apache-2.0
#include "scan/blob_scanner.h"

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "match/claims.h"
#include "policy/age_interval.h"
#include "policy/marker.h"
#include "scan/client_places.h"
#include "scan/key_chain.h"

namespace keytidy::scan {
namespace {

constexpr std::uint64_t kUnknownSize = ~std::uint64_t{0};
// How far from a key its line is searched for markers.
constexpr std::size_t kMarkerReach = 2048;

bool IsOfGit(SourceKind source) {
  return source == SourceKind::kHistory || source == SourceKind::kIndex;
}

std::string_view Slice(std::string_view text, Span span) {
  return text.substr(static_cast<std::size_t>(span.start),
                     static_cast<std::size_t>(span.size()));
}

Span Shifted(Span span, std::uint64_t by) {
  return {span.start + by, span.end + by};
}

}  // namespace

// Scans the members of one archive.
class BlobScanner::ArchiveMembers final : public source::ArchiveVisitor {
 public:
  ArchiveMembers(BlobScanner* scanner, const BlobName& outer,
                 const std::stop_token& stop)
      : scanner_(scanner), outer_(outer), stop_(stop) {}

  void OnMember(const std::string& path, source::ByteReader& content) override {
    BlobName name;
    name.source = SourceKind::kArchive;
    name.path = path;
    // Allow rules see the member below the archive as reports show it.
    name.below_settings =
        outer_.below_settings +
        path.substr(std::min(path.size(), outer_.path.size()));
    name.root = outer_.root;
    name.unnamed = outer_.unnamed;
    scanner_->Scan(content, name, stop_);
  }

  void OnSkip(keytidy::Skip skip) override {
    scanner_->collected_.coverage.skipped.push_back(std::move(skip));
  }

 private:
  BlobScanner* scanner_;
  const BlobName& outer_;
  const std::stop_token& stop_;
};

Result<std::unique_ptr<BlobScanner>> BlobScanner::Make(
    const match::Engine& engine, const Options& options,
    const std::vector<Root>& roots, Progress* progress) {
  auto scanner = match::Scanner::Make(engine);
  if (!scanner) return Fail(scanner.error());
  return std::unique_ptr<BlobScanner>(
      new BlobScanner(engine, options, roots, progress, *std::move(scanner)));
}

BlobScanner::BlobScanner(const match::Engine& engine, const Options& options,
                         const std::vector<Root>& roots, Progress* progress,
                         match::Scanner scanner)
    : engine_(engine),
      options_(options),
      roots_(roots),
      progress_(progress),
      scanner_(std::move(scanner)),
      overlap_(2 * engine.margin() + kMarkerReach + 64) {
  collected_.bytes_of_root.resize(roots.size());
}

void BlobScanner::Skip(std::string path, std::string reason, bool incomplete,
                       std::optional<std::uint64_t> bytes) {
  collected_.coverage.skipped.push_back(
      {std::move(path), std::move(reason), bytes, incomplete});
}

void BlobScanner::Scan(source::ByteReader& reader, const BlobName& name,
                       const std::stop_token& stop) {
  const auto size = reader.Size();
  if (size && options_.max_file_size && *size > *options_.max_file_size) {
    return Skip(name.path, "larger than --max-file-size", false, size);
  }
  if (depth_ == windows_.size()) {
    windows_.push_back(std::make_unique<Window>());
  }
  Window& window = *windows_[depth_];
  broken_ = false;
  window.Reset(options_.chunk + 2 * overlap_);
  // A length of 0 may be a file of /proc, which has content all the same.
  // What an archive says of its members may be wrong.
  const bool certain = name.source == SourceKind::kFile && size && *size > 0;
  const std::uint64_t expected = certain ? *size : kUnknownSize;
  bool ended = Fill(window, reader, expected, name, stop);
  const std::string_view head = window.text();
  if (options_.archives && source::LooksLikeArchive(head)) {
    return ScanArchive(reader, head, name, stop);
  }
  const source::Detected detected = source::DetectEncoding(head);
  if (detected.encoding != source::Encoding::kBytes) {
    // Start again, through the decoder.
    const std::string raw(head.substr(detected.mark));
    source::PrefixedReader again(raw, reader);
    source::TextReader decoded(again, detected.encoding);
    window.Reset(options_.chunk + 2 * overlap_);
    window.SetEncoding(detected.encoding, detected.mark,
                       size.value_or(kUnknownSize));
    ended = Fill(window, decoded, kUnknownSize, name, stop);
    return ScanText(decoded, reader, window, ended, name, kUnknownSize, stop);
  }
  if (!options_.binary && source::LooksBinary(head)) {
    return Skip(name.path, "binary", false, size);
  }
  ScanText(reader, reader, window, ended, name, expected, stop);
}

// Fills the window; where reading fails, the text ends.
bool BlobScanner::Fill(Window& window, source::ByteReader& reader,
                       std::uint64_t expected, const BlobName& name,
                       const std::stop_token& stop) {
  const auto ended = window.Fill(reader, expected, stop);
  if (ended) return *ended;
  const bool known = std::exchange(broken_, true);
  if (known) return true;
  // An archive reports by itself what it could not unpack.
  if (name.source != SourceKind::kArchive) {
    Skip(name.path, ended.error().message, true);
  }
  return true;
}

void BlobScanner::ScanArchive(source::ByteReader& reader, std::string_view head,
                              const BlobName& name,
                              const std::stop_token& stop) {
  const bool outermost = depth_ == 0;
  if (outermost) {
    budget_ = std::make_unique<source::ArchiveBudget>(options_.archive_limits);
  }
  ArchiveMembers members(this, name, stop);
  ++depth_;
  if (reader.CanSeek()) {
    if (auto ok = reader.SeekTo(0); !ok) {
      Skip(name.path, ok.error().message, true);
    } else {
      source::ReadArchive(reader, name.path, *budget_, members);
    }
  } else {
    source::PrefixedReader whole(head, reader);
    source::ReadArchive(whole, name.path, *budget_, members);
  }
  --depth_;
  if (outermost) budget_.reset();
}

void BlobScanner::ScanText(source::ByteReader& reader, source::ByteReader& file,
                           Window& window, bool ended, const BlobName& name,
                           std::uint64_t raw_size,
                           const std::stop_token& stop) {
  if (broken_ && window.text().empty()) return;
  // Objects of git are counted by those who read them.
  const bool counts = !IsOfGit(name.source);
  if (counts) {
    ++collected_.coverage.files;
    progress_->files.fetch_add(1, std::memory_order_relaxed);
  }
  // What an archive or a file of /proc says of its size may be wrong.
  const std::uint64_t stated = file.Size().value_or(0);
  const std::uint64_t size_in_file =
      name.source == SourceKind::kFile && stated > 0 ? stated : kUnknownSize;
  std::size_t from = 0;
  std::uint64_t counted = 0;
  for (;;) {
    // The last unit of wide text may be incomplete.
    const std::uint64_t seen = std::min(
        window.RawSpan({window.text().size(), window.text().size()}).end,
        size_in_file);
    if (counts) {
      collected_.coverage.bytes += seen - counted;
      collected_.bytes_of_root[name.root] += seen - counted;
      progress_->bytes.fetch_add(seen - counted, std::memory_order_relaxed);
    }
    counted = seen;

    const std::size_t size = window.text().size();
    const std::size_t to = ended ? size : size - std::min(size, overlap_);
    if (auto ok = ScanWindow(window, from, to, name); !ok) {
      Skip(name.path, ok.error().message, true);
      break;
    }
    if (ended || stop.stop_requested()) break;
    const std::size_t drop = to > overlap_ ? to - overlap_ : 0;
    window.Drop(drop);
    from = to - drop;
    ended = Fill(window, reader, raw_size, name, stop);
  }
  if (!broken_ && ended && size_in_file != kUnknownSize &&
      counted < size_in_file) {
    Skip(name.path, "cut short while it was being read", true);
    broken_ = true;
  }
  Finish(file, window, name, !broken_);
}

Status BlobScanner::ScanWindow(Window& window, std::size_t from, std::size_t to,
                               const BlobName& name) {
  std::vector<match::Match> matches;
  if (auto ok = scanner_.Scan(window.text(), from, to, &matches); !ok) {
    return ok;
  }
  if (matches.empty()) return {};
  // Every key in the window is masked, also those that belong to the windows
  // before and after.
  std::vector<match::Match> all = matches;
  const std::size_t size = window.text().size();
  if (from > 0 || to < size) {
    all.clear();
    if (auto ok = scanner_.Scan(window.text(), 0, size, &all); !ok) return ok;
  }
  Describe(window, std::move(matches), all, name);
  return {};
}

void BlobScanner::Report(std::string_view text,
                         std::vector<match::Match> matches,
                         const BlobName& name) {
  if (windows_.empty()) windows_.push_back(std::make_unique<Window>());
  Window& window = *windows_[0];
  window.Reset(std::max(text.size(), options_.chunk + 2 * overlap_));
  source::MemoryReader reader(text);
  broken_ = false;
  Fill(window, reader, text.size(), name, {});
  const std::vector<match::Match> all = matches;
  Describe(window, std::move(matches), all, name);
  Finish(reader, window, name, true);
}

void BlobScanner::Describe(Window& window, std::vector<match::Match> matches,
                           const std::vector<match::Match>& all,
                           const BlobName& name) {
  std::vector<Mask> masks;
  for (const match::Match& match : all) {
    masks.push_back({match.secret, match::Redact(engine_.rules()[match.rule],
                                                 Secret(Slice(window.text(),
                                                              match.secret)))});
  }
  std::sort(masks.begin(), masks.end(), [](const Mask& a, const Mask& b) {
    return std::tie(a.span, a.redacted) < std::tie(b.span, b.redacted);
  });
  std::sort(matches.begin(), matches.end(),
            [](const match::Match& a, const match::Match& b) {
              return std::tie(a.secret, a.shape, a.whole) <
                     std::tie(b.secret, b.shape, b.whole);
            });
  ConfigText config(window.text());
  ClientPlaces clients(options_.clients, name.path, window.text(),
                       name.unnamed);
  for (match::Match& match : matches) {
    const std::vector<Mask> near =
        MasksNear(window.text(), match.secret, masks, kMarkerReach);
    Found found = Describe(match, window, name, near, &config);
    if (window.base() == 0) found.place.client = clients.Find(match.secret);
    if (found.place.client && !options_.show_secrets) {
      HideIn(&*found.place.client, Secret(Slice(window.text(), match.secret)),
             found.redacted);
    }
    found.place.excerpt = MakeExcerpt(window.text(), match.secret, near);
    match.tag = found_.size();
    match.secret = Shifted(match.secret, window.base());
    match.whole = Shifted(match.whole, window.base());
    matches_.push_back(match);
    found_.push_back(std::move(found));
  }
}

Found BlobScanner::Describe(const match::Match& match, Window& window,
                            const BlobName& name,
                            const std::vector<Mask>& masks,
                            ConfigText* config) {
  const Rule& rule = engine_.rules()[match.rule];
  const std::string_view text = window.text();
  Secret secret(Slice(text, match.secret));
  Found found;
  found.rule = match.rule;
  found.confidence = match.confidence;
  found.redacted = match::Redact(rule, secret);
  found.length = secret.size();
  found.root = name.root;
  found.below_settings = name.below_settings;
  if (options_.show_secrets) found.shown = match::Show(secret);
  found.around =
      '\0' + std::string(Slice(text, {match.whole.start, match.secret.start})) +
      '\0' + std::string(Slice(text, {match.secret.end, match.whole.end}));
  found.id =
      options_.identifier.Id(rule, secret, name.below_settings + found.around);
  found.place.source = name.source;
  // A folder may be named after a key that no rule would see in its name.
  found.place.path = options_.show_secrets
                         ? name.path
                         : match::RedactPath(name.path, secret, found.redacted);
  found.place.span = window.RawSpan(match.secret);
  found.place.range = window.RangeOf(match.secret);
  CheckMarkers(text, match.secret, name, masks, &found);
  found.evidence = match::OwnWordOf(rule, secret, text, match.secret);
  std::erase_if(found.evidence, [this](const AgeEvidence& one) {
    return !policy::IsBelievable(one, options_.now);
  });
  if (options_.keep != nullptr) {
    options_.keep->Add(rule, found.id, *config, match.secret);
  }
  if (name.unnamed) found.secret = std::move(secret);
  return found;
}

void BlobScanner::CheckMarkers(std::string_view text, Span secret,
                               const BlobName& name,
                               const std::vector<Mask>& masks, Found* found) {
  const config::Settings& settings = roots_[name.root].settings;
  const policy::MarkerOptions options{
      options_.own_markers && settings.own_markers,
      options_.own_markers &&
          (options_.foreign_markers || settings.foreign_markers)};
  if (!options.own && !options.foreign) return;
  const std::uint64_t floor =
      secret.start > kMarkerReach ? secret.start - kMarkerReach : 0;
  const std::string_view before = Slice(text, {floor, secret.start});
  const std::string_view after =
      text.substr(static_cast<std::size_t>(secret.end), kMarkerReach);
  const std::size_t newline = before.rfind('\n');
  Span line{floor, secret.end + std::min(after.find('\n'), after.size())};
  Span above{floor, floor};
  if (newline != std::string_view::npos) {
    line.start = floor + newline + 1;
    // npos + 1 is 0: the line above begins where the search did.
    above = {floor + before.substr(0, newline).rfind('\n') + 1,
             floor + newline};
  }
  // The reason goes into the report: no key may stand in it.
  policy::MarkerResult result = policy::FindMarker(
      ApplyMasks(text, line, masks), ApplyMasks(text, above, masks),
      engine_.rules()[found->rule].id, options);
  found->place.allowed = std::move(result.allowed);
  if (result.note) {
    collected_.notes.push_back(fmt::format(
        "{}:{}: {}", found->place.path, found->place.range.line, *result.note));
  }
}

void BlobScanner::Finish(source::ByteReader& file, const Window& window,
                         const BlobName& name, bool whole) {
  if (matches_.empty()) return;
  match::ResolveOverlaps(engine_.rules(), &matches_);
  std::string blob = name.blob;
  if (blob.empty()) {
    blob = whole && window.holds_whole_file() ? ToHex(GitBlobId(window.text()))
                                              : HashAgain(file);
  }
  for (const match::Match& match : matches_) {
    Found& found = found_[match.tag];
    found.place.blob = blob;
    collected_.found.push_back(std::move(found));
  }
  matches_.clear();
  found_.clear();
}

// The blob id of what is no longer in memory; empty where it cannot be read
// again, or is not what it was.
std::string BlobScanner::HashAgain(source::ByteReader& file) {
  const auto size = file.Size();
  if (!size || !file.CanSeek() || !file.SeekTo(0)) return {};
  GitBlobHasher hasher(*size);
  std::uint64_t done = 0;
  std::vector<char> piece(256 << 10);
  for (;;) {
    const auto n = file.Read(piece.data(), piece.size());
    if (!n) return {};
    if (*n == 0) break;
    hasher.Update({piece.data(), *n});
    done += *n;
  }
  return done == *size ? ToHex(hasher.Finish()) : std::string();
}

}  // namespace keytidy::scan
