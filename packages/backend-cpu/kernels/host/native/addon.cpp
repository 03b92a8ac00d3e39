// The Node addon: gives JavaScript the kernels as functions without parameters, and memory by address.
#include "host/native/kernel_table.h"
#include "host/native/threads.h"
#include <csetjmp>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <node_api.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif
#include <unordered_set>
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

/** One backend: its block of arguments and its number of threads. */
struct Instance {
  f64 arguments[ARGUMENT_LIMIT];
  int threads;
  bool closed;
};

struct Binding {
  void (*run)(const f64 *);
  Instance *instance;
};

/** Everything of the addon that one JavaScript thread owns; it is freed when the thread ends. */
struct Environment {
  std::unordered_set<void *> blocks;
  std::vector<std::unique_ptr<Instance>> instances;
  std::vector<std::unique_ptr<Binding>> bindings;

  ~Environment() {
    for (void *block : blocks) free(block);
    for (const auto &instance : instances)
      if (!instance->closed) release_threads();
  }
};

Environment &environment(napi_env env) {
  void *data;
  napi_get_instance_data(env, &data);
  return *static_cast<Environment *>(data);
}

/** Where a call returns to if memory runs out during it. */
thread_local jmp_buf *escape = nullptr;
/** The number of bytes that were refused. */
thread_local double refused = 0;
/** The code of the error that is then thrown; the bytes are in the first argument. */
constexpr const char *OUT_OF_MEMORY = "SINAPSE_OUT_OF_MEMORY";

napi_value fail(napi_env env, const char *message, const char *code = nullptr) {
  napi_throw_error(env, code, message);
  return nullptr;
}

napi_value call_kernel(napi_env env, napi_callback_info info) {
  void *data;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  const Binding *binding = static_cast<Binding *>(data);
  if (binding->instance->closed) return fail(env, "the backend is closed");
  jmp_buf here;
  escape = &here;
  if (setjmp(here) != 0) {
    release_scratch();
    binding->instance->arguments[0] = refused;
    return fail(env, "a kernel needs scratch memory that the system does not give", OUT_OF_MEMORY);
  }
  use_threads(binding->instance->threads);
  binding->run(binding->instance->arguments);
  return nullptr;
}

double number(napi_env env, napi_value value) {
  double result = 0;
  napi_get_value_double(env, value, &result);
  return result;
}

u8 *address(napi_env env, napi_value value) { return reinterpret_cast<u8 *>(static_cast<size_t>(number(env, value))); }

template <int N> struct Parameters {
  napi_value value[N];
  Parameters(napi_env env, napi_callback_info info) {
    size_t count = N;
    napi_get_cb_info(env, info, &count, value, nullptr, nullptr);
  }
  napi_value operator[](int i) const { return value[i]; }
};

/**
 * Memory aligned to 64 bytes, or null. A large block starts on a large page and asks for large pages, where the system gives them on request: a
 * processor keeps translations for fewer pages of 4 KB than a matrix of a few MB has.
 */
void *allocate_block(size_t bytes) {
  void *block = nullptr;
  constexpr size_t PAGE = 1 << 21;
  if (posix_memalign(&block, bytes >= PAGE ? PAGE : 64, bytes) != 0) return nullptr;
#if defined(MADV_HUGEPAGE)
  const size_t first = (reinterpret_cast<size_t>(block) + PAGE - 1) / PAGE * PAGE, last = (reinterpret_cast<size_t>(block) + bytes) / PAGE * PAGE;
  if (last > first) madvise(reinterpret_cast<void *>(first), last - first, MADV_HUGEPAGE);
#endif
  return block;
}

/** allocate(bytes): an address aligned to 64, or 0. */
napi_value allocate(napi_env env, napi_callback_info info) {
  const Parameters<1> parameters(env, info);
  const double bytes = number(env, parameters[0]);
  void *const block = bytes >= 1e15 ? nullptr : allocate_block(static_cast<size_t>(bytes));
  if (block != nullptr) {
    environment(env).blocks.insert(block);
    int64_t now;
    napi_adjust_external_memory(env, static_cast<int64_t>(bytes), &now);
  }
  napi_value result;
  napi_create_double(env, static_cast<double>(reinterpret_cast<size_t>(block)), &result);
  return result;
}

/** free(address, bytes) */
napi_value free_block(napi_env env, napi_callback_info info) {
  const Parameters<2> parameters(env, info);
  void *block = address(env, parameters[0]);
  if (environment(env).blocks.erase(block) == 0) return fail(env, "free: there is no such block");
  free(block);
  int64_t now;
  napi_adjust_external_memory(env, -static_cast<int64_t>(number(env, parameters[1])), &now);
  return nullptr;
}

