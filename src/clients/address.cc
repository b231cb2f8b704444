// SPDX-License-Identifier: Apache-2.0
#include "clients/address.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "base/text.h"
#include "clients/plain_secret.h"
#include "clients/reference.h"

namespace keytidy::clients {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

bool IsSchemeCharacter(char c) { return IsAlnum(c) || c == '+'; }

// The text with nothing that divides in its references: ${X:-a/b}.
std::string Masked(std::string_view text) {
  std::string out(text);
  for (const Reference& one : FindReferences(text)) {
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(one.start),
              out.begin() + static_cast<std::ptrdiff_t>(one.end), '_');
  }
  return out;
}

// Takes an address apart from its front.
class Divider {
 public:
  explicit Divider(std::string_view text) : text_(text), mask_(Masked(text)) {
    end_ = std::min(mask_.find_first_of(" \t\r\n\"'<>"), mask_.size());
  }

  std::string_view mask() const {
    return std::string_view(mask_).substr(at_, end_ - at_);
  }
  // Up to the first of `any`, or all.
  std::string_view Take(std::string_view any) {
    return TakeSize(std::min(mask().find_first_of(any), mask().size()));
  }
  std::string_view TakeSize(std::size_t size) {
    const std::string_view out = text_.substr(at_, size);
    at_ += size;
    return out;
  }
  bool Skip(std::string_view any) {
    const bool there = !mask().empty() && any.find(mask().front()) != kNowhere;
    if (there) ++at_;
    return there;
  }

 private:
  std::string_view text_;
  std::string mask_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
};

Address Read(std::string_view scheme, std::string_view text) {
  Address out;
  out.scheme = scheme;
  Divider rest(text);
  const std::string_view authority =
      rest.mask().substr(0, rest.mask().find_first_of("/?#"));
  if (const std::size_t at = authority.rfind('@'); at != kNowhere) {
    const std::size_t colon = std::min(authority.find(':'), at);
    out.user = rest.TakeSize(colon);
    if (rest.Skip(":")) out.password = rest.TakeSize(at - colon - 1);
    rest.Skip("@");
  }
  // Colons in brackets are those of IPv6.
  if (rest.mask().starts_with('[')) {
    const std::size_t bracket = rest.mask().find_first_of("]/?#");
    const bool closed = bracket != kNowhere && rest.mask()[bracket] == ']';
    out.host = closed ? rest.TakeSize(bracket + 1) : rest.Take("/?#");
  } else {
    out.host = rest.Take(":/?#");
  }
  if (rest.Skip(":")) out.port = rest.Take("/?#");
  out.path = rest.Take("?#");
  if (rest.Skip("?#")) out.query = rest.Take("");
  return out;
}

}  // namespace

std::optional<Address> FindAddress(std::string_view text) {
  for (std::size_t mark = text.find("://"); mark != kNowhere;
       mark = text.find("://", mark + 1)) {
    std::size_t begin = mark;
    while (begin > 0 && IsSchemeCharacter(text[begin - 1])) --begin;
    if (begin == mark) continue;
    return Read(text.substr(begin, mark - begin), text.substr(mark + 3));
  }
  return std::nullopt;
}

std::vector<std::string_view> SecretsIn(const Address& address) {
  std::vector<std::string_view> out;
  if (LooksRandom(address.user)) out.push_back(address.user);
  if (address.password.size() >= kLeastPassword &&
      !IsFiller(address.password) && FindReferences(address.password).empty()) {
    out.push_back(address.password);
  }
  for (const std::string_view part : SplitText(address.path, "/")) {
    if (LooksRandom(part)) out.push_back(part);
  }
  for (std::size_t from = 0; from < address.query.size();) {
    const std::size_t end = std::min(address.query.find_first_of("&#;", from),
                                     address.query.size());
    const std::string_view pair = address.query.substr(from, end - from);
    const std::size_t equals = pair.find('=');
    if (equals != kNowhere) {
      const std::string_view value =
          PlainSecret(pair.substr(0, equals), pair.substr(equals + 1));
      if (!value.empty()) out.push_back(value);
    }
    from = end + 1;
  }
  return out;
}

std::uint16_t PortIn(std::string_view text) {
  if (const auto address = FindAddress(text)) {
    text = address->port;
  } else {
    text = text.substr(0, text.find('/'));
    text.remove_prefix(text.rfind(':') + 1);
  }
  std::uint16_t port = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() ? port : 0;
}

bool IsLoopback(std::string_view host) {
  const std::string name = Lowercase(host);
  const bool number = name.find_first_not_of("0123456789.") == kNowhere;
  return name == "localhost" || name.ends_with(".localhost") ||
         (number && name.starts_with("127.")) || name == "[::1]" ||
         name == "::1" || name == "0.0.0.0" || name == "host.docker.internal";
}

}  // namespace keytidy::clients
