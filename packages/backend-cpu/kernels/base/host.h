// What the kernels need from their host: scratch memory and threads. host/native and host/wasm implement it once, for all instruction sets.
#pragma once
#include "base/types.h"

/** A block of at least `bytes` bytes, aligned to 64; null where memory is refused. */
extern "C" void *host_allocate(i64 bytes);
extern "C" void host_free(void *block);
/** Ends the call with an error in JavaScript: there is no memory for `bytes` bytes. No destructors run, and the host gives all scratch memory back. */
extern "C" [[noreturn]] void host_refuse(i64 bytes);

/** How many threads a parallel loop of this call may use, the caller included. */
int thread_count();

/** Calls body(context, task, thread) for each task in [0, tasks), 0 <= thread < thread_count(), and returns when all are done. */
void run_parallel(i64 tasks, void (*body)(void *context, i64 task, int thread), void *context);

/**
 * Runs `body(task, thread)` for tasks 0 .. tasks - 1 on the pool, in no fixed order. Neighbouring tasks mostly run on the same thread, so a loop that
 * is cut like the one before it finds its data in that thread's caches. Results must not depend on the number of threads: cut sums by shapes alone,
 * and use `thread` only to pick scratch memory. Loops do not nest. A round trip costs up to 20 µs: smaller work is not worth it.
 */
template <class Body> static inline void parallel(i64 tasks, const Body &body) {
  if (tasks == 1 || thread_count() == 1) {
    for (i64 task = 0; task < tasks; task++) body(task, 0);
    return;
  }
  run_parallel(
      tasks, [](void *context, i64 task, int thread) { (*static_cast<const Body *>(context))(task, thread); },
      const_cast<Body *>(&body));
}

/** Cuts [0, length) into tasks of `grain` and runs `body(begin, end, thread)` for each. */
template <class Body> static inline void parallel_ranges(i64 length, i64 grain, const Body &body) {
  parallel(ceil_div(length, grain),
           [&](i64 task, int thread) { body(task * grain, minimum(length, (task + 1) * grain), thread); });
}

/**
 * Scratch memory of one kernel call. The end of its block gives it back, and the next call reuses it. Only the calling thread may take it: take what
 * all threads need before a parallel loop.
 */
class Scratch {
  i64 mark_;

public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch &) = delete;
  void operator=(const Scratch &) = delete;
  /** `bytes` bytes with undefined contents, aligned to 64. */
  void *bytes(i64 bytes);
  __attribute__((always_inline)) f32 *floats(i64 count) { return static_cast<f32 *>(bytes(count * 4)); }
  template <class T> __attribute__((always_inline)) T *take(i64 count) { return static_cast<T *>(bytes(count * static_cast<i64>(sizeof(T)))); }
};
