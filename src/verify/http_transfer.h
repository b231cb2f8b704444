// SPDX-License-Identifier: Apache-2.0
//
// One request on its way, and what libcurl tells of it. Used by http_client.cc
// alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "verify/curl.h"
#include "verify/http_client.h"
#include "verify/message.h"

namespace keytidy::verify {

struct Transfer {
  Request request;
  HttpClient::Done done;
  CURL* easy = nullptr;
  curl_slist* headers = nullptr;
  HttpAnswer answer;
  std::size_t header_bytes = 0;
  std::size_t max_body = 0;
  std::size_t max_headers = 0;
  std::uint16_t proxy_port = 0;
  bool begun = false;
  std::string refused;  // why we ended it ourselves
  char error[CURL_ERROR_SIZE] = "";

  static std::size_t OnHeader(char* data, std::size_t one, std::size_t n,
                              void* self) {
    return static_cast<Transfer*>(self)->Header({data, one * n});
  }
  static std::size_t OnBody(char* data, std::size_t one, std::size_t n,
                            void* self) {
    return static_cast<Transfer*>(self)->Body({data, one * n});
  }
  static int OnRequest(void* self, char*, char*, int, int) {
    return static_cast<Transfer*>(self)->BeforeRequest();
  }
  static curl_socket_t OnSocket(void* self, curlsocktype purpose,
                                curl_sockaddr* address) {
    return static_cast<Transfer*>(self)->Socket(purpose, address);
  }

  // libcurl sends again, by itself, what got no answer on a connection that was
  // used before. What goes out is for the record of requests to say, so once is
  // all.
  int BeforeRequest();
  std::size_t Header(std::string_view line);
  std::size_t Body(std::string_view bytes);
  curl_socket_t Socket(curlsocktype purpose, const curl_sockaddr* address);
};

}  // namespace keytidy::verify
