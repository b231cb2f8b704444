// SPDX-License-Identifier: Apache-2.0
//
// All clients that are known: those of the catalogue and those of the user's
// own files. A catalogue client is read when it is first asked for.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/client.h"

namespace keytidy::clients {

// A file of patterns/clients, checked when the program was built. `paths` are
// those of all its files, on every platform.
struct EmbeddedClient {
  std::string_view id;
  std::string_view text;
  std::span<const std::string_view> paths;
};
// By id. Defined in the generated clients_data.cc (library
// keytidy_client_data).
std::span<const EmbeddedClient> EmbeddedClients();

// patterns/audit.toml, what the checks of an audit know (audit/knowledge.h).
std::string_view EmbeddedAuditFacts();

struct KnownFile {
  const Client* client = nullptr;
  const ClientFile* file = nullptr;
};

// Any thread, once the user's files are added.
class ClientBook {
 public:
  // `embedded` outlives the book.
  explicit ClientBook(std::span<const EmbeddedClient> embedded)
      : embedded_(embedded) {}

  // kInvalid: everything that is wrong with it. It takes the place of a
  // catalogue client with the same id.
  Status AddUserFile(std::string name, std::string text);

  // By id.
  std::vector<const Client*> All();

  // Whose file this may be, by the end of its path; of several the one whose
  // pattern says most (Weight), of equals the user's own.
  std::optional<KnownFile> Find(std::string_view path);

 private:
  const Client* Read(std::size_t index);

  std::span<const EmbeddedClient> embedded_;
  std::map<std::string, std::unique_ptr<Client>, std::less<>> user_;
  std::mutex mutex_;
  std::map<std::size_t, std::unique_ptr<Client>> read_;  // guarded by mutex_
};

}  // namespace keytidy::clients
