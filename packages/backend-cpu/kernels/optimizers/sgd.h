// sgdStep: gradient descent, with momentum (Sutskever et al. 2013 for Nesterov's).
#pragma once
#include "optimizers/parameters.h"

namespace SINAPSE_ISA {

// parameters, skip or null, nesterov, learning rate, momentum, weight decay, gradient scale or null; for each parameter: size, param, grad, velocity or
// null, new param, new velocity or null
inline void sgdStep(const f64 *from) {
  Arguments arguments(from);
  const i64 count = arguments.integer();
  const u8 *skip = arguments.pointer<u8>();
  const bool nesterov = arguments.flag();
  const vf rate = splat(arguments.scalar());
  const vf momentum = splat(arguments.scalar());
  const vf decay = splat(arguments.scalar());
  const f32 *given_scale = arguments.pointer<f32>();
  const vf scale = splat(given_scale == nullptr ? 1.0f : *given_scale);
  Scratch scratch;
  const Parameters<5> parameters(arguments, count, scratch);
  enum { PARAM, GRAD, VELOCITY, NEW_PARAM, NEW_VELOCITY };

  if (skip != nullptr && *skip != 0) {
    parameters.run([](f32 *const *t, i64 n) {
      keep(t[PARAM], t[NEW_PARAM], n);
      keep(t[VELOCITY], t[NEW_VELOCITY], n);
    });
    return;
  }
  const auto gradient = [&](vf w, vf g) { return fma(decay, w, g * scale); };
  parameters.run([&](f32 *const *t, i64 n) {
    if (t[VELOCITY] == nullptr) {
      map_vectors([&](vf w, vf g) { return fma(-rate, gradient(w, g), w); }, n, t[NEW_PARAM], t[PARAM], t[GRAD]);
      return;
    }
    const auto step = [&](vf w, vf g, vf v, auto put) {
      const vf d = gradient(w, g);
      const vf speed = fma(momentum, v, d);
      put(fma(-rate, nesterov ? fma(momentum, speed, d) : speed, w), speed);
    };
    i64 i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      step(load(t[PARAM] + i), load(t[GRAD] + i), load(t[VELOCITY] + i), [&](vf w, vf v) {
        store(t[NEW_PARAM] + i, w);
        store(t[NEW_VELOCITY] + i, v);
      });
    }
    if (i == n) return;
    step(load_part(t[PARAM] + i, n - i), load_part(t[GRAD] + i, n - i), load_part(t[VELOCITY] + i, n - i), [&](vf w, vf v) {
      store_part(t[NEW_PARAM] + i, w, n - i);
      store_part(t[NEW_VELOCITY] + i, v, n - i);
    });
  });
}

} // namespace SINAPSE_ISA

#define SGD_KERNELS(KERNEL) KERNEL(sgdStep)
