#ifndef CFAULTVFS_H
#define CFAULTVFS_H

// A file layer for SQLite, registered as "sfn-fault": the system's, but for one call that goes wrong. For tests only; one fault for the process.

enum fault_kind {
  /// The disk is full.
  FAULT_FULL = 1,
  /// The device fails.
  FAULT_IO = 2,
  /// Half of a write arrives, then the disk is full.
  FAULT_SHORT_WRITE = 3,
  /// The process is killed instead of the call.
  FAULT_KILL_BEFORE = 4,
  /// The process is killed when half of a write has arrived.
  FAULT_KILL_HALF = 5,
  /// The process is killed after the call.
  FAULT_KILL_AFTER = 6,
};

/// Registers the layer. 0, or an error of SQLite.
int fault_register(void);

/// Lets the call with this number go wrong, counted from 1 from now on, and every one after it if it lasts. 0: none.
void fault_plan(enum fault_kind kind, int call, int lasts);

/// Calls since the plan was made that could go wrong: writes, truncations, syncs, openings, deletions, and changes of the shared index's size.
int fault_calls(void);

/// Whether the fault has happened.
int fault_happened(void);

#endif
