// SPDX-License-Identifier: Apache-2.0
//
// Whose settings a key stands in: client, server and slot, for a text that may
// be the file of a client.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "clients/client_book.h"
#include "clients/contents.h"
#include "clients/path_at.h"
#include "core/finding.h"
#include "core/secret.h"

namespace keytidy::scan {

// One thread; book, path and text outlive it. Nothing is read before it is
// asked.
class ClientPlaces {
 public:
  // `book` may be null: then nothing is known. Of an `unnamed` text the path
  // says nothing; it is read as the settings of some client, and the client's
  // name stays empty (see NameClient).
  ClientPlaces(clients::ClientBook* book, std::string_view path,
               std::string_view text, bool unnamed)
      : book_(book), path_(path), text_(text), unnamed_(unnamed) {}
  ClientPlaces(const ClientPlaces&) = delete;
  ClientPlaces& operator=(const ClientPlaces&) = delete;

  // `span` in the text.
  std::optional<ClientPlace> Find(Span span);

 private:
  void Read();

  clients::ClientBook* book_;
  std::string_view path_;
  std::string_view text_;
  bool unnamed_;
  bool read_ = false;
  std::optional<std::string> client_;
  clients::Contents contents_;
  std::optional<clients::SlotIndex> slots_;  // over contents_
  config::Node root_;
  std::optional<clients::PathIndex> paths_;  // over root_; made when asked
};

// A name may be made of the key itself, glued to letters so that no rule takes
// it for one.
void HideIn(ClientPlace* place, const Secret& secret,
            std::string_view redacted);

// Gives a place that was found in an unnamed text the client that its path
// belongs to, or takes it away.
void NameClient(clients::ClientBook* book, std::string_view path,
                std::optional<ClientPlace>* place);

}  // namespace keytidy::scan
