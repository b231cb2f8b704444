// SPDX-License-Identifier: Apache-2.0
#include "scan/name_redactor.h"

#include <algorithm>
#include <utility>

#include "match/identity.h"
#include "scan/excerpt.h"

namespace keytidy::scan {

Result<NameRedactor> NameRedactor::Make(const match::Engine& engine) {
  auto scanner = match::Scanner::Make(engine);
  if (!scanner) return Fail(scanner.error());
  return NameRedactor(engine, *std::move(scanner));
}

std::string NameRedactor::Redact(std::string text) {
  std::vector<match::Match> matches;
  if (!scanner_.Scan(text, 0, text.size(), &matches)) return "(not shown)";
  if (matches.empty()) return text;
  std::vector<Mask> masks;
  for (const match::Match& match : matches) {
    const std::string value =
        text.substr(static_cast<std::size_t>(match.secret.start),
                    static_cast<std::size_t>(match.secret.size()));
    masks.push_back({match.secret, match::Redact(engine_->rules()[match.rule],
                                                 Secret(value))});
  }
  std::sort(masks.begin(), masks.end(), [](const Mask& a, const Mask& b) {
    return std::tie(a.span, a.redacted) < std::tie(b.span, b.redacted);
  });
  return ApplyMasks(text, {0, text.size()}, masks);
}

void NameRedactor::Redact(ClientPlace* place) {
  for (std::string* text : {&place->name, &place->server, &place->slot}) {
    *text = Redact(std::move(*text));
  }
}

void NameRedactor::RedactAll(Report* report) {
  for (Skip& skip : report->coverage.skipped) {
    skip.path = Redact(std::move(skip.path));
    skip.reason = Redact(std::move(skip.reason));
  }
  for (std::string& root : report->empty_roots) root = Redact(std::move(root));
  for (std::string& note : report->notes) note = Redact(std::move(note));
  for (Finding& finding : report->findings) {
    for (Occurrence& place : finding.occurrences) {
      place.path = Redact(std::move(place.path));
      if (place.allowed) place.allowed = Redact(*std::move(place.allowed));
      if (place.client) Redact(&*place.client);
      if (!place.commit) continue;
      for (std::string* text : {&place.commit->author, &place.commit->email,
                                &place.commit->subject}) {
        *text = Redact(std::move(*text));
      }
    }
  }
  for (Violation& one : report->violations) {
    for (std::string* text : {&one.message, &one.path, &one.fix}) {
      *text = Redact(std::move(*text));
    }
    if (one.client) Redact(&*one.client);
  }
  if (!report->audit) return;
  for (FirstStep& step : report->audit->first) {
    step.what = Redact(std::move(step.what));
    step.how = Redact(std::move(step.how));
    for (std::string& place : step.where) place = Redact(std::move(place));
  }
}

}  // namespace keytidy::scan
