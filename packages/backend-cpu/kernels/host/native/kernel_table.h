// The kernels of each instruction set by name, for the addon to choose from.
#pragma once
#include "base/types.h"

struct KernelEntry {
  const char *name;
  void (*run)(const f64 *arguments);
};
