// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "report/json_finding.h"

namespace keytidy::report {

Json TextOrNull(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json ClientJson(const std::optional<ClientPlace>& client) {
  if (!client) return Json();
  Json json;
  json["name"] = client->name;
  json["server"] = TextOrNull(client->server);
  json["slot"] = client->slot;
  return json;
}

Json ViolationJson(const Violation& violation) {
  Json json;
  json["check"] = violation.check;
  json["severity"] = Name(violation.severity);
  json["finding"] = TextOrNull(violation.finding);
  json["message"] = violation.message;
  json["path"] = TextOrNull(violation.path);
  json["line"] = violation.line > 0 ? Json(violation.line) : Json();
  json["client"] = ClientJson(violation.client);
  json["fix"] = violation.fix;
  json["references"] = violation.references;
  json["decision"] = Json{{"action", Name(violation.decision.action)},
                          {"because", violation.decision.because}};
  return json;
}

Json AuditJson(const AuditSummary& audit) {
  Json json;
  json["home"] = audit.home;
  json["clients"] = audit.clients;
  json["servers"] = audit.servers;
  json["keys"] = audit.keys;
  json["places"] = audit.places;
  json["shared"] = audit.shared;
  json["tracked"] = audit.tracked;
  json["astray"] = audit.astray;
  json["leaked"] = audit.leaked;
  json["first"] = Json::array();
  for (const FirstStep& step : audit.first) {
    Json one;
    one["severity"] = Name(step.severity);
    one["what"] = step.what;
    one["where"] = step.where;
    one["how"] = step.how;
    one["checks"] = step.checks;
    json["first"].push_back(std::move(one));
  }
  return json;
}

}  // namespace keytidy::report
