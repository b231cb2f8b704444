// SPDX-License-Identifier: Apache-2.0
#include "verify/curl.h"

#include <dlfcn.h>

#include <string>
#include <type_traits>

namespace keytidy::verify {
namespace {

constexpr const char* kLibraries[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};

Result<Curl> Load() {
  // Never closed: the library keeps handlers of exit.
  void* library = nullptr;
  for (const char* name : kLibraries) {
    library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library != nullptr) break;
  }
  if (library == nullptr) {
    return Fail(ErrorCode::kUnsupported,
                "libcurl is not installed (package libcurl4)");
  }
  Curl curl = {};
  std::string absent;
  const auto find = [&](const char* name, auto* function) {
    void* symbol = dlsym(library, name);
    if (symbol == nullptr) absent = name;
    *function =
        reinterpret_cast<std::remove_reference_t<decltype(*function)>>(symbol);
  };
  find("curl_global_init", &curl.global_init);
  find("curl_easy_init", &curl.easy_init);
  find("curl_easy_cleanup", &curl.easy_cleanup);
  find("curl_easy_reset", &curl.easy_reset);
  find("curl_easy_setopt", &curl.easy_setopt);
  find("curl_easy_getinfo", &curl.easy_getinfo);
  find("curl_easy_strerror", &curl.easy_strerror);
  find("curl_slist_append", &curl.slist_append);
  find("curl_slist_free_all", &curl.slist_free_all);
  find("curl_multi_init", &curl.multi_init);
  find("curl_multi_cleanup", &curl.multi_cleanup);
  find("curl_multi_setopt", &curl.multi_setopt);
  find("curl_multi_add_handle", &curl.multi_add_handle);
  find("curl_multi_remove_handle", &curl.multi_remove_handle);
  find("curl_multi_perform", &curl.multi_perform);
  find("curl_multi_poll", &curl.multi_poll);
  find("curl_multi_info_read", &curl.multi_info_read);
  find("curl_multi_strerror", &curl.multi_strerror);
  if (!absent.empty()) {
    return Fail(ErrorCode::kUnsupported, "libcurl is too old: it has no {}",
                absent);
  }
  if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return Fail(ErrorCode::kUnsupported, "libcurl could not be started");
  }
  return curl;
}

}  // namespace

Result<const Curl*> LoadCurl() {
  static const Result<Curl> curl = Load();
  if (!curl) return Fail(curl.error());
  return &*curl;
}

}  // namespace keytidy::verify
