// What the C library offers under names that Swift does not see.
#define _GNU_SOURCE
#include "CProcess.h"

#include <fcntl.h>
#include <unistd.h>

int cprocess_pipe(int ends[2]) {
#ifdef __APPLE__
  // Another thread's program cannot get the ends in between: each is started with POSIX_SPAWN_CLOEXEC_DEFAULT.
  if (pipe(ends) != 0) return -1;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  return 0;
#else
  return pipe2(ends, O_CLOEXEC);
#endif
}

int cprocess_addchdir(posix_spawn_file_actions_t *actions, const char *folder) {
  return posix_spawn_file_actions_addchdir_np(actions, folder);
}