struct Bytes {
  u8 *start = nullptr;
  size_t length = 0;
  Bytes(napi_env env, napi_value array) {
    napi_typedarray_type type;
    size_t elements;
    void *data;
    if (napi_get_typedarray_info(env, array, &type, &elements, &data, nullptr, nullptr) != napi_ok) return;
    const size_t size = type == napi_float64_array ? 8 : type == napi_int32_array || type == napi_float32_array ? 4 : 1;
    start = static_cast<u8 *>(data);
    length = elements * size;
  }
};

/** write(address, typedArray) */
napi_value write_block(napi_env env, napi_callback_info info) {
  const Parameters<2> parameters(env, info);
  const Bytes from(env, parameters[1]);
  if (from.length > 0) memcpy(address(env, parameters[0]), from.start, from.length);
  return nullptr;
}

/** read(address, typedArray) */
napi_value read_block(napi_env env, napi_callback_info info) {
  const Parameters<2> parameters(env, info);
  const Bytes to(env, parameters[1]);
  if (to.length > 0) memcpy(to.start, address(env, parameters[0]), to.length);
  return nullptr;
}

napi_value scratch(napi_env env, napi_callback_info) {
  napi_value result;
  napi_create_double(env, scratch_bytes(), &result);
  return result;
}

void set(napi_env env, napi_value object, const char *name, napi_callback callback, void *data = nullptr) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, data, &function);
  napi_set_named_property(env, object, name, function);
}

napi_value close_instance(napi_env env, napi_callback_info info) {
  void *data;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  Instance *instance = static_cast<Instance *>(data);
  if (!instance->closed) {
    instance->closed = true;
    release_scratch();
    release_threads();
  }
  return nullptr;
}

/** create(instructionSet, threads): { arguments, kernels, close }; throws when the processor lacks it. */
napi_value create(napi_env env, napi_callback_info info) {
  const Parameters<2> parameters(env, info);
  char name[16] = "";
  size_t length;
  napi_get_value_string_utf8(env, parameters[0], name, sizeof name, &length);
  int count;
  const InstructionSet *sets = instruction_sets(&count);
  const InstructionSet *chosen = nullptr;
  for (int i = 0; i < count; i++)
    if (sets[i].supported && strcmp(sets[i].name, name) == 0) chosen = &sets[i];
  if (chosen == nullptr) return fail(env, "this processor does not have that instruction set");

  // Functions may be called after close(): instances and bindings stay until the JavaScript thread ends.
  Environment &own = environment(env);
  own.instances.emplace_back(new Instance());
  Instance *instance = own.instances.back().get();
  instance->threads = static_cast<int>(number(env, parameters[1]));
  retain_threads();

  napi_value result, kernels, arguments, buffer;
  napi_create_object(env, &result);
  napi_create_object(env, &kernels);
  for (const KernelEntry *entry = chosen->kernels; entry->name != nullptr; entry++) {
    own.bindings.emplace_back(new Binding{entry->run, instance});
    set(env, kernels, entry->name, call_kernel, own.bindings.back().get());
  }
  napi_create_external_arraybuffer(env, instance->arguments, sizeof instance->arguments, nullptr, nullptr, &buffer);
  napi_create_typedarray(env, napi_float64_array, ARGUMENT_LIMIT, buffer, 0, &arguments);
  napi_set_named_property(env, result, "kernels", kernels);
  napi_set_named_property(env, result, "arguments", arguments);
  set(env, result, "close", close_instance, instance);
  return result;
}

napi_value init(napi_env env, napi_value exports) {
  napi_set_instance_data(
      env, new Environment(), [](napi_env, void *data, void *) { delete static_cast<Environment *>(data); }, nullptr);
  int count;
  const InstructionSet *sets = instruction_sets(&count);
  napi_value list;
  napi_create_array(env, &list);
  u32 at = 0;
  for (int i = 0; i < count; i++) {
    if (!sets[i].supported) continue;
    napi_value name;
    napi_create_string_utf8(env, sets[i].name, NAPI_AUTO_LENGTH, &name);
    napi_set_element(env, list, at++, name);
  }
  napi_set_named_property(env, exports, "instructionSets", list);
  set(env, exports, "create", create);
  set(env, exports, "allocate", allocate);
  set(env, exports, "free", free_block);
  set(env, exports, "write", write_block);
  set(env, exports, "read", read_block);
  set(env, exports, "scratchBytes", scratch);
  return exports;
}

} // namespace

extern "C" void *host_allocate(i64 bytes) {
  void *const block = allocate_block(static_cast<size_t>(bytes));
  if (block == nullptr) {
    refused = static_cast<double>(bytes);
    longjmp(*escape, 1);
  }
  return block;
}
extern "C" void host_free(void *block) { free(block); }

NAPI_MODULE(sinapse_cpu, init)
