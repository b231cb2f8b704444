// SPDX-License-Identifier: Apache-2.0
#include "audit/read_file.h"

#include <algorithm>
#include <map>
#include <utility>

#include "audit/processes.h"
#include "audit/server_facts.h"
#include "audit/stage.h"
#include "audit/tunnel_file.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "clients/pointer.h"
#include "config/binary_plist.h"
#include "match/checksum.h"

namespace keytidy::audit {
namespace {

using clients::Contents;

// Larger files are no settings of a person.
constexpr std::uint64_t kMostStructured = 16 << 20;
constexpr std::size_t kMostProgram = 4 << 20;

std::string_view FormatName(FileFormat format) {
  switch (format) {
    case FileFormat::kJson:
      return "JSON";
    case FileFormat::kYaml:
      return "YAML";
    case FileFormat::kToml:
      return "TOML";
    case FileFormat::kPlist:
      return "a property list";
    default:
      return "what it should be";
  }
}

// "line 3" of a parser's message, which may quote the file and is not shown.
std::string LineIn(std::string_view message, std::string_view name) {
  if (!message.starts_with(name)) return {};
  message.remove_prefix(name.size());
  if (!message.starts_with(':')) return {};
  std::string line;
  for (const char c : message.substr(1)) {
    if (!IsDigit(c)) break;
    line += c;
  }
  return line.empty() ? line : " at line " + line;
}

std::optional<std::string> FromBase64(std::string_view text) {
  std::string url;
  for (const char c : text) {
    if (c == '+') {
      url += '-';
    } else if (c == '/') {
      url += '_';
    } else if (c != '=' && c != '\n' && c != '\r' && c != ' ' && c != '\t') {
      url += c;
    }
  }
  return match::DecodeBase64Url(url);
}

}  // namespace

bool IsSummedUp(FileRole role) {
  switch (role) {
    case FileRole::kHistory:
    case FileRole::kTranscript:
    case FileRole::kLog:
    case FileRole::kCache:
    case FileRole::kDatabase:
      return true;
    default:
      return false;
  }
}

std::size_t FileReader::Scan(const FoundFile& file, source::ByteReader& reader,
                             bool nested, const std::stop_token& stop) {
  const std::size_t from = scanner_->collected().found.size();
  scan::BlobName name;
  name.path = name.below_settings = file.display;
  const std::string& home = context_.machine.home_display;
  if (!home.empty() && file.display.starts_with(home + "/")) {
    name.below_settings = file.display.substr(home.size() + 1);
  }
  name.unnamed = true;
  if (nested) name.source = SourceKind::kArchive;
  scanner_->Scan(reader, name, stop);
  return from;
}

void FileReader::Join(const FoundFile& file, std::size_t index,
                      std::size_t from, const Contents& contents,
                      const TextMap* text, const config::Node* root,
                      FileFacts* facts, std::vector<PlainKey>* plain) {
  JoinKeys({context_.engine, context_.options, context_.salt,
            context_.fingerprint, index, file.display, contents, text, root},
           &scanner_->collected().found, from, facts, plain,
           &scanner_->collected().coverage.skipped);
}

FileFacts FileReader::Read(const FoundFile& file, std::size_t index,
                           const std::stop_token& stop,
                           std::vector<PlainKey>* plain) {
  FileFacts facts;
  facts.file = file;
  facts.stage = StageOfFile(context_.knowledge, file);
  if (file.file->role == FileRole::kProcess) {
    ReadProgram(file, index, stop, &facts, plain);
    return facts;
  }
  auto opened = OpenRegular(file.path, Links::kRefuse);
  if (!opened) {
    const bool gone = opened.error().code == ErrorCode::kNotFound;
    const std::string& message = opened.error().message;
    scanner_->Skip(
        file.display,
        gone ? "vanished before it was read"
             : message.substr(std::min(message.size(), file.path.size() + 2)),
        !gone);
    return facts;
  }
  const bool structured =
      file.file->format != FileFormat::kText && !IsSummedUp(file.file->role);
  if (structured && opened->size <= kMostStructured) {
    std::string text(opened->size + 1, '\0');
    auto size = ReadFull(opened->fd.get(), text.data(), text.size(), "");
    if (!size) {
      scanner_->Skip(file.display, size.error().message, true);
      return facts;
    }
    text.resize(*size);
    ReadText(file, index, std::move(text), stop, &facts, plain);
    return facts;
  }
  if (structured) {
    scanner_->Skip(file.display,
                   "larger than 16 MiB: scanned as text, its settings are not "
                   "looked at",
                   false, opened->size);
  }
  source::FdReader reader(opened->fd.get(), "", opened->size);
  const std::size_t from = Scan(file, reader, false, stop);
  Join(file, index, from, {}, nullptr, nullptr, &facts, plain);
  if (IsSummedUp(file.file->role)) Fold(from);
  return facts;
}

void FileReader::ReadText(const FoundFile& file, std::size_t index,
                          std::string text, const std::stop_token& stop,
                          FileFacts* facts, std::vector<PlainKey>* plain) {
  TextMap map(text);
  auto document = clients::ParseAs(file.file->format, file.display,
                                   std::string(map.text()));
  // In a binary list the byte before a text may be a letter.
  if (document && config::IsBinaryPlist(text)) map.WriteOut(&document->root);
  const std::string_view read = map.written_out() ? map.text() : text;
  source::MemoryReader reader(read);
  const bool nested = file.display != facts->file.display;
  const std::size_t from = Scan(file, reader, nested, stop);
  Contents contents;
  if (document) {
    contents = clients::ReadContents(*file.client, *file.file, *document);
    Note(file, *document, &contents, facts);
  } else if (text.find_first_not_of(std::string_view(" \t\r\n\0", 5)) !=
             std::string::npos) {
    scanner_->Skip(file.display,
                   fmt::format("not {}{}: scanned as text, its settings are "
                               "not looked at",
                               FormatName(file.file->format),
                               LineIn(document.error().message, file.display)),
                   false, text.size());
  }
  Join(file, index, from, contents, &map, document ? &document->root : nullptr,
       facts, plain);
  if (map.written_out()) {
    auto& all = scanner_->collected().found;
    for (std::size_t i = from; i < all.size(); ++i) {
      all[i].place.span = map.ToFile(all[i].place.span);
      all[i].place.blob = ToHex(GitBlobId(text));
    }
  }
  if (document && !file.file->embedded.empty()) {
    ReadEmbedded(file, index, *document, stop, facts, plain);
  }
  if (document) Wipe(&document->text);
  Wipe(&text);
}

// What the file says besides its keys.
void FileReader::Note(const FoundFile& file, const config::Document& document,
                      Contents* contents, FileFacts* facts) const {
  if (file.file->role == FileRole::kTunnel) {
    ReadTunnelFile(*file.client, document.root, facts);
  }
  const auto wanted = context_.keychain_settings.find(file.path);
  if (wanted != context_.keychain_settings.end()) {
    for (const Setting& setting : wanted->second) {
      clients::ForEachAt(
          document.root, setting.pointer, [&](const clients::Target& target) {
            if (target.node != nullptr &&
                clients::ScalarText(*target.node) == setting.value) {
              facts->keychain = true;
            }
          });
    }
  }
  for (const clients::Server& server : contents->servers) {
    facts->servers.push_back(FactsOf(context_.knowledge, *file.client, server));
  }
  const auto add = [](auto more, auto* all) {
    std::move(more.begin(), more.end(), std::back_inserter(*all));
  };
  add(std::move(contents->allow), &facts->allow);
  add(std::move(contents->approve_write), &facts->approve_write);
  add(std::move(contents->approve_all), &facts->approve_all);
  add(std::move(contents->projects), &facts->projects);
}

void FileReader::ReadProgram(const FoundFile& file, std::size_t index,
                             const std::stop_token& stop, FileFacts* facts,
                             std::vector<PlainKey>* plain) {
  auto text = ReadSmallFile(file.path, kMostProgram);
  // Programs come and go.
  if (!text || text->empty()) return;
  const TextMap map(*text);
  source::MemoryReader reader(*text);
  const std::size_t from = Scan(file, reader, false, stop);
  const Contents contents = ReadProcess(file, *text);
  for (const clients::Server& server : contents.servers) {
    facts->servers.push_back(FactsOf(context_.knowledge, *file.client, server));
  }
  Join(file, index, from, contents, &map, nullptr, facts, plain);
  Wipe(&*text);
}

// A whole file within a value.
void FileReader::ReadEmbedded(const FoundFile& file, std::size_t index,
                              const config::Document& document,
                              const std::stop_token& stop, FileFacts* facts,
                              std::vector<PlainKey>* plain) {
  clients::ForEachAt(
      document.root, file.file->embedded, [&](const clients::Target& target) {
        if (target.node == nullptr) return;
        auto text = FromBase64(clients::ScalarText(*target.node));
        if (!text) {
          return scanner_->Skip(file.display,
                                target.path + ": no base64, so it is not read",
                                false);
        }
        ClientFile inner = *file.file;
        inner.embedded.clear();
        inner.format = file.file->embedded_format;
        FoundFile within = file;
        within.file = &inner;
        within.display += "!" + target.path;
        ReadText(within, index, *std::move(text), stop, facts, plain);
      });
}

// One entry for each key, with how often it is there.
void FileReader::Fold(std::size_t from) {
  auto& all = scanner_->collected().found;
  std::map<std::pair<std::uint32_t, std::string>, std::size_t> first;
  std::size_t kept = from;
  for (std::size_t i = from; i < all.size(); ++i) {
    const auto [it, fresh] = first.try_emplace({all[i].rule, all[i].id}, kept);
    if (!fresh) {
      ++all[it->second].place.times;
      continue;
    }
    if (kept != i) all[kept] = std::move(all[i]);
    ++kept;
  }
  all.resize(kept);
}

}  // namespace keytidy::audit
