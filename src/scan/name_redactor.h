// SPDX-License-Identifier: Apache-2.0
//
// Keys stand in names too: of files, of folders, in the pattern of an ignore
// file. Everything of a report that is text from outside passes here.
#pragma once

#include <string>

#include "core/report.h"
#include "match/engine.h"

namespace keytidy::scan {

// One thread's.
class NameRedactor {
 public:
  static Result<NameRedactor> Make(const match::Engine& engine);

  // `text` with every key in it redacted.
  std::string Redact(std::string text);

  // The same for all names, reasons, notes and violations of a report. A
  // second time changes nothing.
  void RedactAll(Report* report);

 private:
  NameRedactor(const match::Engine& engine, match::Scanner scanner)
      : engine_(&engine), scanner_(std::move(scanner)) {}
  void Redact(ClientPlace* place);

  const match::Engine* engine_;
  match::Scanner scanner_;
};

}  // namespace keytidy::scan
