// The kernels of each instruction set by name; the addon chooses from them.
#pragma once
#include "base/types.h"

struct KernelEntry {
  const char *name;
  void (*run)(const f64 *arguments);
};
