#include "CPQ.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

// One row per function: result, name here, parameters, name in libpq, arguments.
#define FUNCTIONS(F) \
  F(CPQConnection *, connect_start, (const char *parameters), PQconnectStart, (parameters)) \
  F(int, connect_poll, (CPQConnection *connection), PQconnectPoll, (connection)) \
  F(void, finish, (CPQConnection *connection), PQfinish, (connection)) \
  F(int, socket, (const CPQConnection *connection), PQsocket, (connection)) \
  F(int, status, (const CPQConnection *connection), PQstatus, (connection)) \
  F(int, set_nonblocking_raw, (CPQConnection *connection, int on), PQsetnonblocking, (connection, on)) \
  F(int, backend_pid, (const CPQConnection *connection), PQbackendPID, (connection)) \
  F(int, transaction_status, (const CPQConnection *connection), PQtransactionStatus, (connection)) \
  F(const char *, error_message, (const CPQConnection *connection), PQerrorMessage, (connection)) \
  F(int, send_query, (CPQConnection *connection, const char *sql), PQsendQuery, (connection, sql)) \
  F(int, set_single_row_mode, (CPQConnection *connection), PQsetSingleRowMode, (connection)) \
  F(int, flush, (CPQConnection *connection), PQflush, (connection)) \
  F(int, consume_input, (CPQConnection *connection), PQconsumeInput, (connection)) \
  F(int, is_busy, (CPQConnection *connection), PQisBusy, (connection)) \
  F(int, put_copy_data, (CPQConnection *connection, const char *bytes, int count), PQputCopyData, (connection, bytes, count)) \
  F(int, put_copy_end, (CPQConnection *connection, const char *error), PQputCopyEnd, (connection, error)) \
  F(CPQResult *, get_result, (CPQConnection *connection), PQgetResult, (connection)) \
  F(void, clear, (CPQResult *result), PQclear, (result)) \
  F(int, result_status, (const CPQResult *result), PQresultStatus, (result)) \
  F(const char *, error_field, (const CPQResult *result, int field), PQresultErrorField, (result, field)) \
  F(const char *, result_error_message, (const CPQResult *result), PQresultErrorMessage, (result)) \
  F(const char *, affected_rows, (CPQResult *result), PQcmdTuples, (result)) \
  F(const char *, command_tag, (CPQResult *result), PQcmdStatus, (result)) \
  F(int, row_count, (const CPQResult *result), PQntuples, (result)) \
  F(int, column_count, (const CPQResult *result), PQnfields, (result)) \
  F(const char *, column_name, (const CPQResult *result, int column), PQfname, (result, column)) \
  F(uint32_t, column_type, (const CPQResult *result, int column), PQftype, (result, column)) \
  F(int, column_modifier, (const CPQResult *result, int column), PQfmod, (result, column)) \
  F(int, column_size, (const CPQResult *result, int column), PQfsize, (result, column)) \
  F(uint32_t, column_table, (const CPQResult *result, int column), PQftable, (result, column)) \
  F(int, column_table_number, (const CPQResult *result, int column), PQftablecol, (result, column)) \
  F(int, is_null, (const CPQResult *result, int row, int column), PQgetisnull, (result, row, column)) \
  F(int, length, (const CPQResult *result, int row, int column), PQgetlength, (result, row, column)) \
  F(const char *, value, (const CPQResult *result, int row, int column), PQgetvalue, (result, row, column))

#define POINTER(result, name, parameters, symbol, arguments) static result(*p_##name) parameters;
FUNCTIONS(POINTER)
static int (*p_send_query_parameters)(
    CPQConnection *, const char *, int, const uint32_t *, const char *const *, const int *, const int *, int);
typedef void (*NoticeReceiver)(void *, const CPQResult *);
static NoticeReceiver (*p_set_notice_receiver)(CPQConnection *, NoticeReceiver, void *);

static char problem[1024];

static const char *const candidates[] = {
#ifdef __APPLE__
    "libpq.5.dylib",
    "/opt/homebrew/opt/libpq/lib/libpq.5.dylib",
    "/usr/local/opt/libpq/lib/libpq.5.dylib",
    "/opt/homebrew/lib/postgresql@17/libpq.5.dylib",
    "/opt/homebrew/opt/postgresql@17/lib/libpq.5.dylib",
    "/opt/homebrew/opt/postgresql@16/lib/libpq.5.dylib",
    "/opt/homebrew/opt/postgresql@15/lib/libpq.5.dylib",
    "/usr/local/opt/postgresql@17/lib/libpq.5.dylib",
    "/usr/local/opt/postgresql@16/lib/libpq.5.dylib",
    "/usr/local/opt/postgresql@15/lib/libpq.5.dylib",
    "/Applications/Postgres.app/Contents/Versions/latest/lib/libpq.5.dylib",
#else
    "libpq.so.5",
    "libpq.so",
#endif
};

