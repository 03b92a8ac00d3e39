// A WebAssembly host of the kernels: memory from JavaScript, which keeps the heap, and threads that are workers on the same memory.
#include "base/host.h"
#include "host/pool.h"
#include "host/scratch.h"
#include "host/wasm/arguments.h"

f64 wasm_arguments[ARGUMENT_LIMIT];

#define IMPORT(name) extern "C" __attribute__((import_module("host"), import_name(name)))
#define EXPORT(name) extern "C" __attribute__((export_name(name)))

IMPORT("allocate") void *js_allocate(f64 bytes);
IMPORT("free") void js_free(void *block);
IMPORT("refuse") [[noreturn]] void js_refuse();

extern "C" void *host_allocate(i64 bytes) { return js_allocate(static_cast<f64>(bytes)); }
extern "C" void host_free(void *block) { js_free(block); }
extern "C" void host_refuse(i64) { js_refuse(); }

static ScratchStack scratch;
Scratch::Scratch() : mark_(scratch.mark()) {}
Scratch::~Scratch() { scratch.give_back(mark_); }
void *Scratch::bytes(i64 bytes) { return scratch.take(bytes); }

/** Its name says the version of this build. */
#define NAME_OF_ABI(version) "abi_" #version
#define NAMED_AFTER(version) EXPORT(NAME_OF_ABI(version))
NAMED_AFTER(SINAPSE_ABI) void abi() {}

EXPORT("arguments") f64 *arguments_address() { return wasm_arguments; }
EXPORT("scratchBytes") f64 scratch_bytes() { return static_cast<f64>(scratch.held); }
/** Frees the scratch memory of a call that ended early. JavaScript resets the stack pointer. */
EXPORT("releaseScratch") void release_scratch() { scratch.release_all(); }

static int threads = 1;
EXPORT("setThreads") void set_threads(int count) { threads = count; }
int thread_count() { return threads; }

#ifdef __wasm_atomics__

static Pool pool;

void wait_while_equal(u32 *address, u32 expected) {
  __builtin_wasm_memory_atomic_wait32(reinterpret_cast<int *>(address), static_cast<int>(expected), -1);
}
void wake_all(u32 *address) { __builtin_wasm_memory_atomic_notify(reinterpret_cast<int *>(address), 0xffffffffu); }
void relax() {}

/** Starts the workers, at the first parallel loop. They join when they are ready; nobody waits for them. */
IMPORT("startWorkers") void start_workers();
static bool started = false;

void run_parallel(i64 tasks, void (*body)(void *, i64, int), void *context) {
  if (!started) {
    started = true;
    start_workers();
  }
  pool.run(tasks, body, context, threads);
}

EXPORT("serve") void serve(int thread) { pool.serve(thread); }
EXPORT("stop") void stop() { pool.stop(); }

#else

void run_parallel(i64 tasks, void (*body)(void *, i64, int), void *context) {
  for (i64 task = 0; task < tasks; task++) body(context, task, 0);
}

#endif
