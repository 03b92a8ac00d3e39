// Walks over many tensors of different sizes as if they were one, cut into equal tasks.
#pragma once
#include "base/arguments.h"
#include "base/host.h"
#include "elementwise/loops.h"

namespace SINAPSE_ISA {

/** One parameter of an optimizer's step and its at most MOST tensors; `tensors[i]` is null if absent. Tensors may share memory. */
template <int MOST> struct Parameter {
  f32 *tensors[MOST];
  /** Elements of all parameters before this one. */
  i64 before;
};

template <int MOST> class Parameters {
  i64 count_, size_ = 0;
  Parameter<MOST> *all_;

public:
  /** Reads the size and the tensors of each parameter. */
  Parameters(Arguments &arguments, i64 count, Scratch &scratch) : count_(count), all_(scratch.take<Parameter<MOST>>(count)) {
    for (i64 i = 0; i < count; i++) {
      all_[i].before = size_;
      size_ += arguments.integer();
      for (int t = 0; t < MOST; t++) all_[i].tensors[t] = arguments.pointer<f32>();
    }
  }

  /** Calls `body(tensors, n)` in parallel for parts of the parameters, with pointers to the same n elements of each tensor. */
  template <class Body> void run(const Body &body) const {
    parallel_ranges(size_, FUNCTION_GRAIN, [&](i64 begin, i64 end, int) {
      i64 low = 0;
      for (i64 high = count_; high - low > 1;) { // the last parameter that begins at or before `begin`
        const i64 middle = (low + high) / 2;
        (all_[middle].before <= begin ? low : high) = middle;
      }
      for (; begin < end; low++) {
        const Parameter<MOST> &parameter = all_[low];
        const i64 until = minimum(end, low + 1 < count_ ? all_[low + 1].before : size_);
        f32 *tensors[MOST];
        for (int t = 0; t < MOST; t++) tensors[t] = parameter.tensors[t] == nullptr ? nullptr : parameter.tensors[t] + (begin - parameter.before);
        if (until > begin) body(tensors, until - begin);
        begin = until;
      }
    });
  }
};

/** A skipped step copies an input to its output. */
inline void keep(const f32 *input, f32 *output, i64 n) {
  if (output != nullptr && output != input) __builtin_memcpy(output, input, n * 4);
}

} // namespace SINAPSE_ISA
