// SPDX-License-Identifier: Apache-2.0
#include "scan/object_scanner.h"

#include <algorithm>
#include <utility>

#include "match/identity.h"
#include "scan/client_places.h"
#include "scan/key_chain.h"
#include "source/archive.h"
#include "source/encoding.h"

namespace keytidy::scan {
namespace {

constexpr std::string_view kPointer =
    "version https://git-lfs.github.com/spec/v1\n";
constexpr std::size_t kMostPointer = 1024;

// The pieces of a packed object as bytes to read.
class StreamReader final : public source::ByteReader {
 public:
  StreamReader(pack::InflateStream* stream, std::uint64_t size)
      : stream_(*stream), left_(size), size_(size) {}
  Result<std::size_t> Read(char* data, std::size_t size) override {
    auto n = stream_.Read(data, size);
    if (!n) return n;
    if (*n > left_ || (*n == 0 && left_ > 0 && size > 0)) {
      return Fail(ErrorCode::kDamaged,
                  "its compressed data does not make the {} bytes it states",
                  size_);
    }
    left_ -= *n;
    return n;
  }
  std::optional<std::uint64_t> Size() const override { return size_; }

 private:
  pack::InflateStream& stream_;
  std::uint64_t left_;
  std::uint64_t size_;
};

}  // namespace

std::string PlaceholderPath(const pack::ObjectId& id) {
  return "blob:" + id.Hex();
}

Result<std::unique_ptr<ObjectScanner>> ObjectScanner::Make(
    const match::Engine& engine, const Options& options,
    const std::vector<Root>& roots, Progress* progress,
    const std::stop_token& stop) {
  auto blobs = BlobScanner::Make(engine, options, roots, progress);
  if (!blobs) return Fail(blobs.error());
  auto delta = match::DeltaScanner::Make(engine);
  if (!delta) return Fail(delta.error());
  return std::unique_ptr<ObjectScanner>(new ObjectScanner(
      *std::move(blobs), *std::move(delta), options, progress, stop));
}

ObjectScanner::ObjectScanner(std::unique_ptr<BlobScanner> blobs,
                             match::DeltaScanner delta, const Options& options,
                             Progress* progress, const std::stop_token& stop)
    : blobs_(std::move(blobs)),
      delta_(std::move(delta)),
      options_(options),
      progress_(progress),
      stop_(stop) {}

void ObjectScanner::Begin(std::size_t root, const pack::DeltaForest* forest) {
  root_ = root;
  forest_ = forest;
}

pack::ObjectId ObjectScanner::IdOf(std::uint32_t node) const {
  return forest_->pack().IdAt(forest_->IndexOf(node));
}

BlobName ObjectScanner::NameOf(const pack::ObjectId& id) const {
  BlobName name;
  name.source = SourceKind::kHistory;
  name.blob = id.Hex();
  name.path = PlaceholderPath(id);
  name.root = root_;
  name.unnamed = true;
  return name;
}

void ObjectScanner::Count(std::uint64_t bytes) {
  Collected& collected = blobs_->collected();
  ++collected.coverage.blobs;
  collected.coverage.bytes += bytes;
  collected.bytes_of_root[root_] += bytes;
  progress_->blobs.fetch_add(1, std::memory_order_relaxed);
  progress_->bytes.fetch_add(bytes, std::memory_order_relaxed);
}

ObjectScanner::Kind ObjectScanner::Classify(std::string_view content,
                                            bool counts) {
  const auto leave_out = [&](LeftOut* what) {
    if (counts) {
      ++what->count;
      what->bytes += content.size();
    }
    return Kind::kLeftOut;
  };
  if (options_.max_file_size && content.size() > *options_.max_file_size) {
    return leave_out(&large);
  }
  if (options_.archives && source::LooksLikeArchive(content)) {
    return Kind::kOther;
  }
  const auto detected = source::DetectEncoding(content);
  if (detected.encoding != source::Encoding::kBytes) return Kind::kOther;
  if (!options_.binary && source::LooksBinary(content)) {
    return leave_out(&binary);
  }
  if (content.size() < kMostPointer && content.starts_with(kPointer) &&
      counts) {
    ++pointers.count;
  }
  return Kind::kText;
}

void ObjectScanner::TakeFound(const pack::ObjectId& id) {
  auto& found = blobs_->collected().found;
  if (found.empty()) return;
  HitBlob hit;
  hit.id = id;
  hit.found = std::exchange(found, {});
  hits_.push_back(std::move(hit));
}

void ObjectScanner::OnObject(const pack::WalkedObject& object) {
  if (slots_.size() <= object.slot) slots_.resize(object.slot + std::size_t{1});
  Slot& slot = slots_[object.slot];
  slot.known = false;
  // An entry that no table names has no id; it is walked for what it is the
  // base of.
  const bool wanted = object.wanted;
  const Kind kind = Classify(object.content, wanted);
  if (wanted) Count(object.content.size());
  if (kind == Kind::kLeftOut) return;
  if (kind == Kind::kOther) {
    if (!wanted) return;
    const pack::ObjectId id = IdOf(object.node);
    source::MemoryReader reader(object.content);
    blobs_->Scan(reader, NameOf(id), stop_);
    return TakeFound(id);
  }
  Status scanned;
  const bool from_parent = options_.delta &&
                           object.parent_slot != pack::WalkedObject::kNoSlot &&
                           slots_[object.parent_slot].known;
  if (from_parent) {
    copies_.clear();
    for (const pack::Copy& copy : object.copies) {
      copies_.push_back({copy.to, copy.from, copy.size});
    }
    scanned = delta_.ScanDelta(object.content, slots_[object.parent_slot].text,
                               copies_, &slot.text);
  } else {
    scanned = delta_.ScanWhole(object.content, &slot.text);
  }
  if (!scanned) {
    if (wanted) failures_.push_back({IdOf(object.node), scanned.error()});
    return;
  }
  slot.known = true;
  if (wanted && !slot.text.matches.empty()) {
    const pack::ObjectId id = IdOf(object.node);
    blobs_->Report(object.content, slot.text.matches, NameOf(id));
    TakeFound(id);
  }
}

void ObjectScanner::OnWhole(const pack::ObjectId& id,
                            std::string_view content) {
  const Kind kind = Classify(content, true);
  Count(content.size());
  if (kind == Kind::kLeftOut) return;
  if (kind == Kind::kOther) {
    source::MemoryReader reader(content);
    blobs_->Scan(reader, NameOf(id), stop_);
    return TakeFound(id);
  }
  if (auto ok = delta_.ScanWhole(content, &alone_); !ok) {
    failures_.push_back({id, ok.error()});
    return;
  }
  if (alone_.matches.empty()) return;
  blobs_->Report(content, alone_.matches, NameOf(id));
  TakeFound(id);
}

void ObjectScanner::OnStream(const pack::ObjectId& id, std::uint64_t size,
                             source::ByteReader& content) {
  Count(size);
  if (options_.max_file_size && size > *options_.max_file_size) {
    ++large.count;
    large.bytes += size;
    return;
  }
  blobs_->Scan(content, NameOf(id), stop_);
  TakeFound(id);
}

void ObjectScanner::OnLarge(std::uint32_t node, std::uint64_t size,
                            pack::InflateStream& content) {
  StreamReader reader(&content, size);
  OnStream(IdOf(node), size, reader);
}

void ObjectScanner::OnFailure(std::uint32_t node, const Error& error) {
  failures_.push_back({IdOf(node), error});
}

void ReportLeftOut(const std::vector<ObjectScanner*>& scanners,
                   const std::string& prefix, std::vector<Skip>* skipped) {
  LeftOut binary;
  LeftOut pointers;
  LeftOut large;
  const auto add = [](LeftOut* to, LeftOut* from) {
    to->count += from->count;
    to->bytes += from->bytes;
    *from = {};
  };
  for (ObjectScanner* scanner : scanners) {
    add(&binary, &scanner->binary);
    add(&pointers, &scanner->pointers);
    add(&large, &scanner->large);
  }
  const auto say = [&](const LeftOut& what, std::string_view one,
                       std::string_view many, bool with_bytes) {
    if (what.count == 0) return;
    skipped->push_back(
        {prefix + ".",
         fmt::format("{} {}", what.count, what.count == 1 ? one : many),
         std::nullopt, false});
    if (with_bytes) skipped->back().bytes = what.bytes;
  };
  say(binary, "binary blob", "binary blobs", true);
  say(large, "blob larger than --max-file-size",
      "blobs larger than --max-file-size", true);
  say(pointers, "Git LFS pointer, whose content is not in the repository",
      "Git LFS pointers, whose content is not in the repository", false);
}

Found AtPath(const Found& found, const std::string& path,
             std::string_view placeholder, std::optional<CommitInfo> commit,
             const match::Engine& engine, const Options& options) {
  Found out;  // the secret stays behind
  out.rule = found.rule;
  out.confidence = found.confidence;
  out.severity = found.severity;
  out.id = found.id;
  out.redacted = found.redacted;
  out.length = found.length;
  out.shown = found.shown;
  out.root = found.root;
  out.evidence = found.evidence;
  out.place = found.place;
  out.place.source = SourceKind::kHistory;
  out.place.path = path + found.place.path.substr(placeholder.size());
  out.below_settings = out.place.path;
  out.place.commit = std::move(commit);
  NameClient(options.clients, path, &out.place.client);
  if (!found.secret) return out;
  out.id = options.identifier.Id(engine.rules()[found.rule], *found.secret,
                                 out.below_settings + found.around);
  if (options.keep != nullptr && out.id != found.id) {
    const Rule& rule = engine.rules()[found.rule];
    const KnownKey* known = options.keep->Find(rule.id, found.id);
    options.keep->Add(
        rule, out.id, *found.secret,
        known != nullptr ? known->bases : std::vector<std::string>(),
        known != nullptr && known->settled);
  }
  if (options.show_secrets) return out;
  const auto hide = [&](std::string* text) {
    *text = match::RedactPath(*text, *found.secret, found.redacted);
  };
  hide(&out.place.path);
  if (out.place.commit) {
    hide(&out.place.commit->author);
    hide(&out.place.commit->email);
    hide(&out.place.commit->subject);
  }
  return out;
}

}  // namespace keytidy::scan
