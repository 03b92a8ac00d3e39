// The thread pool alone, for ThreadSanitizer: thousands of short jobs in a row that allow different numbers of threads. Prints what went wrong, and
// returns 1 if anything did. Argument: threads.
#include "host/pool.h"
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <vector>

void wait_while_equal(u32 *address, u32 expected) { syscall(SYS_futex, address, FUTEX_WAIT_PRIVATE, expected, nullptr, nullptr, 0); }
void wake_all(u32 *address) { syscall(SYS_futex, address, FUTEX_WAKE_PRIVATE, 0x7fffffff, nullptr, nullptr, 0); }
void relax() { std::this_thread::yield(); }

struct Job {
  std::vector<int> done;
  int allowed;
  std::atomic<long> strangers{0};
};

int main(int, char **arguments) {
  constexpr int JOBS = 20000;
  const int threads = std::atoi(arguments[1]);
  static Pool pool;
  std::vector<std::thread> crew;
  for (int thread = 1; thread < threads; thread++) crew.emplace_back([thread] { pool.serve(thread); });
  long wrong = 0;
  u32 random = 1;
  for (int j = 0; j < JOBS; j++) {
    random = random * 1664525 + 1013904223; // Numerical Recipes' generator
    const u32 tasks = 1 + (random >> 16) % (j % 100 == 0 ? 4000 : 20);
    Job job{std::vector<int>(tasks), 1 + static_cast<int>((random >> 8) % static_cast<u32>(threads))};
    pool.run(
        tasks,
        [](void *context, i64 task, int thread) {
          Job &job = *static_cast<Job *>(context);
          job.done[static_cast<decltype(sizeof 0)>(task)]++;
          if (thread >= job.allowed) job.strangers++;
          for (volatile int i = 0; i < task * 37 % 200;) i = i + 1; // tasks of different lengths
        },
        &job, job.allowed);
    for (const int times : job.done) wrong += times != 1;
    wrong += job.strangers;
    if (j % 1000 == 0) usleep(500); // let the other threads go to sleep
  }
  pool.stop();
  for (std::thread &thread : crew) thread.join();
  if (wrong != 0) std::printf("%ld tasks did not run once, or on a thread that the job did not allow\n", wrong);
  return wrong != 0;
}
