// SPDX-License-Identifier: Apache-2.0
#include "verify/list_keys.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "verify/judge.h"
#include "verify/recipe_server.h"

namespace keytidy::verify {

Result<Task> MakeListTask(const Recipe& recipe, const PlanOptions& options) {
  Task task;
  task.rule = recipe.id;
  task.recipe = &recipe;
  SetParameters(options, &task);
  if (auto ok = CheckListing(*recipe.list, task.values); !ok) {
    return Fail(ErrorCode::kInvalid, "{}",
                MissingParameter(recipe, ok.error().message));
  }
  if (auto ok = SetServer({}, options, &task); !ok) return Fail(ok.error());
  if (!recipe.base) {
    task.host = HostOfStep(task, recipe.list->procedure.steps.front());
  }
  task.values.Set("page", "1");
  return task;
}

KeyList ListKeys(Task& task, HttpClient& client, AuditLog& log,
                 ProcedureHooks hooks, std::size_t most_requests) {
  const Listing& list = *task.recipe->list;
  const std::vector<Step>& steps = list.procedure.steps;
  KeyList out;
  if (most_requests < steps.size()) {
    out.why = "more requests are needed than are allowed";
    return out;
  }
  const std::size_t most_pages =
      std::min(kMostPages, most_requests - (steps.size() - 1));
  hooks.again = [&](const Step& step, const HttpAnswer& answer,
                    Values* values) -> Result<bool> {
    if (&step != &steps.back()) return false;
    auto page = ReadRows(list, answer, *values);
    if (!page) return Fail(page.error());
    ++out.pages;
    std::move(page->keys.begin(), page->keys.end(),
              std::back_inserter(out.keys));
    if (list.per_page == 0 || page->rows < list.per_page) return false;
    if (out.pages == most_pages) {
      return Fail(ErrorCode::kLimit, "there are more than {} pages of keys",
                  most_pages);
    }
    values->Set("page", std::to_string(out.pages + 1));
    return true;
  };
  const ProcedureResult done =
      RunProcedure(list.procedure, task, client, log, hooks);
  if (!done.worked) out.why = done.why;
  return out;
}

}  // namespace keytidy::verify
