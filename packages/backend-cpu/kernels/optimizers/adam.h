// adamStep: Kingma and Ba 2015; decoupled weight decay: Loshchilov and Hutter 2019 (AdamW); the largest variance: Reddi et al. 2018 (AMSGrad).
#pragma once
#include "optimizers/parameters.h"

namespace SINAPSE_ISA {

/** The scalars of one step, the same for all elements. */
struct AdamScalars {
  vf gradient_scale, coupled_decay, beta1, rest1, beta2, rest2, keep, rate, inverse_correction2, epsilon;
};

struct AdamElement {
  vf param, m, v, largest;
};

/** `before.largest` is read if `amsgrad`. */
inline AdamElement adam(const AdamScalars &s, const AdamElement &before, vf grad, bool amsgrad) {
  const vf gradient = fma(s.coupled_decay, before.param, grad * s.gradient_scale);
  AdamElement after;
  after.m = fma(s.beta1, before.m, s.rest1 * gradient);
  after.v = fma(s.beta2, before.v, s.rest2 * gradient * gradient);
  after.largest = after.v;
  if (amsgrad) after.largest = select(is_nan(before.largest), before.largest, larger(before.largest, after.v));
  const vf root = square_root(after.largest * s.inverse_correction2);
  after.param = s.keep * before.param - s.rate * after.m / (root + s.epsilon);
  return after;
}

// parameters, skip or null, decoupled, learning rate, weight decay, gradient scale or null, beta1, beta2, epsilon, correction1, correction2; for each
// parameter: size, param, grad, m, v, maxV or null, new param, new m, new v, new maxV or null
inline void adamStep(const f64 *from) {
  Arguments arguments(from);
  const i64 count = arguments.integer();
  const u8 *skip = arguments.pointer<u8>();
  const bool decoupled = arguments.flag();
  const f64 learning_rate = arguments.real(), weight_decay = arguments.real();
  const f32 *gradient_scale = arguments.pointer<f32>();
  const f64 beta1 = arguments.real(), beta2 = arguments.real(), epsilon = arguments.real();
  const f64 correction1 = arguments.real(), correction2 = arguments.real();
  Scratch scratch;
  const Parameters<9> parameters(arguments, count, scratch);
  enum { PARAM, GRAD, M, V, MAX_V, NEW_PARAM, NEW_M, NEW_V, NEW_MAX_V };

  if (skip != nullptr && *skip != 0) {
    parameters.run([](f32 *const *t, i64 n) {
      keep(t[PARAM], t[NEW_PARAM], n);
      keep(t[M], t[NEW_M], n);
      keep(t[V], t[NEW_V], n);
      keep(t[MAX_V], t[NEW_MAX_V], n);
    });
    return;
  }
  const auto constant = [](f64 x) { return splat(static_cast<f32>(x)); };
  const AdamScalars scalars = {splat(gradient_scale == nullptr ? 1.0f : *gradient_scale),
                               constant(decoupled ? 0 : weight_decay),
                               constant(beta1),
                               constant(1 - beta1),
                               constant(beta2),
                               constant(1 - beta2),
                               constant(decoupled ? 1 - learning_rate * weight_decay : 1),
                               constant(learning_rate / correction1),
                               constant(1 / correction2),
                               constant(epsilon)};
  parameters.run([&](f32 *const *t, i64 n) {
    const bool amsgrad = t[MAX_V] != nullptr;
    i64 i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      const AdamElement before = {load(t[PARAM] + i), load(t[M] + i), load(t[V] + i), amsgrad ? load(t[MAX_V] + i) : vf{}};
      const AdamElement after = adam(scalars, before, load(t[GRAD] + i), amsgrad);
      store(t[NEW_PARAM] + i, after.param);
      store(t[NEW_M] + i, after.m);
      store(t[NEW_V] + i, after.v);
      if (amsgrad) store(t[NEW_MAX_V] + i, after.largest);
    }
    if (i == n) return;
    const auto read = [&](const f32 *p) { return load_part(p + i, n - i); };
    const auto write = [&](f32 *p, vf v) { store_part(p + i, v, n - i); };
    const AdamElement before = {read(t[PARAM]), read(t[M]), read(t[V]), amsgrad ? read(t[MAX_V]) : vf{}};
    const AdamElement after = adam(scalars, before, read(t[GRAD]), amsgrad);
    write(t[NEW_PARAM], after.param);
    write(t[NEW_M], after.m);
    write(t[NEW_V], after.v);
    if (amsgrad) write(t[NEW_MAX_V], after.largest);
  });
}

} // namespace SINAPSE_ISA

#define ADAM_KERNELS(KERNEL) KERNEL(adamStep)
