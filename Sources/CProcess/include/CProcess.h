#ifndef CPROCESS_H
#define CPROCESS_H

#include <spawn.h>

/// A pipe whose ends are closed when a program starts. 0, or -1 with errno.
int cprocess_pipe(int ends[2]);

/// Lets the program start in a folder. 0 or an error number.
int cprocess_addchdir(posix_spawn_file_actions_t *actions, const char *folder);

#endif
