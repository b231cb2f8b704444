// SPDX-License-Identifier: Apache-2.0
//
// Reads one file of a client: scans it, understands it, and notes down what
// the checks need.
#pragma once

#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "audit/facts.h"
#include "audit/join_keys.h"
#include "audit/knowledge.h"
#include "audit/machine.h"
#include "config/node.h"
#include "core/finding.h"
#include "match/engine.h"
#include "scan/blob_scanner.h"
#include "scan/options.h"

namespace keytidy::audit {

// Shared by all readers; immutable.
struct ReadContext {
  const Machine& machine;
  const Knowledge& knowledge;
  const match::Engine& engine;
  const scan::Options& options;
  std::string salt;
  // Files whose settings say that a keychain is in use, by path.
  std::map<std::string, std::vector<Setting>> keychain_settings;
  Digest fingerprint = {};  // of the inventory; may be empty
};

// One thread's. What rules find goes into scanner->collected(), with the
// client's place; folded where the file's role says that keys there are summed
// up.
class FileReader {
 public:
  FileReader(const ReadContext& context, scan::BlobScanner* scanner)
      : context_(context), scanner_(scanner) {}

  // `index` is that of the file among all. Nothing it holds is kept but
  // digests.
  FileFacts Read(const FoundFile& file, std::size_t index,
                 const std::stop_token& stop, std::vector<PlainKey>* plain);

 private:
  void ReadText(const FoundFile& file, std::size_t index, std::string text,
                const std::stop_token& stop, FileFacts* facts,
                std::vector<PlainKey>* plain);
  void ReadProgram(const FoundFile& file, std::size_t index,
                   const std::stop_token& stop, FileFacts* facts,
                   std::vector<PlainKey>* plain);
  void ReadEmbedded(const FoundFile& file, std::size_t index,
                    const config::Document& document,
                    const std::stop_token& stop, FileFacts* facts,
                    std::vector<PlainKey>* plain);
  void Note(const FoundFile& file, const config::Document& document,
            clients::Contents* contents, FileFacts* facts) const;
  // Says where what was found begins.
  std::size_t Scan(const FoundFile& file, source::ByteReader& reader,
                   bool nested, const std::stop_token& stop);
  void Join(const FoundFile& file, std::size_t index, std::size_t from,
            const clients::Contents& contents, const TextMap* text,
            const config::Node* root, FileFacts* facts,
            std::vector<PlainKey>* plain);
  void Fold(std::size_t from);

  const ReadContext& context_;
  scan::BlobScanner* scanner_;
};

// Whether keys in files of this role are summed up.
bool IsSummedUp(FileRole role);

}  // namespace keytidy::audit
