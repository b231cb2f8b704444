// SPDX-License-Identifier: Apache-2.0
#include "verify/http_client.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>
#include <vector>

#include "base/text.h"
#include "verify/base_url.h"
#include "verify/curl.h"
#include "verify/http_transfer.h"

namespace keytidy::verify {
namespace {

// The port of the proxy that curl takes from the environment; 0: none. Only to
// tell a proxy in a private network from a public host that claims to be.
std::uint16_t ProxyPort() {
  for (const char* name :
       {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string_view url = value;
    const std::size_t scheme = url.find("://");
    std::string_view rest =
        scheme == std::string_view::npos ? url : url.substr(scheme + 3);
    rest = rest.substr(0, rest.find('/'));
    const std::size_t colon = rest.rfind(':');
    unsigned port = 0;
    if (colon != std::string_view::npos) {
      for (const char c : rest.substr(colon + 1)) {
        port = IsDigit(c) && port < 10'000 ? port * 10 + unsigned(c - '0') : 0;
      }
    }
    if (port == 0) port = url.starts_with("https://") ? 443 : 1080;
    return static_cast<std::uint16_t>(port);
  }
  return 0;
}

// Whether NO_PROXY names the host, or a domain it is in, as curl reads it.
bool GoesDirect(std::string_view host) {
  host = host.substr(0, host.find(':'));
  for (const char* name : {"no_proxy", "NO_PROXY"}) {
    const char* value = std::getenv(name);
    std::string_view list = value != nullptr ? value : "";
    while (!list.empty()) {
      const std::size_t end = std::min(list.find_first_of(", \t"), list.size());
      std::string_view one = list.substr(0, end);
      list.remove_prefix(std::min(end + 1, list.size()));
      while (one.starts_with('.')) one.remove_prefix(1);
      if (one.ends_with('.')) one.remove_suffix(1);
      if (one == "*") return true;
      if (one.empty() || !Lowercase(host).ends_with(Lowercase(one))) continue;
      if (host.size() == one.size() ||
          host[host.size() - one.size() - 1] == '.') {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

class HttpClient::Impl {
 public:
  Impl(const Curl& curl, CURLM* multi, const Options& options)
      : curl_(curl),
        multi_(multi),
        options_(options),
        proxy_port_(ProxyPort()) {}

  ~Impl() {
    for (auto& [easy, transfer] : active_) {
      curl_.multi_remove_handle(multi_, easy);
      curl_.slist_free_all(transfer->headers);
      curl_.easy_cleanup(easy);
    }
    for (CURL* easy : idle_) curl_.easy_cleanup(easy);
    curl_.multi_cleanup(multi_);
  }

  void Send(Request request, Done done) {
    auto transfer = std::make_unique<Transfer>();
    transfer->request = std::move(request);
    transfer->done = std::move(done);
    transfer->max_body = options_.max_body;
    transfer->max_headers = options_.max_headers;
    transfer->proxy_port =
        GoesDirect(HostOf(transfer->request.url)) ? 0 : proxy_port_;
    if (idle_.empty()) {
      transfer->easy = curl_.easy_init();
    } else {
      transfer->easy = idle_.back();
      idle_.pop_back();
    }
    if (transfer->easy == nullptr || !SetUp(*transfer) ||
        curl_.multi_add_handle(multi_, transfer->easy) != CURLM_OK) {
      failed_.push_back(std::move(transfer));
      return;
    }
    CURL* easy = transfer->easy;
    active_.emplace(easy, std::move(transfer));
  }

  Status Run(std::chrono::milliseconds wait) {
    if (auto failed = std::move(failed_); !failed.empty()) {
      failed_.clear();
      for (auto& transfer : failed) {
        HttpResult result;
        result.failure = "libcurl does not take the request";
        Release(*transfer);
        transfer->done(std::move(result));
      }
      return {};
    }
    int running = 0;
    CURLMcode code = curl_.multi_perform(multi_, &running);
    if (code == CURLM_OK && !Finish()) {
      code = curl_.multi_poll(multi_, nullptr, 0,
                              static_cast<int>(wait.count()), nullptr);
      if (code == CURLM_OK) code = curl_.multi_perform(multi_, &running);
      if (code == CURLM_OK) Finish();
    }
    if (code != CURLM_OK) {
      return Fail(ErrorCode::kIo, "libcurl: {}", curl_.multi_strerror(code));
    }
    return {};
  }

 private:
  template <class T>
  bool Set(CURL* easy, CURLoption option, T value) {
    return curl_.easy_setopt(easy, option, value) == CURLE_OK;
  }

  bool SetUp(Transfer& transfer) {
    CURL* const easy = transfer.easy;
    Request& request = transfer.request;
    curl_.easy_reset(easy);
    const char* const protocols = request.loopback_http ? "http" : "https";
    bool ok = Set(easy, CURLOPT_URL, request.url.c_str()) &&
              Set(easy, CURLOPT_PROTOCOLS_STR, protocols) &&
              Set(easy, CURLOPT_FOLLOWLOCATION, 0L) &&
              Set(easy, CURLOPT_PATH_AS_IS, 1L) &&
              Set(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) &&
              Set(easy, CURLOPT_NOSIGNAL, 1L) &&
              Set(easy, CURLOPT_NETRC, long{CURL_NETRC_IGNORED}) &&
              Set(easy, CURLOPT_SSL_VERIFYPEER, 1L) &&
              Set(easy, CURLOPT_SSL_VERIFYHOST, 2L) &&
              Set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) &&
              Set(easy, CURLOPT_USERAGENT, "keytidy/" KEYTIDY_VERSION) &&
              Set(easy, CURLOPT_CONNECTTIMEOUT_MS,
                  long{options_.connect_timeout.count()}) &&
              Set(easy, CURLOPT_TIMEOUT_MS, long{options_.timeout.count()}) &&
              Set(easy, CURLOPT_ERRORBUFFER, transfer.error) &&
              Set(easy, CURLOPT_HEADERFUNCTION, &Transfer::OnHeader) &&
              Set(easy, CURLOPT_HEADERDATA, &transfer) &&
              Set(easy, CURLOPT_WRITEFUNCTION, &Transfer::OnBody) &&
              Set(easy, CURLOPT_WRITEDATA, &transfer) &&
              Set(easy, CURLOPT_PREREQFUNCTION, &Transfer::OnRequest) &&
              Set(easy, CURLOPT_PREREQDATA, &transfer) &&
              Set(easy, CURLOPT_OPENSOCKETFUNCTION, &Transfer::OnSocket) &&
              Set(easy, CURLOPT_OPENSOCKETDATA, &transfer);
    if (!options_.ca_file.empty()) {
      ok = ok && Set(easy, CURLOPT_CAINFO, options_.ca_file.c_str()) &&
           Set(easy, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    if (request.once) ok = ok && Set(easy, CURLOPT_FRESH_CONNECT, 1L);
    if (request.loopback_http) ok = ok && Set(easy, CURLOPT_PROXY, "");
    return ok && SetMethod(transfer) && SetHeaders(transfer);
  }

  bool SetMethod(Transfer& transfer) {
    CURL* const easy = transfer.easy;
    const Request& request = transfer.request;
    if (request.method == "HEAD") return Set(easy, CURLOPT_NOBODY, 1L);
    bool ok = true;
    if (request.has_body) {
      ok = Set(easy, CURLOPT_POSTFIELDS, request.body.c_str()) &&
           Set(easy, CURLOPT_POSTFIELDSIZE_LARGE,
               static_cast<curl_off_t>(request.body.size()));
    }
    if (!ok || request.method == "GET") {
      return ok &&
             (!request.has_body || Set(easy, CURLOPT_CUSTOMREQUEST, "GET"));
    }
    return Set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }

  bool SetHeaders(Transfer& transfer) {
    CURL* const easy = transfer.easy;
    const Request& request = transfer.request;
    for (const auto& [name, value] : request.headers) {
      std::string line = name + ": " + value;
      curl_slist* const longer =
          curl_.slist_append(transfer.headers, line.c_str());
      Wipe(&line);
      if (longer == nullptr) return false;
      transfer.headers = longer;
    }
    // Not "Expect: 100-continue", which would cost a round trip. A signature
    // would cover the header that is taken out; what is signed is short enough
    // to go without it anyway.
    if (request.aws_sigv4.empty()) {
      curl_slist* const longer =
          curl_.slist_append(transfer.headers, "Expect:");
      if (longer == nullptr) return false;
      transfer.headers = longer;
    }
    bool ok = Set(easy, CURLOPT_HTTPHEADER, transfer.headers);
    if (!request.user.empty()) {
      ok = ok && Set(easy, CURLOPT_USERPWD, request.user.c_str()) &&
           Set(easy, CURLOPT_HTTPAUTH, long{CURLAUTH_BASIC});
    }
    if (!request.aws_sigv4.empty()) {
      ok = ok && Set(easy, CURLOPT_AWS_SIGV4, request.aws_sigv4.c_str());
    }
    return ok;
  }

  // Whether any transfer was done.
  bool Finish() {
    std::vector<std::pair<std::unique_ptr<Transfer>, CURLcode>> done;
    int left = 0;
    while (const CURLMsg* message = curl_.multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* const easy = message->easy_handle;
      const CURLcode code = message->data.result;
      const auto it = active_.find(easy);
      curl_.multi_remove_handle(multi_, easy);
      done.emplace_back(std::move(it->second), code);
      active_.erase(it);
    }
    for (auto& [transfer, code] : done) {
      HttpResult result = ResultOf(*transfer, code);
      Release(*transfer);
      transfer->done(std::move(result));
    }
    return !done.empty();
  }

  HttpResult ResultOf(Transfer& transfer, CURLcode code) {
    HttpResult out;
    long request_bytes = 0;
    curl_.easy_getinfo(transfer.easy, CURLINFO_REQUEST_SIZE, &request_bytes);
    out.sent = request_bytes > 0;
    if (code == CURLE_OK) {
      long status = 0;
      curl_.easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
      transfer.answer.status = static_cast<int>(status);
      out.answer = std::move(transfer.answer);
      return out;
    }
    if (!transfer.refused.empty()) {
      out.failure = transfer.refused;
    } else if (code == CURLE_OUT_OF_MEMORY) {
      // What libcurl says of a header line of more than 100 kB.
      out.failure = "the answer has a header that is too long";
    } else if (transfer.error[0] != '\0') {
      out.failure = transfer.error;
    } else {
      out.failure = curl_.easy_strerror(code);
    }
    return out;
  }

  void Release(Transfer& transfer) {
    curl_slist* const headers = transfer.headers;
    for (curl_slist* item = headers; item != nullptr; item = item->next) {
      volatile char* p = item->data;
      while (*p != '\0') *p++ = '\0';
    }
    curl_.slist_free_all(headers);
    transfer.headers = nullptr;
    if (transfer.easy != nullptr) {
      curl_.easy_reset(transfer.easy);
      idle_.push_back(transfer.easy);
      transfer.easy = nullptr;
    }
  }

  const Curl& curl_;
  CURLM* multi_;
  Options options_;
  std::uint16_t proxy_port_;
  std::map<CURL*, std::unique_ptr<Transfer>> active_;
  std::vector<std::unique_ptr<Transfer>> failed_;
  std::vector<CURL*> idle_;
};

HttpClient::HttpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpClient::~HttpClient() = default;

Result<std::unique_ptr<HttpClient>> HttpClient::Make(const Options& options) {
  const auto curl = LoadCurl();
  if (!curl) return Fail(curl.error());
  if (!options.ca_file.empty() && access(options.ca_file.c_str(), R_OK) != 0) {
    return Fail(ErrorCode::kNotFound, "{}: the certificates cannot be read",
                options.ca_file);
  }
  CURLM* const multi = (*curl)->multi_init();
  if (multi == nullptr) return Fail(ErrorCode::kIo, "libcurl does not start");
  return std::unique_ptr<HttpClient>(
      new HttpClient(std::make_unique<Impl>(**curl, multi, options)));
}

void HttpClient::Send(Request request, Done done) {
  impl_->Send(std::move(request), std::move(done));
}

Status HttpClient::Run(std::chrono::milliseconds wait) {
  return impl_->Run(wait);
}

}  // namespace keytidy::verify
