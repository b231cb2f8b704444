// SPDX-License-Identifier: Apache-2.0
#include "inventory/postgres_connection.h"

#include <poll.h>

#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"

namespace keytidy::inventory {
namespace {

using Clock = std::chrono::steady_clock;

void DropNotice(void*, const PGresult*) {}

// Waits until the socket is ready; false when time is up.
bool WaitFor(int socket, bool writing, std::optional<Clock::time_point> end) {
  pollfd wanted = {};
  wanted.fd = socket;
  wanted.events = writing ? POLLOUT : POLLIN;
  while (true) {
    int left = -1;
    if (end) {
      const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(
          *end - Clock::now());
      if (time.count() <= 0) return false;
      left = static_cast<int>(time.count());
    }
    const int ready = poll(&wanted, 1, left);
    // What is wrong with the socket, libpq finds out itself.
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
  }
}

ErrorCode CodeOf(std::string_view state) {
  if (state == "42501" || state == "25006" || state.starts_with("28")) {
    return ErrorCode::kPermission;
  }
  // Tables, columns or values are not as we made them.
  for (const char* kind : {"22", "23", "42", "XX"}) {
    if (state.starts_with(kind)) return ErrorCode::kDamaged;
  }
  return ErrorCode::kIo;
}

std::string_view OrEmpty(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

}  // namespace

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::Open(
    const std::string& address) {
  const auto pq = LoadLibpq();
  if (!pq) return Fail(pq.error());
  const auto read = ReadPostgresAddress(**pq, address);
  if (!read) return Fail(read.error());
  std::unique_ptr<PostgresConnection> out(
      new PostgresConnection(**pq, read->name));
  if (auto done = out->Connect(*read); !done) return Fail(done.error());
  const auto encoding =
      OrEmpty((*pq)->parameter_status(out->connection_, "server_encoding"));
  if (encoding != "UTF8") {
    return Fail(ErrorCode::kUnsupported,
                "{}: its texts are {}; an inventory needs a database in UTF8",
                read->name, ForTerminal(encoding));
  }
  return out;
}

PostgresConnection::~PostgresConnection() {
  if (connection_ != nullptr) pq_->finish(connection_);
}

// Step by step, so that notices are dropped from the first on.
Status PostgresConnection::Connect(const PostgresAddress& address) {
  std::vector<const char*> names;
  std::vector<const char*> values;
  for (const auto& [name, value] : address.options) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  std::optional<Clock::time_point> end;
  if (address.patience.count() > 0) end = Clock::now() + address.patience;
  connection_ = pq_->connect_start(names.data(), values.data(), 0);
  if (connection_ == nullptr) {
    return Fail(ErrorCode::kIo, "{}: no memory to reach it", name_);
  }
  pq_->set_notice_receiver(connection_, DropNotice, nullptr);
  PostgresPollingStatusType state = PGRES_POLLING_WRITING;
  while (pq_->status(connection_) != CONNECTION_BAD &&
         state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED) {
    if (!WaitFor(pq_->socket(connection_), state == PGRES_POLLING_WRITING,
                 end)) {
      return Fail(ErrorCode::kIo, "{}: does not answer within {} seconds",
                  name_, address.patience.count());
    }
    state = pq_->connect_poll(connection_);
  }
  if (pq_->status(connection_) == CONNECTION_OK) return {};
  return Fail(ErrorCode::kIo, "{}: {}", name_,
              Clean(OrEmpty(pq_->error_message(connection_))));
}

Result<PostgresResult> PostgresConnection::Run(const std::string& sql) {
  return Checked(pq_->exec(connection_, sql.c_str()));
}

Result<PostgresResult> PostgresConnection::Run(std::string_view sql,
                                               std::span<const Value> values) {
  std::vector<std::string> texts;
  texts.reserve(values.size());
  std::vector<const char*> pointers;
  for (const Value& value : values) {
    if (const auto* text = std::get_if<std::string_view>(&value)) {
      if (text->find('\0') != std::string_view::npos) {
        return Fail(ErrorCode::kInternal, "{}: a text with a NUL", name_);
      }
      pointers.push_back(texts.emplace_back(*text).c_str());
    } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
      pointers.push_back(texts.emplace_back(std::to_string(*number)).c_str());
    } else {
      pointers.push_back(nullptr);
    }
  }
  auto it = statements_.find(sql);
  if (it == statements_.end()) {
    const std::string name = fmt::format("s{}", statements_.size());
    auto prepared = Checked(pq_->prepare(connection_, name.c_str(),
                                         std::string(sql).c_str(), 0, nullptr));
    if (!prepared) return prepared;
    it = statements_.emplace(std::string(sql), name).first;
  }
  return Checked(pq_->exec_prepared(connection_, it->second.c_str(),
                                    static_cast<int>(pointers.size()),
                                    pointers.data(), nullptr, nullptr, 0));
}

bool PostgresConnection::InTransaction() const {
  return pq_->transaction_status(connection_) == PQTRANS_INTRANS;
}

bool PostgresConnection::InFailedTransaction() const {
  return pq_->transaction_status(connection_) == PQTRANS_INERROR;
}

Result<PostgresResult> PostgresConnection::Checked(PGresult* raw) {
  PostgresResult result(raw, ClearResult{pq_});
  const ExecStatusType status = pq_->result_status(raw);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return result;
  return Fail(ErrorOf(raw));
}

Error PostgresConnection::ErrorOf(const PGresult* result) const {
  const auto field = [&](int which) {
    return OrEmpty(result == nullptr ? nullptr
                                     : pq_->result_error_field(result, which));
  };
  const std::string_view state = field(PG_DIAG_SQLSTATE);
  if (state == "55P03") {
    return Error{ErrorCode::kIo,
                 fmt::format("{}: another program has it for too long", name_)};
  }
  std::string_view said = field(PG_DIAG_MESSAGE_PRIMARY);
  if (said.empty()) said = OrEmpty(pq_->error_message(connection_));
  const std::string what = Clean(said);
  const ErrorCode code = CodeOf(state);
  return Error{
      code,
      code == ErrorCode::kDamaged
          ? fmt::format("{}: is damaged: {}; it is left as it is", name_, what)
          : fmt::format("{}: {}", name_, what)};
}

std::string PostgresConnection::Clean(std::string_view message) const {
  std::string out;
  while (!message.empty()) {
    const std::size_t end = std::min(message.find('\n'), message.size());
    std::string_view line = message.substr(0, end);
    message.remove_prefix(std::min(end + 1, message.size()));
    while (!line.empty() && (line[0] == ' ' || line[0] == '\t')) {
      line.remove_prefix(1);
    }
    if (line.empty()) continue;
    if (!out.empty()) out += "; ";
    out += line;
  }
  const std::string_view password = OrEmpty(pq_->password(connection_));
  for (std::size_t at = 0; !password.empty();) {
    at = out.find(password, at);
    if (at == std::string::npos) break;
    out.replace(at, password.size(), "****");
    at += 4;
  }
  return out.empty() ? "the connection is lost" : ForTerminal(out);
}

}  // namespace keytidy::inventory
