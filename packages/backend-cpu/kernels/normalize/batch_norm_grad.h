// batchNormGrad: Ioffe, Szegedy 2015, section 3, with the activation and the residual, in two passes over memory. The first pass sums the gradients
// of offset and scale, the second computes dx from them. If the residual's gradient is wanted (it is that of the activation's input, dz), the first
// pass writes it and the second reads it instead of computing it again.
#pragma once
#include "base/activation.h"
#include "base/arguments.h"
#include "base/row.h"
#include "normalize/channels.h"

namespace SINAPSE_ISA {

struct BatchNormGrad {
  const f32 *x, *y, *dy;
  /** Where dz is written, or null. */
  f32 *dresidual;
  /** The mean of every lane. */
  const f32 *centre;
  vf alpha;
};

/** Sums dz and dz (x - mean) of a block for every lane. */
template <Activation kind>
inline void block_gradients(const BatchNormGrad &of, i64 at, i64 rows, i64 lanes, f32 *sums, f32 *products) {
  for (i64 i = 0; i < lanes; i++) sums[i] = products[i] = 0;
  for (i64 row = 0; row < rows; row++) {
    const i64 start = at + row * lanes;
    for_each_vector(of.dy + start, lanes, [&](vf dy, i64 i, i64 count) {
      const vf dz = kind == LINEAR ? dy : activate_grad<kind>(load_some(of.y + start + i, count), dy, of.alpha);
      const vf difference = load_some(of.x + start + i, count) - load_some(of.centre + i, count);
      if (of.dresidual != nullptr) store_some(of.dresidual + start + i, dz, count);
      store_some(sums + i, load_some(sums + i, count) + dz, count);
      store_some(products + i, fma(dz, difference, load_some(products + i, count)), count);
    });
  }
}

/** Σ dz and Σ dz (x - mean) of every channel. */
template <Activation kind> inline void channel_gradients(const Channels &channels, const BatchNormGrad &of, f64 *sums, f64 *products) {
  Scratch scratch;
  f64 *parts = scratch.take<f64>(2 * channels.parts * channels.channels);
  f32 *blocks = scratch.floats(2 * channels.lanes * thread_count());
  parallel(channels.parts, [&](i64 part, int thread) {
    f64 *own = parts + 2 * part * channels.channels;
    f32 *block = blocks + 2 * thread * channels.lanes;
    for (i64 c = 0; c < 2 * channels.channels; c++) own[c] = 0;
    channels.for_each_block(part, [&](i64 at, i64 rows, i64 lanes) {
      block_gradients<kind>(of, at, rows, lanes, block, block + channels.lanes);
      for (i64 first = 0; first < lanes; first += channels.channels)
        for (i64 c = 0; c < channels.channels; c++) {
          own[c] += static_cast<f64>(block[first + c]);
          own[channels.channels + c] += static_cast<f64>(block[channels.lanes + first + c]);
        }
    });
  });
  for (i64 c = 0; c < channels.channels; c++) {
    sums[c] = products[c] = 0;
    for (i64 part = 0; part < channels.parts; part++) {
      sums[c] += parts[2 * part * channels.channels + c];
      products[c] += parts[(2 * part + 1) * channels.channels + c];
    }
  }
}

// x, y, dy, scale, mean, variance, dx, dscale, doffset, dresidual or null, rows, channels, activation, alpha, epsilon
inline void batch_norm_grad(const f64 *from) {
  Arguments arguments(from);
  BatchNormGrad of;
  of.x = arguments.pointer<f32>();
  of.y = arguments.pointer<f32>();
  of.dy = arguments.pointer<f32>();
  const f32 *scale = arguments.pointer<f32>(), *mean = arguments.pointer<f32>(), *variance = arguments.pointer<f32>();
  f32 *dx = arguments.pointer<f32>(), *dscale = arguments.pointer<f32>(), *doffset = arguments.pointer<f32>();
  of.dresidual = arguments.pointer<f32>();
  const i64 rows = arguments.integer();
  const Channels channels(rows, arguments.integer());
  const int activation = arguments.small();
  of.alpha = splat(arguments.scalar());
  const f64 epsilon = arguments.real();

  Scratch scratch;
  const i64 lanes = channels.lanes, size = channels.channels;
  f32 *centre = scratch.floats(lanes), *factor = scratch.floats(lanes), *shift = scratch.floats(lanes), *slope = scratch.floats(lanes);
  f64 *sums = scratch.take<f64>(size), *products = scratch.take<f64>(size);
  f32 *of_channels = scratch.floats(3 * size);
  channels.spread(mean, centre);
  of.centre = centre;
  with_activation(activation, [&](auto constant) {
    constexpr Activation kind = decltype(constant)::activation;
    channel_gradients<kind>(channels, of, sums, products);
    // dx = scale inverse (dz - doffset / n - (x - mean) inverse dscale / n)
    for (i64 c = 0; c < size; c++) {
      const f64 inverse = 1 / __builtin_sqrt(static_cast<f64>(variance[c]) + epsilon), n = static_cast<f64>(channels.rows);
      doffset[c] = static_cast<f32>(sums[c]);
      dscale[c] = static_cast<f32>(products[c] * inverse);
      of_channels[c] = static_cast<f32>(static_cast<f64>(scale[c]) * inverse);
      of_channels[size + c] = static_cast<f32>(sums[c] / n);
      of_channels[2 * size + c] = static_cast<f32>(products[c] * inverse * inverse / n);
    }
    channels.spread(of_channels, factor);
    channels.spread(of_channels + size, shift);
    channels.spread(of_channels + 2 * size, slope);
    const bool kept = kind == LINEAR || of.dresidual != nullptr;
    const f32 *dz_of = of.dresidual != nullptr ? of.dresidual : of.dy;
    channels.for_each_row([&](i64 at, i64 width) {
      for_each_vector(dz_of + at, width, [&](vf dz, i64 i, i64 count) {
        if (!kept) dz = activate_grad<kind>(load_some(of.y + at + i, count), dz, of.alpha);
        const vf difference = load_some(of.x + at + i, count) - load_some(centre + i, count);
        const vf rest = fma(-difference, load_some(slope + i, count), dz - load_some(shift + i, count));
        store_some(dx + at + i, rest * load_some(factor + i, count), count);
      });
    });
  });
}

} // namespace SINAPSE_ISA

#define BATCH_NORM_GRAD_KERNELS(KERNEL) KERNEL(batch_norm_grad)
