// The process-wide pool of native threads.
#pragma once

/** The most threads of the pool. */
constexpr int MOST_THREADS = 256;
/** Count the backends that use the pool; threads end when the last backend lets go. */
void retain_threads();
void release_threads();
/** The most threads the calling thread's kernels may use from now on, itself included. */
void use_threads(int count);
/** Bytes of scratch memory that the calling thread holds. */
double scratch_bytes();
/** Gives back all scratch memory: after a call that ended early. */
void release_scratch();
