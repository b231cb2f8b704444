// SPDX-License-Identifier: Apache-2.0
//
// Result<T>: a value or an Error. Functions that can fail return one;
// exceptions of libraries are caught in the adapter that calls the library and
// never cross a folder or a thread.
#pragma once

#include <fmt/format.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace keytidy {

// What kind of failure it is. Callers switch on this, never on the text.
enum class ErrorCode {
  kInvalid,      // what a person wrote (flag, config, rule) is wrong
  kNotFound,     // no such file
  kPermission,   // the system refused
  kIo,           // reading or writing failed
  kDamaged,      // bytes that are not what they claim to be
  kLimit,        // a stated limit was reached
  kUnsupported,  // well-formed, but not a form we read
  kCancelled,    // the run was interrupted
  kInternal,     // our own bug
};

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  // One line for people: `path:line:col: what: why`; never a secret. For
  // configuration it may be followed by the source line and a caret.
  std::string message;
};

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

using Status = Result<void>;

// return Fail(ErrorCode::kIo, "{}: {}", path, why);
template <class... Args>
tl::unexpected<Error> Fail(ErrorCode code, fmt::format_string<Args...> format,
                           Args&&... args) {
  return tl::unexpected<Error>(
      Error{code, fmt::format(format, std::forward<Args>(args)...)});
}

inline tl::unexpected<Error> Fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace keytidy
