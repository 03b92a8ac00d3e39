// A posix_memalign that refuses the addon memory on demand, for memory-refused-child.mjs: preloaded, it takes the place of the system's. A request for
// SIGNAL + n bytes, which no system can meet, says: refuse the n-th request from now on and all that follow; n = 0 ends that.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#define SIGNAL 100000000000000ull

static _Thread_local size_t left = 0; /* 1: all are refused; 0: none */

static int is_addon(const void *caller) {
  Dl_info info;
  return dladdr(caller, &info) != 0 && strstr(info.dli_fname, "sinapse-cpu.node") != NULL;
}

int posix_memalign(void **block, size_t alignment, size_t bytes) {
  static int (*system_memalign)(void **, size_t, size_t);
  if (bytes >= SIGNAL && bytes < SIGNAL + 1000) {
    left = bytes - SIGNAL;
    return ENOMEM;
  }
  if (left != 0 && is_addon(__builtin_return_address(0))) {
    if (left == 1) return ENOMEM;
    left--;
  }
  if (system_memalign == NULL) *(void **)&system_memalign = dlsym(RTLD_NEXT, "posix_memalign");
  return system_memalign(block, alignment, bytes);
}
