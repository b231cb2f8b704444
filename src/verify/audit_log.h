// SPDX-License-Identifier: Apache-2.0
//
// A record of every request that went out, as JSON Lines: two lines for each,
// one before it is sent and one when it is over. Never a key.
//
//   {"time":"…","event":"sent","id":"kt-…","rule":"…","method":"GET",
//    "host":"api.example.com","path":"/user"}
//   {"time":"…","event":"answered", …, "status":200,"verdict":"active"}
//   {"time":"…","event":"failed", …, "reason":"…"}
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"

namespace keytidy::verify {

struct AuditEntry {
  std::int64_t time = 0;  // seconds since 1970
  std::string_view event;
  std::string_view id;  // the key's fingerprint
  std::string_view rule;
  std::string_view method;
  std::string_view host;
  std::string_view path;  // masked
  int status = 0;         // 0: none
  std::string_view verdict;
  std::string_view reason;
};

// Each line is one write to a file opened for appending, so that runs at the
// same time, or one that is killed, leave whole lines.
class AuditLog {
 public:
  // Makes the file (mode 0600) and its folder (0700) where they are missing.
  // kInvalid: it is a symbolic link, no regular file, somebody else's, or
  // open to others.
  static Result<AuditLog> Open(const std::string& path);

  // A request whose line cannot be written must not be sent.
  Status Write(const AuditEntry& entry);

 private:
  AuditLog(Fd fd, std::string path)
      : fd_(std::move(fd)), path_(std::move(path)) {}
  Fd fd_;
  std::string path_;
};

// $XDG_STATE_HOME/keytidy/requests.jsonl, or below ~/.local/state; empty where
// neither is known.
std::string DefaultAuditLog();

}  // namespace keytidy::verify
