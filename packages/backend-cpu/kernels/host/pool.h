// The thread pool: one algorithm for wasm workers and native threads.
//
// A job is a number of tasks. All that a thread must know to claim one stands in a single 64-bit ticket (job number, tasks, next task), so that
// a thread which wakes late claims a task of the job that is running, or none: the body is read after the claim, and cannot change before the
// claimed task is done. The caller works too, and waits only for tasks that were claimed: a thread that never wakes costs nothing.
#pragma once
#include "base/types.h"

/** Blocks while *address == expected, until it is woken (or for no reason). Given by the host. */
void wait_while_equal(u32 *address, u32 expected);
void wake_all(u32 *address);
/** Tells the processor that this is a waiting loop. */
void relax();

class Pool {
  using Body = void (*)(void *context, i64 task, int thread);

  static constexpr int TASK_BITS = 20;
  static constexpr u64 TASK_MASK = (1u << TASK_BITS) - 1;
  /** Looks at the ticket before going to sleep: 20 to 50 µs. */
  static constexpr int SPINS = 2000;

  alignas(64) u64 ticket_ = 0;
  alignas(64) u32 done_ = 0;
  /** Grows with each job: what threads sleep on. */
  alignas(64) u32 epoch_ = 0;
  u32 sleeping_ = 0;
  u32 stopping_ = 0;
  int allowed_ = 0;
  Body body_ = nullptr;
  void *context_ = nullptr;

  static u64 next_of(u64 ticket) { return ticket & TASK_MASK; }
  static u64 tasks_of(u64 ticket) { return (ticket >> TASK_BITS) & TASK_MASK; }
  static bool open(u64 ticket) { return next_of(ticket) < tasks_of(ticket); }

  /** Claims and runs tasks until there are none left. */
  void work(int thread) {
    u64 ticket = __atomic_load_n(&ticket_, __ATOMIC_ACQUIRE);
    while (open(ticket)) {
      // A job may allow fewer threads than there are. Read under a ticket that is still current when the claim succeeds.
      if (thread >= __atomic_load_n(&allowed_, __ATOMIC_RELAXED)) return;
      if (!__atomic_compare_exchange_n(&ticket_, &ticket, ticket + 1, true, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) continue;
      body_(context_, static_cast<i64>(next_of(ticket)), thread);
      __atomic_fetch_add(&done_, 1, __ATOMIC_RELEASE);
      ticket = __atomic_load_n(&ticket_, __ATOMIC_ACQUIRE);
    }
  }

public:
  /** Most tasks of one job; longer loops are cut by `run`. */
  static constexpr i64 MOST_TASKS = 1 << (TASK_BITS - 1);

  /** Runs a job with the threads 0 (the caller) to allowed - 1. One caller at a time. */
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

  /** What a thread of the pool does all its life. */
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
    body_ = body;
    context_ = context;
    __atomic_store_n(&allowed_, allowed, __ATOMIC_RELAXED);
    __atomic_store_n(&done_, 0, __ATOMIC_RELAXED);
    const u64 job = (ticket_ >> (2 * TASK_BITS)) + 1;
    __atomic_store_n(&ticket_, job << (2 * TASK_BITS) | static_cast<u64>(tasks) << TASK_BITS, __ATOMIC_RELEASE);
    __atomic_fetch_add(&epoch_, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&sleeping_, __ATOMIC_SEQ_CST) > 0) wake_all(&epoch_);
    work(0);
    while (__atomic_load_n(&done_, __ATOMIC_ACQUIRE) != static_cast<u32>(tasks)) relax();
  }
};
