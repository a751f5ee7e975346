#include "CFaultVFS.h"

#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

static sqlite3_vfs *base;
static enum fault_kind planned;
static int at, lasting, calls, happened;

void fault_plan(enum fault_kind kind, int call, int lasts) {
  planned = kind;
  at = call;
  lasting = lasts;
  calls = 0;
  happened = 0;
}

int fault_calls(void) { return calls; }
int fault_happened(void) { return happened; }

static void end_process(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/// Whether this call goes wrong. Does not return when the process is to be killed before it.
static int goes_wrong(void) {
  calls++;
  if (at == 0 || (lasting ? calls < at : calls != at)) return 0;
  happened = 1;
  if (planned == FAULT_KILL_BEFORE) end_process();
  return 1;
}

static int code(int io_error) { return planned == FAULT_FULL || planned == FAULT_SHORT_WRITE ? SQLITE_FULL : io_error; }

/// A call without data.
#define GUARDED(io_error, call) \
  do { \
    int wrong = goes_wrong(); \
    if (wrong && planned != FAULT_KILL_AFTER && planned != FAULT_KILL_HALF) return code(io_error); \
    int result = (call); \
    if (wrong) end_process(); \
    return result; \
  } while (0)

typedef struct {
  sqlite3_file file;
  sqlite3_file *inner;
} fault_file;

static sqlite3_file *inner(sqlite3_file *file) { return ((fault_file *)file)->inner; }

static int f_close(sqlite3_file *file) {
  sqlite3_file *own = inner(file);
  return own->pMethods ? own->pMethods->xClose(own) : SQLITE_OK;
}
static int f_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) { return inner(file)->pMethods->xRead(inner(file), bytes, count, offset); }

static int f_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
  sqlite3_file *own = inner(file);
  int wrong = goes_wrong();
  if (wrong) {
    if (planned == FAULT_SHORT_WRITE || planned == FAULT_KILL_HALF) own->pMethods->xWrite(own, bytes, count / 2, offset);
    if (planned == FAULT_KILL_AFTER) own->pMethods->xWrite(own, bytes, count, offset);
    if (planned == FAULT_KILL_HALF || planned == FAULT_KILL_AFTER) end_process();
    return code(SQLITE_IOERR_WRITE);
  }
  return own->pMethods->xWrite(own, bytes, count, offset);
}
static int f_truncate(sqlite3_file *file, sqlite3_int64 size) { GUARDED(SQLITE_IOERR_TRUNCATE, inner(file)->pMethods->xTruncate(inner(file), size)); }
static int f_sync(sqlite3_file *file, int flags) { GUARDED(SQLITE_IOERR_FSYNC, inner(file)->pMethods->xSync(inner(file), flags)); }
static int f_size(sqlite3_file *file, sqlite3_int64 *size) { return inner(file)->pMethods->xFileSize(inner(file), size); }
static int f_lock(sqlite3_file *file, int lock) { return inner(file)->pMethods->xLock(inner(file), lock); }
static int f_unlock(sqlite3_file *file, int lock) { return inner(file)->pMethods->xUnlock(inner(file), lock); }
static int f_check(sqlite3_file *file, int *result) { return inner(file)->pMethods->xCheckReservedLock(inner(file), result); }
static int f_control(sqlite3_file *file, int op, void *argument) { return inner(file)->pMethods->xFileControl(inner(file), op, argument); }
static int f_sector(sqlite3_file *file) { return inner(file)->pMethods->xSectorSize(inner(file)); }
static int f_traits(sqlite3_file *file) { return inner(file)->pMethods->xDeviceCharacteristics(inner(file)); }
static int f_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory) {
  if (extend) GUARDED(SQLITE_IOERR_SHMSIZE, inner(file)->pMethods->xShmMap(inner(file), page, size, extend, memory));
  return inner(file)->pMethods->xShmMap(inner(file), page, size, extend, memory);
}
static int f_shm_lock(sqlite3_file *file, int offset, int count, int flags) { return inner(file)->pMethods->xShmLock(inner(file), offset, count, flags); }
static void f_shm_barrier(sqlite3_file *file) { inner(file)->pMethods->xShmBarrier(inner(file)); }
static int f_shm_unmap(sqlite3_file *file, int remove) { return inner(file)->pMethods->xShmUnmap(inner(file), remove); }

static const sqlite3_io_methods methods = {
  2, f_close, f_read, f_write, f_truncate, f_sync, f_size, f_lock, f_unlock, f_check, f_control, f_sector, f_traits,
  f_shm_map, f_shm_lock, f_shm_barrier, f_shm_unmap, 0, 0,
};

static int v_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags) {
  fault_file *own = (fault_file *)file;
  own->file.pMethods = 0;
  own->inner = (sqlite3_file *)(own + 1);
  int wrong = goes_wrong();
  if (wrong && planned != FAULT_KILL_AFTER && planned != FAULT_KILL_HALF) return SQLITE_CANTOPEN;
  int result = base->xOpen(base, name, own->inner, flags, out_flags);
  if (wrong) end_process();
  if (own->inner->pMethods) own->file.pMethods = &methods;
  return result;
}
static int v_delete(sqlite3_vfs *vfs, const char *name, int sync) { GUARDED(SQLITE_IOERR_DELETE, base->xDelete(base, name, sync)); }
static int v_access(sqlite3_vfs *vfs, const char *name, int flags, int *result) { return base->xAccess(base, name, flags, result); }
static int v_path(sqlite3_vfs *vfs, const char *name, int count, char *out) { return base->xFullPathname(base, name, count, out); }
static int v_random(sqlite3_vfs *vfs, int count, char *out) { return base->xRandomness(base, count, out); }
static int v_sleep(sqlite3_vfs *vfs, int microseconds) { return base->xSleep(base, microseconds); }
static int v_time(sqlite3_vfs *vfs, double *out) { return base->xCurrentTime(base, out); }
static int v_error(sqlite3_vfs *vfs, int count, char *out) { return base->xGetLastError(base, count, out); }

int fault_register(void) {
  static sqlite3_vfs vfs;
  base = sqlite3_vfs_find(0);
  if (!base) return SQLITE_ERROR;
  if (sqlite3_vfs_find("sfn-fault")) return SQLITE_OK;
  memset(&vfs, 0, sizeof vfs);
  vfs.iVersion = 1;
  vfs.szOsFile = (int)sizeof(fault_file) + base->szOsFile;
  vfs.mxPathname = base->mxPathname;
  vfs.zName = "sfn-fault";
  vfs.xOpen = v_open;
  vfs.xDelete = v_delete;
  vfs.xAccess = v_access;
  vfs.xFullPathname = v_path;
  vfs.xRandomness = v_random;
  vfs.xSleep = v_sleep;
  vfs.xCurrentTime = v_time;
  vfs.xGetLastError = v_error;
  return sqlite3_vfs_register(&vfs, 0);
}
