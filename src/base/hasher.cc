// SPDX-License-Identifier: Apache-2.0
#include "base/hasher.h"

#include <openssl/evp.h>

#include <new>

namespace keytidy {

struct Hasher::State {
  const EVP_MD* digest = nullptr;
  EVP_MD_CTX* context = nullptr;
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }
};

Hasher::Hasher(Kind kind) : state_(std::make_unique<State>()) {
  state_->digest = kind == Kind::kSha1 ? EVP_sha1() : EVP_sha256();
  state_->context = EVP_MD_CTX_new();
  if (state_->context == nullptr) throw std::bad_alloc();
  EVP_DigestInit_ex(state_->context, state_->digest, nullptr);
}

Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::Update(std::string_view bytes) {
  EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
}

std::string Hasher::Finish() {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  EVP_DigestFinal_ex(state_->context,
                     reinterpret_cast<unsigned char*>(out.data()), &size);
  out.resize(size);
  EVP_DigestInit_ex(state_->context, state_->digest, nullptr);
  return out;
}

}  // namespace keytidy
