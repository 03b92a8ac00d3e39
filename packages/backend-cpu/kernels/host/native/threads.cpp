// A native host of the kernels: scratch memory of the calling thread, and one pool of threads for the whole process, shared by all JavaScript threads
// that use the backend.
#include "host/native/threads.h"
#include "base/host.h"
#include "host/pool.h"
#include "host/scratch.h"
#include <atomic>
#include <mutex>
#include <new>
#include <pthread.h>

static thread_local ScratchStack scratch;
static thread_local int allowed = 1;

Scratch::Scratch() : mark_(scratch.mark()) {}
Scratch::~Scratch() { scratch.give_back(mark_); }
void *Scratch::bytes(i64 bytes) { return scratch.take(bytes); }
double scratch_bytes() { return static_cast<double>(scratch.held); }
void release_scratch() { scratch.release_all(); }

int thread_count() { return allowed; }
void use_threads(int count) { allowed = count; }

void wait_while_equal(u32 *address, u32 expected) { reinterpret_cast<std::atomic<u32> *>(address)->wait(expected); }
void wake_all(u32 *address) { reinterpret_cast<std::atomic<u32> *>(address)->notify_all(); }
void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

namespace {

/** The threads and their users. Never destroyed, because threads may outlive the exit handlers that would destroy it. */
struct Crew {
  /** Held while a job runs. */
  std::mutex busy;
  /** Held while threads start and end. */
  std::mutex changing;
  /** Null until the first loop that is shared, and where there was no memory for it. */
  Pool *pool = nullptr;
  pthread_t threads[MOST_THREADS];
  int count = 0;
  /** The system gives no more threads: the existing ones do the work. */
  bool refused = false;
  int users = 0;

  /** Has `wanted` threads, the caller included, if the system gives them. */
  void grow(int wanted) {
    if (refused || count + 1 >= wanted) return;
    std::lock_guard<std::mutex> lock(changing);
    if (pool == nullptr) pool = new (std::nothrow) Pool();
    if (pool == nullptr) return;
    while (count + 1 < wanted) {
      // Not std::thread: its failure to start would end the process.
      refused = pthread_create(&threads[count], nullptr, serve, reinterpret_cast<void *>(static_cast<size_t>(count) + 1)) != 0;
      if (refused) return;
#if defined(__linux__)
      pthread_setname_np(threads[count], "sinapse");
#endif
      count++;
    }
  }

  static void *serve(void *number);

  void end() {
    std::lock_guard<std::mutex> lock(changing);
    if (pool == nullptr) return;
    pool->stop();
    for (int i = 0; i < count; i++) pthread_join(threads[i], nullptr);
    count = 0;
    refused = false;
    delete pool;
    pool = nullptr;
  }
};

Crew &crew() {
  alignas(Crew) static char room[sizeof(Crew)];
  static Crew *const all = new (room) Crew();
  return *all;
}

void *Crew::serve(void *number) {
  crew().pool->serve(static_cast<int>(reinterpret_cast<decltype(sizeof 0)>(number)));
  return nullptr;
}

} // namespace

void retain_threads() {
  std::lock_guard<std::mutex> lock(crew().changing);
  crew().users++;
}

void release_threads() {
  bool last;
  {
    std::lock_guard<std::mutex> lock(crew().changing);
    last = --crew().users == 0;
  }
  std::lock_guard<std::mutex> idle(crew().busy);
  if (last) crew().end();
}

void run_parallel(i64 tasks, void (*body)(void *, i64, int), void *context) {
  Crew &all = crew();
  // Where another JavaScript thread is using the pool, or there is none, this thread runs its job alone, with the same result.
  const bool free = all.busy.try_lock();
  if (free) all.grow(allowed);
  if (free && all.pool != nullptr) all.pool->run(tasks, body, context, allowed);
  else
    for (i64 task = 0; task < tasks; task++) body(context, task, 0);
  if (free) all.busy.unlock();
}
