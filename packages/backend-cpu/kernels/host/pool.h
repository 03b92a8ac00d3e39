// The thread pool: one algorithm for wasm workers and native threads.
//
// A job is a number of tasks. It is cut into shares of neighbouring tasks, one for each thread, so that from loop to loop a thread meets the pixels
// and rows that it has in its caches. A thread that has done its share takes tasks from the ends of the other shares, so that a slow thread delays
// nobody.
//
// A thread claims a task by one 64-bit ticket of the share (job number, end, next task). A thread that wakes late therefore claims a task of the
// running job, or none: it reads the body after the claim, and the body cannot change before the claimed task is done. The caller works too, and
// waits only for claimed tasks: a thread that never wakes costs nothing.
#pragma once
#include "base/types.h"

/** Blocks while *address == expected, until it is woken (or spuriously). The host implements it. */
void wait_while_equal(u32 *address, u32 expected);
void wake_all(u32 *address);
/** Tells the processor that this is a waiting loop. */
void relax();

class Pool {
  using Body = void (*)(void *context, i64 task, int thread);

  static constexpr int TASK_BITS = 20;
  static constexpr u64 TASK_MASK = (1u << TASK_BITS) - 1;
  /** How often a thread checks the epoch before it sleeps: 20 to 50 µs. WebAssembly has no instruction to wait a little between checks. */
#if defined(__wasm__)
  static constexpr int SPINS = 20000;
#else
  static constexpr int SPINS = 2000;
#endif
  static constexpr int MOST_SHARES = 256;

  /** Has its own cache line, because mostly one thread claims from it. */
  struct alignas(64) Share {
    u64 ticket = 0;
    /** Tasks of the share that are done, on any thread. */
    u32 done = 0;

    static i64 next_of(u64 ticket) { return static_cast<i64>(ticket & TASK_MASK); }
    static i64 end_of(u64 ticket) { return static_cast<i64>((ticket >> TASK_BITS) & TASK_MASK); }

    void open(u64 job, i64 begin, i64 end) {
      __atomic_store_n(&done, 0, __ATOMIC_RELAXED);
      __atomic_store_n(&ticket, job << (2 * TASK_BITS) | static_cast<u64>(end) << TASK_BITS | static_cast<u64>(begin), __ATOMIC_RELEASE);
    }
  };

  /** Grows with each job; threads sleep on it. */
  alignas(64) u32 epoch_ = 0;
  u32 sleeping_ = 0;
  u32 stopping_ = 0;
  /** The threads that may work on the job, and its shares. */
  int allowed_ = 0, count_ = 0;
  Body body_ = nullptr;
  void *context_ = nullptr;
  u64 job_ = 0;
  Share shares_[MOST_SHARES];

  /** Claims and runs tasks of a share until none are left: the next task of the thread's own share, the last one of another's. */
  void work_on(Share &share, bool own, int thread) {
    u64 ticket = __atomic_load_n(&share.ticket, __ATOMIC_ACQUIRE);
    for (;;) {
      const i64 next = Share::next_of(ticket), end = Share::end_of(ticket);
      if (next == end) return;
      // A job may allow fewer threads than there are. The value is valid if the claim succeeds, since the ticket is then still current.
      if (thread >= __atomic_load_n(&allowed_, __ATOMIC_RELAXED)) return;
      const u64 rest = own ? ticket + 1 : ticket - (u64{1} << TASK_BITS);
      if (!__atomic_compare_exchange_n(&share.ticket, &ticket, rest, true, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) continue;
      body_(context_, own ? next : end - 1, thread);
      __atomic_fetch_add(&share.done, 1, __ATOMIC_RELEASE);
      ticket = __atomic_load_n(&share.ticket, __ATOMIC_ACQUIRE);
    }
  }

  /** Works on the thread's own share, then on the others. */
  void work(int thread) {
    const int count = __atomic_load_n(&count_, __ATOMIC_RELAXED);
    for (int i = 0; i < count; i++) {
      const int share = (thread + i) % count;
      work_on(shares_[share], share == thread, thread);
    }
  }

public:
  /** The most tasks of one job; `run` cuts longer loops. */
  static constexpr i64 MOST_TASKS = 1 << (TASK_BITS - 1);

  /** Runs a job with threads 0 (the caller) to allowed - 1. Only one caller at a time. */
  void run(i64 tasks, Body body, void *context, int allowed) {
    for (i64 first = 0; first < tasks; first += MOST_TASKS) {
      struct Part {
        Body body;
        void *context;
        i64 first;
      } part{body, context, first};
      run_part(minimum(tasks - first, MOST_TASKS),
               [](void *of, i64 task, int thread) {
                 Part *part = static_cast<Part *>(of);
                 part->body(part->context, part->first + task, thread);
               },
               &part, allowed);
    }
  }

  /** The loop of a pool thread. */
  void serve(int thread) {
    u32 seen = __atomic_load_n(&epoch_, __ATOMIC_ACQUIRE);
    while (!__atomic_load_n(&stopping_, __ATOMIC_ACQUIRE)) {
      work(thread);
      u32 now = seen;
      for (int spin = 0; spin < SPINS; spin++) {
        now = __atomic_load_n(&epoch_, __ATOMIC_ACQUIRE);
        if (now != seen) break;
        relax();
      }
      if (now == seen) {
        __atomic_fetch_add(&sleeping_, 1, __ATOMIC_SEQ_CST);
        while ((now = __atomic_load_n(&epoch_, __ATOMIC_SEQ_CST)) == seen) wait_while_equal(&epoch_, seen);
        __atomic_fetch_sub(&sleeping_, 1, __ATOMIC_SEQ_CST);
      }
      seen = now;
    }
  }

  /** Ends all threads that serve. */
  void stop() {
    __atomic_store_n(&stopping_, 1, __ATOMIC_RELEASE);
    __atomic_fetch_add(&epoch_, 1, __ATOMIC_SEQ_CST);
    wake_all(&epoch_);
  }

private:
  void run_part(i64 tasks, Body body, void *context, int allowed) {
    const int count = static_cast<int>(minimum<i64>(minimum(allowed, MOST_SHARES), tasks));
    const auto start = [&](int share) { return share * tasks / count; };
    body_ = body;
    context_ = context;
    __atomic_store_n(&allowed_, allowed, __ATOMIC_RELAXED);
    __atomic_store_n(&count_, count, __ATOMIC_RELAXED);
    job_++;
    for (int s = 0; s < count; s++) shares_[s].open(job_, start(s), start(s + 1));
    __atomic_fetch_add(&epoch_, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&sleeping_, __ATOMIC_SEQ_CST) > 0) wake_all(&epoch_);
    work(0);
    for (int s = 0; s < count; s++) {
      const u32 size = static_cast<u32>(start(s + 1) - start(s));
      while (__atomic_load_n(&shares_[s].done, __ATOMIC_ACQUIRE) != size) relax();
    }
  }
};
