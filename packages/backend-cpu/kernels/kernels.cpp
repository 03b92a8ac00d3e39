// All kernels for one instruction set. This file is compiled once for each, with its flags, SINAPSE_ISA and SINAPSE_WIDTH. The kernels' functions are
// in a namespace of that name, so that several builds can be linked together.
#include "convolution/convolution.h"
#include "elementwise/bias_activation.h"
#include "elementwise/binary.h"
#include "elementwise/cast.h"
#include "elementwise/fill.h"
#include "elementwise/select.h"
#include "elementwise/unary.h"
#include "gemm/matmul.h"
#include "movement/copy.h"
#include "movement/gather.h"
#include "movement/pad.h"
#include "movement/scatter_add.h"
#include "normalize/batch_norm.h"
#include "normalize/batch_norm_grad.h"
#include "normalize/softmax.h"
#include "optimizers/adam.h"
#include "optimizers/sgd.h"
#include "pool/pool.h"
#include "pool/pool_grad.h"
#include "program/elementwise.h"
#include "random/random.h"
#include "recurrent/gru.h"
#include "recurrent/lstm.h"
#include "recurrent/rnn.h"
#include "reduce/arg_reduce.h"
#include "reduce/cumulative_sum.h"
#include "reduce/reduce.h"
#include "sort/sort.h"

// Each file ends with a list of its kernels: functions void (const f64 *arguments).
#define SINAPSE_KERNELS(KERNEL)                                                                                                          \
  CONVOLUTION_KERNELS(KERNEL)                                                                                                            \
  FILL_KERNELS(KERNEL)                                                                                                                   \
  BIAS_ACTIVATION_KERNELS(KERNEL)                                                                                                        \
  BINARY_KERNELS(KERNEL)                                                                                                                 \
  CAST_KERNELS(KERNEL)                                                                                                                   \
  SELECT_KERNELS(KERNEL)                                                                                                                 \
  UNARY_KERNELS(KERNEL)                                                                                                                  \
  ELEMENTWISE_KERNELS(KERNEL)                                                                                                            \
  RANDOM_KERNELS(KERNEL)                                                                                                                 \
  SGD_KERNELS(KERNEL)                                                                                                                    \
  ADAM_KERNELS(KERNEL)                                                                                                                   \
  MATMUL_KERNELS(KERNEL)                                                                                                                 \
  COPY_KERNELS(KERNEL)                                                                                                                   \
  GATHER_KERNELS(KERNEL)                                                                                                                 \
  PAD_KERNELS(KERNEL)                                                                                                                    \
  SCATTER_ADD_KERNELS(KERNEL)                                                                                                            \
  BATCH_NORM_KERNELS(KERNEL)                                                                                                             \
  BATCH_NORM_GRAD_KERNELS(KERNEL)                                                                                                        \
  POOL_KERNELS(KERNEL)                                                                                                                   \
  POOL_GRAD_KERNELS(KERNEL)                                                                                                              \
  SOFTMAX_KERNELS(KERNEL)                                                                                                                \
  LSTM_CELL_KERNELS(KERNEL)                                                                                                              \
  GRU_CELL_KERNELS(KERNEL)                                                                                                               \
  RNN_KERNELS(KERNEL)                                                                                                                    \
  LSTM_KERNELS(KERNEL)                                                                                                                   \
  GRU_KERNELS(KERNEL)                                                                                                                    \
  ARG_REDUCE_KERNELS(KERNEL)                                                                                                             \
  CUMULATIVE_SUM_KERNELS(KERNEL)                                                                                                         \
  REDUCE_KERNELS(KERNEL)                                                                                                                 \
  SORT_KERNELS(KERNEL)

#if defined(__wasm__)

#include "host/wasm/arguments.h"

#define EXPORT(name)                                                                                                                     \
  extern "C" __attribute__((export_name(#name))) void kernel_##name() { SINAPSE_ISA::name(wasm_arguments); }
SINAPSE_KERNELS(EXPORT)

#else

#include "host/native/kernel_table.h"

#define ENTRY(name) {#name, SINAPSE_ISA::name},
#define CONCATENATE(a, b) a##b
#define TABLE(isa) CONCATENATE(kernels_, isa)
extern const KernelEntry TABLE(SINAPSE_ISA)[] = {SINAPSE_KERNELS(ENTRY){nullptr, nullptr}};

#endif
