// SPDX-License-Identifier: Apache-2.0
#include "include/CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int silence(posix_spawn_file_actions_t *actions) {
  int code = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (code != 0) return code;
  return posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
}

int hdl_process_repeat(char *const *arguments, const char *variable, int *child) {
  size_t count = 0;
  while (environ[count]) ++count;
  char **environment = malloc((count + 2) * sizeof *environment);
  if (!environment) return ENOMEM;
  // Of two variables with one name the first counts.
  environment[0] = (char *)variable;
  memcpy(environment + 1, environ, (count + 1) * sizeof *environment);
  posix_spawn_file_actions_t actions;
  int code = posix_spawn_file_actions_init(&actions);
  if (code == 0) {
    pid_t process = 0;
    code = silence(&actions);
    // The file that this process runs, even where another lies at its path by now.
    if (code == 0)
      code = posix_spawn(&process, "/proc/self/exe", &actions, NULL, arguments, environment);
    const char *name = hdl_process_argument(0);
    if (code == ENOENT && name)
      code = posix_spawnp(&process, name, &actions, NULL, arguments, environment);
    *child = (int)process;
    posix_spawn_file_actions_destroy(&actions);
  }
  free(environment);
  return code;
}

int hdl_process_wait(int child, int *ending) {
  int status = 0;
  if (waitpid((pid_t)child, &status, 0) < 0) return errno;
  *ending = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  return 0;
}
