#ifndef CPQ_H
#define CPQ_H
// The part of libpq that is used here, opened with dlopen at the first use: libpq brings LDAP and Kerberos that would cost every start.
// The prototypes restate libpq's documented binary interface, so that no header of it is needed to build.
#include <stddef.h>
#include <stdint.h>

typedef struct CPQConnection CPQConnection;
typedef struct CPQResult CPQResult;

// Opens the library. NULL when it is open, else a text that says what was tried; the text lives for ever.
const char *cpq_open(void);

// Connecting without blocking. Poll: 0 failed, 1 wants to read, 2 wants to write, 3 connected.
CPQConnection *cpq_connect_start(const char *parameters);
int cpq_connect_poll(CPQConnection *connection);
void cpq_finish(CPQConnection *connection);
int cpq_socket(const CPQConnection *connection);
int cpq_is_ok(const CPQConnection *connection);
int cpq_set_nonblocking(CPQConnection *connection);
int cpq_backend_pid(const CPQConnection *connection);
// 0 idle, 1 active, 2 in a transaction, 3 in a failed transaction, 4 unknown.
int cpq_transaction_status(const CPQConnection *connection);
const char *cpq_error_message(const CPQConnection *connection);
// Messages of the server (NOTICE, INFO) go to `receive` instead of standard error.
void cpq_set_notice_receiver(CPQConnection *connection, void (*receive)(void *context, const CPQResult *notice), void *context);

// Sending. 1 when queued. `count` parameters as texts.
int cpq_send_query(CPQConnection *connection, const char *sql);
int cpq_send_query_parameters(CPQConnection *connection, const char *sql, int count, const char *const *values);
int cpq_set_single_row_mode(CPQConnection *connection);
// 0 all sent, 1 more to send, -1 failed.
int cpq_flush(CPQConnection *connection);
int cpq_consume_input(CPQConnection *connection);
int cpq_is_busy(CPQConnection *connection);
// COPY … FROM STDIN: 1 queued, 0 try again once writable, -1 failed. `error` NULL ends the copy well.
int cpq_put_copy_data(CPQConnection *connection, const char *bytes, int count);
int cpq_put_copy_end(CPQConnection *connection, const char *error);

// Results; cpq_get_result gives NULL when a query has no more.
CPQResult *cpq_get_result(CPQConnection *connection);
void cpq_clear(CPQResult *result);
// 0 empty, 1 command done, 2 rows, 4 copy in, 7 error, 9 a single row; others are errors or not used here.
int cpq_result_status(const CPQResult *result);
// One field of an error or notice: 'S' severity, 'C' SQLSTATE, 'M' message, 'D' detail, 'H' hint, 'P' position, 'p' internal position, 'W' context; or NULL.
const char *cpq_error_field(const CPQResult *result, int field);
const char *cpq_result_error_message(const CPQResult *result);
const char *cpq_affected_rows(CPQResult *result);
const char *cpq_command_tag(CPQResult *result);
int cpq_row_count(const CPQResult *result);
int cpq_column_count(const CPQResult *result);
const char *cpq_column_name(const CPQResult *result, int column);
uint32_t cpq_column_type(const CPQResult *result, int column);
int cpq_column_modifier(const CPQResult *result, int column);
int cpq_column_size(const CPQResult *result, int column);
uint32_t cpq_column_table(const CPQResult *result, int column);
int cpq_column_table_number(const CPQResult *result, int column);
int cpq_is_null(const CPQResult *result, int row, int column);
int cpq_length(const CPQResult *result, int row, int column);
const char *cpq_value(const CPQResult *result, int row, int column);

// Starts a program (its path first in `arguments`; both lists end with NULL) in the folder / and in a process group of its own, signals as
// they are by default. Standard input is empty; the rest goes to the end of the file `output`. Of our open files it gets `lock` alone,
// as descriptor 3, when that is not negative. 0, or the number of the error.
int cpq_spawn(int32_t *pid, const char *const *arguments, const char *const *environment, const char *output, int lock);
#endif
