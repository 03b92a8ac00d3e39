// The block into which JavaScript writes the arguments of a call.
#pragma once
#include "base/types.h"

constexpr int ARGUMENT_LIMIT = 4096;
extern f64 wasm_arguments[ARGUMENT_LIMIT];
