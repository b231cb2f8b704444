// SPDX-License-Identifier: Apache-2.0
#include "inventory/postgres_address.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <map>
#include <memory>

#include "base/text.h"

namespace keytidy::inventory {
namespace {

using Options = std::map<std::string, std::string>;

constexpr int kDefaultPatience = 10;  // seconds

// Nothing of libpq's own message: it repeats what it could not read, which may
// be a password.
Error Unreadable() {
  return Error{ErrorCode::kInvalid,
               "the address of the PostgreSQL server cannot be read: it is "
               "like postgresql://USER@HOST/DATABASE, and in a password each "
               "of @ / : ? # % is written as %40 and the like"};
}

// Whether what should be in a password may have ended up elsewhere: libpq
// takes the first @ or / for the end of it.
bool IsAmbiguous(std::string_view address) {
  const std::string_view rest = address.substr(address.find("://") + 3);
  const std::size_t end = std::min(rest.find_first_of("@/"), rest.size());
  return rest.find('@', end + 1) != std::string_view::npos;
}

std::string Get(const Options& options, const std::string& name) {
  const auto it = options.find(name);
  return it == options.end() ? std::string() : it->second;
}

std::string FromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

bool IsLocal(std::string_view host) {
  return host.empty() || host.starts_with('/') || host.starts_with('@') ||
         Lowercase(host) == "localhost" || host == "::1" ||
         (host.starts_with("127.") &&
          std::all_of(host.begin(), host.end(),
                      [](char c) { return IsDigit(c) || c == '.'; }));
}

// Each of a list, such as "db1,db2".
bool AreLocal(std::string_view hosts) {
  while (true) {
    const std::size_t comma = hosts.find(',');
    if (!IsLocal(hosts.substr(0, comma))) return false;
    if (comma == std::string_view::npos) return true;
    hosts.remove_prefix(comma + 1);
  }
}

// Where libpq will go.
bool StaysHere(const Options& options) {
  for (const auto& [name, variable] :
       {std::pair("hostaddr", "PGHOSTADDR"), std::pair("host", "PGHOST")}) {
    std::string hosts = Get(options, name);
    if (hosts.empty()) hosts = FromEnvironment(variable);
    if (!AreLocal(hosts)) return false;
  }
  return true;
}

bool IsPort(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return IsDigit(c) || c == ','; });
}

std::string Encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (IsAlnum(c) || std::string_view("-._~,/").find(c) < 6) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string NameOf(const Options& options) {
  const std::string host = Get(options, "host");
  const std::string port = Get(options, "port");
  const bool socket = host.starts_with('/');
  std::string out = "postgresql://";
  if (const std::string user = Get(options, "user"); !user.empty()) {
    out += Encoded(user) + "@";
  }
  if (!socket) {
    const bool v6 = host.find(':') != std::string::npos;
    out += v6 ? "[" + ForTerminal(host) + "]" : Encoded(host);
  }
  if (!port.empty()) out += ":" + port;
  out += "/" + Encoded(Get(options, "dbname"));
  return socket ? out + "?host=" + Encoded(host) : out;
}

int PatienceOf(const Options& options) {
  std::string text = Get(options, "connect_timeout");
  if (text.empty()) text = FromEnvironment("PGCONNECT_TIMEOUT");
  int out = kDefaultPatience;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return std::max(out, 0);
}

// What libpq would read it as, without what it takes from elsewhere.
Result<Options> Parse(const Libpq& pq, const std::string& address) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(pq.conninfo_free)> parsed(
      pq.conninfo_parse(address.c_str(), &message), pq.conninfo_free);
  if (message != nullptr) pq.free_memory(message);
  if (parsed == nullptr) return Fail(Unreadable());
  Options out;
  for (const PQconninfoOption* one = parsed.get(); one->keyword != nullptr;
       ++one) {
    if (one->val != nullptr) out[one->keyword] = one->val;
  }
  return out;
}

}  // namespace

Result<PostgresAddress> ReadPostgresAddress(const Libpq& pq,
                                            const std::string& address) {
  if (IsAmbiguous(address)) return Fail(Unreadable());
  auto options = Parse(pq, address);
  if (!options) return Fail(options.error());
  if (!IsPort(Get(*options, "port"))) return Fail(Unreadable());
  // It may say less of encryption than we ask for, or name another host.
  if (options->count("service") > 0 || !FromEnvironment("PGSERVICE").empty()) {
    return Fail(ErrorCode::kUnsupported,
                "a service file of PostgreSQL is not read: give host and "
                "database in the address, and unset PGSERVICE");
  }
  PostgresAddress out;
  out.name = NameOf(*options);
  out.patience = std::chrono::seconds(PatienceOf(*options));
  if (options->count("sslmode") == 0 && !StaysHere(*options) &&
      !FromEnvironment("PGSSLMODE").starts_with("verify-")) {
    (*options)["sslmode"] = "require";
  }
  for (const auto& [name, value] :
       {std::pair("fallback_application_name", "keytidy"),
        std::pair("gssencmode", "disable"), std::pair("keepalives_idle", "30"),
        std::pair("keepalives_interval", "10"),
        std::pair("keepalives_count", "3")}) {
    options->emplace(name, value);
  }
  (*options)["client_encoding"] = "UTF8";
  out.options.assign(options->begin(), options->end());
  return out;
}

}  // namespace keytidy::inventory
