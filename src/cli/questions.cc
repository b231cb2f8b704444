// SPDX-License-Identifier: Apache-2.0
#include "cli/questions.h"

#include <cstdlib>
#include <string>
#include <string_view>

#include "cli/one_key.h"

namespace keytidy::cli {
namespace {

constexpr std::string_view kShown = "********";

}  // namespace

Status AskQuestions(const std::vector<Question>& questions,
                    verify::Values* values) {
  for (const Question& question : questions) {
    const char* given =
        question.env.empty() ? nullptr : std::getenv(question.env.c_str());
    if (question.optional || (given != nullptr && *given != '\0')) {
      const std::string_view text = given != nullptr ? given : "";
      if (question.hidden) {
        values->SetSecret(question.name, text, std::string(kShown));
      } else {
        values->Set(question.name, text);
      }
      continue;
    }
    auto answer = AskOnTerminal(question.ask, question.hidden);
    if (!answer || answer->size() == 0) {
      return Fail(
          ErrorCode::kInvalid, "{} is needed{}", question.ask,
          question.env.empty() ? std::string() : ": set " + question.env);
    }
    values->SetSecret(question.name, *answer, std::string(kShown));
  }
  return {};
}

}  // namespace keytidy::cli
