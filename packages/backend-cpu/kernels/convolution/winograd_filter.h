// Filters transformed for winograd.h: a matrix [channels, filters] for each of the size² positions of a transformed tile, packed as the panels of a
// product. After them stands whether the filter is even (winograd_range.h).
#pragma once
#include "base/host.h"
#include "convolution/panels.h"
#include "convolution/winograd_range.h"
#include "convolution/winograd_transforms.h"

namespace SINAPSE_ISA {

/** Transforms the 9 taps of WIDTH columns to size² vectors, `stride` elements apart. */
template <int OUT> inline void transform_filter(const vf (&taps)[3][3], f32 *to, i64 stride) {
  constexpr int SIZE = OUT + 2;
  transform_square<3, SIZE>([](const vf(&g)[3], vf(&t)[SIZE]) __attribute__((always_inline)) { Winograd<OUT>::filter(g, t); },
                            [&](int i, int j) __attribute__((always_inline)) { return taps[i][j]; },
                            [&](int i, int j, vf value) __attribute__((always_inline)) { store(to + (i * SIZE + j) * stride, value); });
}

/** Elements of a transformed filter of `terms` channels and `columns` filters, before the one that says whether it is even. */
template <int OUT> constexpr i64 winograd_size(i64 terms, i64 columns) { return (OUT + 2) * (OUT + 2) * panels_size(terms, columns); }

/** Whether a transformed filter comes from an even one. */
template <int OUT> inline bool is_even(const f32 *packed, i64 terms, i64 columns) { return packed[winograd_size<OUT>(terms, columns)] != 0; }

/** The energy of each tap of the filters of a vector of columns. */
struct FilterEnergy {
  vf taps[9];

  void add(const vf (&values)[3][3]) {
    SINAPSE_UNROLL for (int i = 0; i < 9; i++) taps[i] = fma(values[i / 3][i % 3], values[i / 3][i % 3], taps[i]);
  }
};

/** Whether the filters are even; `parts` are `count` parts of the energy of their columns, each with `vectors` vectors. */
inline bool are_even(const FilterEnergy *parts, i64 count, i64 vectors, i64 columns) {
  for (i64 v = 0; v < vectors; v++) {
    FilterEnergy whole{};
    for (i64 part = 0; part < count; part++)
      for (int i = 0; i < 9; i++) whole.taps[i] += parts[part * vectors + v].taps[i];
    for (int lane = 0; lane < minimum<i64>(WIDTH, columns - v * WIDTH); lane++) {
      f32 all = 0;
      int enough = 0;
      for (int i = 0; i < 9; i++) all += whole.taps[i][lane];
      for (int i = 0; i < 9; i++) enough += !outweighs(all, whole.taps[i][lane], SPREAD);
      if (enough < 5 || outweighs(all, whole.taps[4][lane], SPREAD)) return false;
    }
  }
  return true;
}

/** For the forward pass: columns are filters. */
template <int OUT> inline void pack_winograd(const f32 *filter, const Geometry &g, f32 *packed) {
  const i64 terms = g.channels, columns = g.filters, stride = panels_size(terms, columns);
  const i64 grain = ceil_div(1 << 13, columns), vectors = ceil_div(columns, WIDTH), parts = ceil_div(terms, grain);
  Scratch scratch;
  FilterEnergy *energy = scratch.take<FilterEnergy>(parts * vectors);
  parallel_ranges(terms, grain, [&](i64 begin, i64 end, int) {
    FilterEnergy *own = energy + begin / grain * vectors;
    for (i64 v = 0; v < vectors; v++) own[v] = FilterEnergy{};
    for (i64 c = begin; c < end; c++)
      for (i64 f = 0; f < columns; f += WIDTH) {
        const i64 panel = f / TILE_COLUMNS * TILE_COLUMNS, width = round_up(minimum<i64>(TILE_COLUMNS, columns - panel), WIDTH);
        vf taps[3][3];
        for (int u = 0; u < 3; u++)
          for (int v = 0; v < 3; v++) {
            const f32 *from = filter + ((u * 3 + v) * terms + c) * columns + f;
            taps[u][v] = f + WIDTH <= columns ? load(from) : load_part(from, columns - f);
          }
        own[f / WIDTH].add(taps);
        transform_filter<OUT>(taps, packed + panel * terms + c * width + f - panel, stride);
      }
  });
  packed[winograd_size<OUT>(terms, columns)] = are_even(energy, parts, vectors, columns);
}

/** For the gradient of the input: columns are channels, and the filter is turned by 180 degrees. */
template <int OUT> inline void pack_winograd_transposed(const f32 *filter, const Geometry &g, f32 *packed) {
  const i64 terms = g.filters, columns = g.channels, stride = panels_size(terms, columns);
  constexpr i64 BLOCK = 32;
  const i64 blocks = ceil_div(terms, BLOCK), vectors = ceil_div(columns, WIDTH);
  Scratch scratch;
  FilterEnergy *energy = scratch.take<FilterEnergy>(blocks * vectors);
  parallel(blocks * vectors, [&](i64 task, int) {
    FilterEnergy &own = energy[task % blocks * vectors + task / blocks];
    own = FilterEnergy{};
    const i64 c = task / blocks * WIDTH, f = task % blocks * BLOCK, steps = minimum(BLOCK, terms - f);
    const i64 panel = c / TILE_COLUMNS * TILE_COLUMNS, width = round_up(minimum<i64>(TILE_COLUMNS, columns - panel), WIDTH);
    f32 across[9][BLOCK * WIDTH];
    for (int tap = 0; tap < 9; tap++)
      pack_across(filter + (tap * columns + c) * terms + f, static_cast<isize>(terms), static_cast<int>(minimum<i64>(WIDTH, columns - c)),
                  static_cast<isize>(steps), across[tap], WIDTH);
    for (i64 t = 0; t < steps; t++) {
      vf taps[3][3];
      for (int u = 0; u < 3; u++)
        for (int v = 0; v < 3; v++) taps[u][v] = load(across[8 - (u * 3 + v)] + t * WIDTH);
      own.add(taps);
      transform_filter<OUT>(taps, packed + panel * terms + (f + t) * width + c - panel, stride);
    }
  });
  packed[winograd_size<OUT>(terms, columns)] = are_even(energy, blocks, vectors, columns);
}

} // namespace SINAPSE_ISA
