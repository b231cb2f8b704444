// SPDX-License-Identifier: Apache-2.0
#include "rotate/rotation_proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "base/time.h"
#include "report/terminal_text.h"

namespace keytidy::rotate {
namespace {

using Json = nlohmann::ordered_json;
using State = CheckedPlace::State;

std::string_view Name(State state) {
  switch (state) {
    case State::kGone:
      return "gone";
    case State::kHolds:
      return "holds";
    case State::kElsewhere:
      return "elsewhere";
    case State::kStays:
      return "stays";
    case State::kUnread:
      break;
  }
  return "unread";
}

bool Any(const Proof& proof, State state) {
  return std::any_of(
      proof.places.begin(), proof.places.end(),
      [state](const CheckedPlace& place) { return place.state == state; });
}

std::string_view Name(Outcome outcome) {
  switch (outcome) {
    case Outcome::kConfirmed:
      return "confirmed";
    case Outcome::kRefuted:
      return "refuted";
    case Outcome::kOpen:
      break;
  }
  return "open";
}

std::string AtProvider(const Proof& proof) {
  const Verdict& verdict = proof.verdict;
  std::string out;
  switch (verdict.state) {
    case VerdictState::kInactive:
      out = "dead";
      break;
    case VerdictState::kActive:
      out = "alive";
      break;
    case VerdictState::kUnknown:
    case VerdictState::kNotTried:
      out = "not proved dead";
      break;
  }
  if (!verdict.evidence.empty()) out += ": " + verdict.evidence;
  if (!proof.asked && verdict.checked_at) {
    out += fmt::format(" (asked on {})",
                       IsoTime(*verdict.checked_at).substr(0, 10));
  }
  return out;
}

std::string Ending(const Proof& proof) {
  switch (OutcomeOf(proof)) {
    case Outcome::kConfirmed:
      return "Confirmed: the key is dead, and no known place holds it.";
    case Outcome::kRefuted:
      if (proof.verdict.state == VerdictState::kActive) {
        return "Not over: the key is still alive.";
      }
      return "Not over: the key still stands where it stood.";
    case Outcome::kOpen:
      break;
  }
  if (proof.verdict.state != VerdictState::kInactive) {
    return fmt::format(
        "Open: nothing proves that the key is dead. Give it on standard input, "
        "so that its provider can be asked: `keytidy rotate confirm {}{} < "
        "FILE`.",
        proof.id, proof.inventory_option);
  }
  return "Open: not every place could be looked at.";
}

}  // namespace

Outcome OutcomeOf(const Proof& proof) {
  if (proof.verdict.state == VerdictState::kActive ||
      Any(proof, State::kHolds) || Any(proof, State::kElsewhere)) {
    return Outcome::kRefuted;
  }
  if (proof.verdict.state != VerdictState::kInactive ||
      Any(proof, State::kUnread)) {
    return Outcome::kOpen;
  }
  return Outcome::kConfirmed;
}

std::string ProofText(const Proof& proof) {
  std::string out =
      fmt::format("{}  {}  {}\n\n", proof.id, ForTerminal(proof.redacted),
                  ForTerminal(proof.title));
  out += fmt::format("  provider   {}\n",
                     report::Wrap(ForTerminal(AtProvider(proof)), 13));
  for (const CheckedPlace& place : proof.places) {
    std::string text = place.machine + ":" + place.where;
    if (!place.why.empty()) text += "; " + place.why;
    out += fmt::format("  {:<9}  {}\n", Name(place.state),
                       report::Wrap(ForTerminal(text), 13));
  }
  if (!proof.replaced_by.empty()) {
    out += fmt::format("  new key    {}\n", proof.replaced_by);
  }
  return out + "\n" + report::Wrap(Ending(proof), 0) + "\n";
}

std::string ProofJson(const Proof& proof) {
  Json places = Json::array();
  for (const CheckedPlace& place : proof.places) {
    places.push_back(
        {{"state", Name(place.state)},
         {"machine", ToValidUtf8(place.machine)},
         {"place", ToValidUtf8(place.where)},
         {"why", place.why.empty() ? Json() : Json(ToValidUtf8(place.why))}});
  }
  const Verdict& verdict = proof.verdict;
  const Json out = {
      {"schema", "keytidy-rotation-proof/1"},
      {"outcome", Name(OutcomeOf(proof))},
      {"key",
       {{"id", proof.id},
        {"title", proof.title},
        {"redacted", ToValidUtf8(proof.redacted)}}},
      {"verdict",
       {{"state", keytidy::Name(verdict.state)},
        {"evidence", verdict.evidence.empty()
                         ? Json()
                         : Json(ToValidUtf8(verdict.evidence))},
        {"checked_at",
         verdict.checked_at ? Json(IsoTime(*verdict.checked_at)) : Json()},
        {"asked_now", proof.asked}}},
      {"places", std::move(places)},
      {"replaced_by",
       proof.replaced_by.empty() ? Json() : Json(proof.replaced_by)}};
  return out.dump(2) + "\n";
}

}  // namespace keytidy::rotate
