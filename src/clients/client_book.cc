// SPDX-License-Identifier: Apache-2.0
#include "clients/client_book.h"

#include <algorithm>
#include <utility>

#include "clients/client_file.h"
#include "clients/path_pattern.h"

namespace keytidy::clients {
namespace {

// Looks for the pattern that says most of a path.
class BestPattern {
 public:
  explicit BestPattern(std::string_view path) : path_(path) {}

  // Whether it says more than those before; or as much, where `even`.
  bool Beats(std::string_view text, bool even = false) {
    const PathPattern pattern = ParsePattern(text);
    if (!FitsTail(pattern, path_)) return false;
    const Weight weight = WeightOf(pattern);
    if (found_ && !(weight > best_ || (even && weight == best_))) return false;
    found_ = true;
    best_ = weight;
    return true;
  }

 private:
  std::string_view path_;
  bool found_ = false;
  Weight best_;
};

// The file of `client` that the path may be; null: none.
const ClientFile* FileOf(const Client& client, BestPattern* best, bool even) {
  const ClientFile* out = nullptr;
  for (const ClientFile& file : client.files) {
    for (const auto& paths : file.paths) {
      for (const std::string& one : paths) {
        // The same pattern on several platforms is one file.
        if (best->Beats(one, even && out == nullptr)) out = &file;
      }
    }
  }
  return out;
}

}  // namespace

Status ClientBook::AddUserFile(std::string name, std::string text) {
  auto client = ReadClient(std::move(name), std::move(text));
  if (!client) return Fail(client.error());
  std::string id = client->id;
  user_[std::move(id)] = std::make_unique<Client>(*std::move(client));
  return {};
}

const Client* ClientBook::Read(std::size_t index) {
  const EmbeddedClient& embedded = embedded_[index];
  if (const auto own = user_.find(embedded.id); own != user_.end()) {
    return own->second.get();
  }
  const std::lock_guard lock(mutex_);
  auto& client = read_[index];
  if (client == nullptr) {
    auto read = ReadClient(std::string(embedded.id) + ".toml",
                           std::string(embedded.text));
    // It read well when the program was built.
    if (read) client = std::make_unique<Client>(*std::move(read));
  }
  return client.get();
}

std::vector<const Client*> ClientBook::All() {
  std::vector<const Client*> out;
  for (std::size_t i = 0; i < embedded_.size(); ++i) {
    if (const Client* client = Read(i)) out.push_back(client);
  }
  for (const auto& [id, client] : user_) {
    if (std::find(out.begin(), out.end(), client.get()) == out.end()) {
      out.push_back(client.get());
    }
  }
  std::sort(out.begin(), out.end(),
            [](const Client* a, const Client* b) { return a->id < b->id; });
  return out;
}

std::optional<KnownFile> ClientBook::Find(std::string_view path) {
  BestPattern best(path);
  std::optional<std::size_t> index;
  for (std::size_t i = 0; i < embedded_.size(); ++i) {
    if (user_.find(embedded_[i].id) != user_.end()) continue;
    for (const std::string_view one : embedded_[i].paths) {
      if (best.Beats(one)) index = i;
    }
  }
  KnownFile known;
  for (const auto& [id, own] : user_) {
    if (const ClientFile* file = FileOf(*own, &best, true)) {
      known = {own.get(), file};
    }
  }
  if (known.file != nullptr) return known;
  if (!index) return std::nullopt;
  const Client* client = Read(*index);
  if (client == nullptr) return std::nullopt;
  BestPattern in_client(path);
  const ClientFile* file = FileOf(*client, &in_client, false);
  if (file == nullptr) return std::nullopt;
  return KnownFile{client, file};
}

}  // namespace keytidy::clients
