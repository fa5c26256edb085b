// SPDX-License-Identifier: Apache-2.0
#include "include/CProcess.h"

#include <stddef.h>

static int argument_count;
static char **argument_values;

// The GNU C library and Darwin hand the arguments of main to constructors too.
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  argument_values = values;
}

const char *hdl_process_argument(int index) {
  return index >= 0 && index < argument_count ? argument_values[index] : NULL;
}
