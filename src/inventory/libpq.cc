// SPDX-License-Identifier: Apache-2.0
#include "inventory/libpq.h"

#include <dlfcn.h>

#include <string>
#include <type_traits>

namespace keytidy::inventory {
namespace {

Result<Libpq> Load() {
  // Never closed: the libraries it needs keep handlers of exit.
  void* library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return Fail(ErrorCode::kUnsupported,
                "an inventory on a PostgreSQL server needs libpq, which is not "
                "installed (package libpq5)");
  }
  Libpq pq = {};
  std::string absent;
  const auto find = [&](const char* name, auto* function) {
    void* symbol = dlsym(library, name);
    if (symbol == nullptr) absent = name;
    *function =
        reinterpret_cast<std::remove_reference_t<decltype(*function)>>(symbol);
  };
  find("PQconninfoParse", &pq.conninfo_parse);
  find("PQconninfoFree", &pq.conninfo_free);
  find("PQfreemem", &pq.free_memory);
  find("PQconnectStartParams", &pq.connect_start);
  find("PQconnectPoll", &pq.connect_poll);
  find("PQfinish", &pq.finish);
  find("PQstatus", &pq.status);
  find("PQsocket", &pq.socket);
  find("PQpass", &pq.password);
  find("PQerrorMessage", &pq.error_message);
  find("PQparameterStatus", &pq.parameter_status);
  find("PQtransactionStatus", &pq.transaction_status);
  find("PQsetNoticeReceiver", &pq.set_notice_receiver);
  find("PQexec", &pq.exec);
  find("PQexecParams", &pq.exec_params);
  find("PQprepare", &pq.prepare);
  find("PQexecPrepared", &pq.exec_prepared);
  find("PQclear", &pq.clear);
  find("PQresultStatus", &pq.result_status);
  find("PQresultErrorField", &pq.result_error_field);
  find("PQcmdStatus", &pq.command_status);
  find("PQntuples", &pq.rows);
  find("PQftype", &pq.type);
  find("PQgetisnull", &pq.is_null);
  find("PQgetvalue", &pq.value);
  find("PQgetlength", &pq.length);
  if (!absent.empty()) {
    return Fail(ErrorCode::kUnsupported, "libpq is too old: it has no {}",
                absent);
  }
  return pq;
}

}  // namespace

Result<const Libpq*> LoadLibpq() {
  static const Result<Libpq> pq = Load();
  if (!pq) return Fail(pq.error());
  return &*pq;
}

}  // namespace keytidy::inventory
