// The Node addon: gives JavaScript the kernels as functions without parameters, and memory by address.
#include "base/host.h"
#include "host/native/blocks.h"
#include "host/native/javascript.h"
#include "host/native/kernel_table.h"
#include "host/native/threads.h"
#include <csetjmp>
#include <cstring>
#include <vector>

#if defined(__x86_64__)
extern const KernelEntry kernels_avx512[];
extern const KernelEntry kernels_avx2[];
#endif
extern const KernelEntry kernels_baseline[];

namespace {

struct InstructionSet {
  const char *name;
  const KernelEntry *kernels;
  bool supported;
};

/** The instruction sets, best first. */
const InstructionSet *instruction_sets(int *count) {
  static const InstructionSet all[] = {
#if defined(SINAPSE_HAS_AVX512) && defined(SINAPSE_EMULATE_AVX512)
      {"avx512", kernels_avx512, __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")},
#elif defined(SINAPSE_HAS_AVX512)
      {"avx512", kernels_avx512,
       __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("fma")},
#endif
#if defined(SINAPSE_HAS_AVX2)
      {"avx2", kernels_avx2, __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")},
#endif
#if defined(SINAPSE_HAS_BASELINE) && defined(__x86_64__)
      {"sse2", kernels_baseline, true},
#elif defined(SINAPSE_HAS_BASELINE)
      {"neon", kernels_baseline, true},
#endif
  };
  *count = sizeof all / sizeof *all;
  return all;
}

constexpr int ARGUMENT_LIMIT = 4096;

/** One backend: its block of arguments, its number of threads, and a function of JavaScript that gives memory kept for reuse back. */
struct Instance {
  f64 arguments[ARGUMENT_LIMIT];
  int threads;
  napi_ref give_back;
  /** Until `create` has counted it among the users of the threads, and from `close` on. */
  bool closed = true;
};

struct Binding {
  void (*run)(const f64 *);
  Instance *instance;
};

/** Everything of the addon that one JavaScript thread owns; it is freed when the thread ends. */
struct Environment {
  Blocks blocks;
  std::vector<std::unique_ptr<Instance>> instances;
  std::vector<std::unique_ptr<Binding>> bindings;

  ~Environment() {
    for (const auto &instance : instances)
      if (!instance->closed) release_threads();
  }
};

Environment &environment(napi_env env) {
  void *data;
  require_ok(napi_get_instance_data(env, &data));
  return *static_cast<Environment *>(data);
}

/** The kernel call of a thread, if memory runs out during it: where it returns to, and who can give memory back. */
struct Running {
  napi_env env;
  Instance *instance;
  jmp_buf escape;
};
thread_local Running *running = nullptr;

/** A kernel: a function without parameters. Its arguments are in the instance's block; the bytes that it was refused are then in the first. */
napi_value call_kernel(napi_env env, napi_callback_info info) {
  void *data;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  const Binding *binding = static_cast<Binding *>(data);
  if (binding->instance->closed) return fail(env, "the backend is closed");
  Running here;
  here.env = env;
  here.instance = binding->instance;
  running = &here;
  if (setjmp(here.escape) != 0) {
    release_scratch();
    return fail(env, "a kernel needs scratch memory that the system does not give", OUT_OF_MEMORY);
  }
  use_threads(binding->instance->threads);
  binding->run(binding->instance->arguments);
  return nullptr;
}

/** Asks JavaScript to give the memory back that is kept for reuse. */
void give_back(napi_env env, const Instance &instance) {
  napi_handle_scope scope;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  napi_value function, global, ignored;
  if (napi_get_reference_value(env, instance.give_back, &function) == napi_ok && napi_get_global(env, &global) == napi_ok &&
      napi_call_function(env, global, function, 0, nullptr, &ignored) == napi_pending_exception)
    napi_get_and_clear_last_exception(env, &ignored);
  napi_close_handle_scope(env, scope);
}

/** Tells the garbage collector of memory that it does not see. */
void adjust_external_memory(napi_env env, f64 bytes) {
  int64_t now;
  napi_adjust_external_memory(env, static_cast<int64_t>(bytes), &now);
}

/** allocate(bytes): an address aligned to 64, or 0. */
napi_value allocate(const Call &call) {
  const f64 bytes = number(call, 0);
  require(bytes >= 0, "allocate: takes a number of bytes");
  const size_t address = bytes >= 1e15 ? 0 : environment(call.env).blocks.allocate(static_cast<size_t>(bytes));
  if (address != 0) adjust_external_memory(call.env, bytes);
  return to_number(call.env, static_cast<f64>(address));
}

/** free(address, bytes) */
napi_value free_block(const Call &call) {
  const size_t address = whole(call, 0), bytes = whole(call, 1);
  require(environment(call.env).blocks.release(address, bytes), "free: there is no such block");
  adjust_external_memory(call.env, -static_cast<f64>(bytes));
  return nullptr;
}

/** The address of a call's first argument, where the bytes of the second have room. */
u8 *destination(const Call &call, const Bytes &bytes) {
  const size_t address = whole(call, 0);
  require(environment(call.env).blocks.hold(address, bytes.length), "the bytes do not lie inside a block of this thread");
  return reinterpret_cast<u8 *>(address);
}

/** write(address, typedArray) */
napi_value write_block(const Call &call) {
  const Bytes from = bytes_of(call, 1);
  u8 *const to = destination(call, from);
  if (from.length > 0) memcpy(to, from.start, from.length);
  return nullptr;
}

/** read(address, typedArray) */
napi_value read_block(const Call &call) {
  const Bytes to = bytes_of(call, 1);
  const u8 *const from = destination(call, to);
  if (to.length > 0) memcpy(to.start, from, to.length);
  return nullptr;
}

napi_value scratch(const Call &call) { return to_number(call.env, scratch_bytes()); }

napi_value close_instance(const Call &call) {
  Instance *instance = static_cast<Instance *>(call.data);
  if (!instance->closed) {
    instance->closed = true;
    release_scratch();
    release_threads();
  }
  return nullptr;
}

const InstructionSet *find_instruction_set(const char *name) {
  int count;
  const InstructionSet *sets = instruction_sets(&count);
  for (int i = 0; i < count; i++)
    if (sets[i].supported && strcmp(sets[i].name, name) == 0) return &sets[i];
  throw Mistake{"create: this processor does not have that instruction set"};
}

/** create(instructionSet, threads, giveBack): { arguments, kernels, close } */
napi_value create(const Call &call) {
  napi_env env = call.env;
  char name[16] = "";
  size_t length;
  require(napi_get_value_string_utf8(env, call.arguments[0], name, sizeof name, &length) == napi_ok, "create: takes the name of an instruction set");
  const InstructionSet *chosen = find_instruction_set(name);
  const f64 threads = number(call, 1);
  napi_valuetype type;
  require(napi_typeof(env, call.arguments[2], &type) == napi_ok && type == napi_function, "create: takes a function that gives memory back");
  require(threads >= 1 && threads <= MOST_THREADS && threads == static_cast<int>(threads), "create: takes an integer number of threads from 1 to 256");

  // Functions may be called after close(): instances and bindings stay until the JavaScript thread ends.
  Environment &own = environment(env);
  own.instances.push_back(std::make_unique<Instance>());
  Instance *instance = own.instances.back().get();
  instance->threads = static_cast<int>(threads);
  require_ok(napi_create_reference(env, call.arguments[2], 1, &instance->give_back));

  napi_value result, kernels, arguments, buffer;
  require_ok(napi_create_object(env, &result));
  require_ok(napi_create_object(env, &kernels));
  for (const KernelEntry *entry = chosen->kernels; entry->name != nullptr; entry++) {
    own.bindings.push_back(std::make_unique<Binding>(Binding{entry->run, instance}));
    set(env, kernels, entry->name, call_kernel, own.bindings.back().get());
  }
  require(napi_create_external_arraybuffer(env, instance->arguments, sizeof instance->arguments, nullptr, nullptr, &buffer) == napi_ok,
          "create: this host lets no addon share memory with JavaScript");
  require_ok(napi_create_typedarray(env, napi_float64_array, ARGUMENT_LIMIT, buffer, 0, &arguments));
  require_ok(napi_set_named_property(env, result, "kernels", kernels));
  require_ok(napi_set_named_property(env, result, "arguments", arguments));
  set(env, result, "close", function<0, close_instance>, instance);
  retain_threads();
  instance->closed = false;
  return result;
}

napi_value names_of_instruction_sets(napi_env env) {
  int count;
  const InstructionSet *sets = instruction_sets(&count);
  napi_value list;
  require_ok(napi_create_array(env, &list));
  u32 at = 0;
  for (int i = 0; i < count; i++) {
    if (!sets[i].supported) continue;
    napi_value name;
    require_ok(napi_create_string_utf8(env, sets[i].name, NAPI_AUTO_LENGTH, &name));
    require_ok(napi_set_element(env, list, at++, name));
  }
  return list;
}

napi_value init(napi_env env, napi_value exports) {
  try {
    auto own = std::make_unique<Environment>();
    require_ok(napi_set_instance_data(
        env, own.get(), [](napi_env, void *data, void *) { delete static_cast<Environment *>(data); }, nullptr));
    own.release();
    require_ok(napi_set_named_property(env, exports, "abi", to_number(env, SINAPSE_ABI)));
    require_ok(napi_set_named_property(env, exports, "instructionSets", names_of_instruction_sets(env)));
    set(env, exports, "create", function<3, create>);
    set(env, exports, "allocate", function<1, allocate>);
    set(env, exports, "free", function<2, free_block>);
    set(env, exports, "write", function<2, write_block>);
    set(env, exports, "read", function<2, read_block>);
    set(env, exports, "scratchBytes", function<0, scratch>);
    return exports;
  } catch (const Mistake &mistake) {
    return fail(env, mistake.message);
  } catch (const std::bad_alloc &) {
    return fail(env, "the system gives no memory", OUT_OF_MEMORY);
  }
}

} // namespace

extern "C" void *host_allocate(i64 bytes) {
  void *const block = allocate_block(static_cast<size_t>(bytes));
  if (block != nullptr) return block;
  give_back(running->env, *running->instance);
  return allocate_block(static_cast<size_t>(bytes));
}
extern "C" void host_free(void *block) { free(block); }
extern "C" void host_refuse(i64 bytes) {
  running->instance->arguments[0] = static_cast<f64>(bytes);
  longjmp(running->escape, 1);
}

NAPI_MODULE(sinapse_cpu, init)
