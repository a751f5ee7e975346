#include <sqlite3.h>

// What Swift does not see: functions with a variable number of arguments, and a macro with a cast.

/// Leaves the log as it is when the last connection is closed.
static inline int sfn_sqlite_keep_log_on_close(sqlite3 *database) {
  return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}

/// Copies the bytes that a parameter is bound to.
static inline int sfn_sqlite_bind_text(sqlite3_stmt *statement, int index, const char *text, sqlite3_uint64 count) {
  return sqlite3_bind_text64(statement, index, text, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}
