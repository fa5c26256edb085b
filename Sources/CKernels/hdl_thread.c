// SPDX-License-Identifier: Apache-2.0

#include "include/hdl_thread.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct hdl_thread {
  pthread_t thread;
  hdl_thread_function function;
  void *context;
};

static void *call(void *argument) {
  struct hdl_thread *thread = argument;
  thread->function(thread->context);
  return NULL;
}

hdl_thread *hdl_thread_start(hdl_thread_function function, void *context) {
  struct hdl_thread *thread = malloc(sizeof *thread);
  if (!thread) return NULL;
  thread->function = function;
  thread->context = context;
  // Signals belong to the program's own threads.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int code = pthread_create(&thread->thread, NULL, call, thread);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (code == 0) return thread;
  free(thread);
  return NULL;
}

void hdl_thread_join(hdl_thread *thread) {
  if (pthread_equal(thread->thread, pthread_self())) {
    pthread_detach(thread->thread);
  } else {
    pthread_join(thread->thread, NULL);
  }
  free(thread);
}
