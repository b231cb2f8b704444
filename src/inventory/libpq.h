// SPDX-License-Identifier: Apache-2.0
//
// libpq, loaded when an inventory on a server is first opened: nothing else
// maps it.
#pragma once

#include <libpq-fe.h>

#include "base/result.h"

namespace keytidy::inventory {

struct Libpq {
  decltype(&PQconninfoParse) conninfo_parse;
  decltype(&PQconninfoFree) conninfo_free;
  decltype(&PQfreemem) free_memory;
  decltype(&PQconnectStartParams) connect_start;
  decltype(&PQconnectPoll) connect_poll;
  decltype(&PQfinish) finish;
  decltype(&PQstatus) status;
  decltype(&PQsocket) socket;
  decltype(&PQpass) password;
  decltype(&PQerrorMessage) error_message;
  decltype(&PQparameterStatus) parameter_status;
  decltype(&PQtransactionStatus) transaction_status;
  decltype(&PQsetNoticeReceiver) set_notice_receiver;
  decltype(&PQexec) exec;
  decltype(&PQexecParams) exec_params;
  decltype(&PQprepare) prepare;
  decltype(&PQexecPrepared) exec_prepared;
  decltype(&PQclear) clear;
  decltype(&PQresultStatus) result_status;
  decltype(&PQresultErrorField) result_error_field;
  decltype(&PQcmdStatus) command_status;
  decltype(&PQntuples) rows;
  decltype(&PQftype) type;
  decltype(&PQgetisnull) is_null;
  decltype(&PQgetvalue) value;
  decltype(&PQgetlength) length;
};

// kUnsupported: it is not installed, or too old. The same for every call.
Result<const Libpq*> LoadLibpq();

}  // namespace keytidy::inventory