static void open_library(void) {
  void *library = NULL;
  for (size_t i = 0; i < sizeof candidates / sizeof *candidates && !library; i++)
    library = dlopen(candidates[i], RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *reason = dlerror();
    snprintf(problem, sizeof problem, "PostgreSQL's client library libpq was not found (%s)", reason ? reason : "no reason given");
    return;
  }
  // The pointers are stored by their bytes: ISO C has no cast from an object pointer to a function pointer.
#define FIND(name, symbol)                                                                       \
  {                                                                                              \
    void *found = dlsym(library, symbol);                                                        \
    if (!found) {                                                                                \
      snprintf(problem, sizeof problem, "PostgreSQL's client library lacks %s; it is too old", symbol); \
      return;                                                                                    \
    }                                                                                            \
    memcpy(&p_##name, &found, sizeof found);                                                     \
  }
#define LOAD(result, name, parameters, symbol, arguments) FIND(name, #symbol)
  FUNCTIONS(LOAD)
  FIND(send_query_parameters, "PQsendQueryParams")
  FIND(set_notice_receiver, "PQsetNoticeReceiver")
}

const char *cpq_open(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, open_library);
  return problem[0] ? problem : NULL;
}

CPQConnection *cpq_connect_start(const char *parameters) { return p_connect_start(parameters); }
int cpq_connect_poll(CPQConnection *connection) { return p_connect_poll(connection); }
void cpq_finish(CPQConnection *connection) { p_finish(connection); }
int cpq_socket(const CPQConnection *connection) { return p_socket(connection); }
int cpq_backend_pid(const CPQConnection *connection) { return p_backend_pid(connection); }
int cpq_transaction_status(const CPQConnection *connection) { return p_transaction_status(connection); }
const char *cpq_error_message(const CPQConnection *connection) { return p_error_message(connection); }
int cpq_send_query(CPQConnection *connection, const char *sql) { return p_send_query(connection, sql); }
int cpq_set_single_row_mode(CPQConnection *connection) { return p_set_single_row_mode(connection); }
int cpq_flush(CPQConnection *connection) { return p_flush(connection); }
int cpq_consume_input(CPQConnection *connection) { return p_consume_input(connection); }
int cpq_is_busy(CPQConnection *connection) { return p_is_busy(connection); }
int cpq_put_copy_data(CPQConnection *connection, const char *bytes, int count) { return p_put_copy_data(connection, bytes, count); }
int cpq_put_copy_end(CPQConnection *connection, const char *error) { return p_put_copy_end(connection, error); }
CPQResult *cpq_get_result(CPQConnection *connection) { return p_get_result(connection); }
void cpq_clear(CPQResult *result) { p_clear(result); }
int cpq_result_status(const CPQResult *result) { return p_result_status(result); }
const char *cpq_error_field(const CPQResult *result, int field) { return p_error_field(result, field); }
const char *cpq_result_error_message(const CPQResult *result) { return p_result_error_message(result); }
const char *cpq_affected_rows(CPQResult *result) { return p_affected_rows(result); }
const char *cpq_command_tag(CPQResult *result) { return p_command_tag(result); }
int cpq_row_count(const CPQResult *result) { return p_row_count(result); }
int cpq_column_count(const CPQResult *result) { return p_column_count(result); }
const char *cpq_column_name(const CPQResult *result, int column) { return p_column_name(result, column); }
uint32_t cpq_column_type(const CPQResult *result, int column) { return p_column_type(result, column); }
int cpq_column_modifier(const CPQResult *result, int column) { return p_column_modifier(result, column); }
int cpq_column_size(const CPQResult *result, int column) { return p_column_size(result, column); }
uint32_t cpq_column_table(const CPQResult *result, int column) { return p_column_table(result, column); }
int cpq_column_table_number(const CPQResult *result, int column) { return p_column_table_number(result, column); }
int cpq_is_null(const CPQResult *result, int row, int column) { return p_is_null(result, row, column); }
int cpq_length(const CPQResult *result, int row, int column) { return p_length(result, row, column); }
const char *cpq_value(const CPQResult *result, int row, int column) { return p_value(result, row, column); }

int cpq_is_ok(const CPQConnection *connection) { return p_status(connection) == 0; }
int cpq_set_nonblocking(CPQConnection *connection) { return p_set_nonblocking_raw(connection, 1); }

int cpq_send_query_parameters(CPQConnection *connection, const char *sql, int count, const char *const *values) {
  return p_send_query_parameters(connection, sql, count, NULL, values, NULL, NULL, 0);
}

void cpq_set_notice_receiver(CPQConnection *connection, void (*receive)(void *, const CPQResult *), void *context) {
  p_set_notice_receiver(connection, receive, context);
}
