// Where Winograd's algorithm is as exact as a direct sum. It mixes the pixels of a tile, and the taps of a filter: what a result must not see cancels
// only up to rounding, and an infinity does not cancel at all. Tiles and filters whose values are too unlike are therefore computed directly.
//
// With energies, sums of squares over all channels, and norms, their roots: the magnitudes of the terms of a result of F(4x4, 3x3) add up to at most
// 61 ‖tile‖ ‖filter‖ (the largest singular value of |B| |A| |G|, squared; 9.4 for F(2x2, 3x3)), so its rounding error is at most 61 (C + 16) u ‖tile‖
// ‖filter‖ for C channels. A tile is computed by this algorithm only if
//     ‖tile‖² <= SPREAD ‖pixel‖² for each of its middle pixels, one or more of which are in every window, or
//     ‖tile‖² <= WINDOW_SPREAD ‖pixel‖² for most pixels of each window,
// and a filter only if ‖filter‖² <= SPREAD ‖tap‖² for its middle tap, which every result sees, and for most taps. So ‖tile‖ <= 23 ‖window‖, and
// the error is at most 1400 (C + 16) u ‖window‖ ‖filter‖, where a direct sum has 9 C u ‖window‖ ‖filter‖. For values of any usual distribution ‖tile‖
// is 2 ‖window‖, and roundings mostly cancel (see winograd_transforms.h). A large value that all results see, but some with a small
// weight, would decide the errors of these: it has to be one of many.
//
// Norms above 10^15 count as infinite, since products of transformed values may overflow where the sum does not; values below 10^-22, whose squares
// vanish, as zero.
#pragma once
#include "base/row.h"
#include "convolution/winograd_plan.h"
#include "gemm/transpose.h"

namespace SINAPSE_ISA {

constexpr f32 SPREAD = 512, WINDOW_SPREAD = 576, MOST_ENERGY = 1e30f;

/** Whether a whole has much more energy than a part of it, or too much. Also true for NaN. */
inline bool outweighs(f32 whole, f32 part, f32 spread) { return !(whole <= minimum(spread * part, MOST_ENERGY)); }

/** Two middle rows (or columns) of a tile of which the first `results` results are wanted: each of their windows has one of them at least. */
struct Middles {
  i64 first, last;
  /** @param edge whether the tile's first row lies outside the image: then the second is the only one for a single result */
  Middles(i64 results, bool edge) : last(results == 4 ? 3 : results == 1 ? 1 : 2) { first = edge && results == 1 ? 1 : last - 1; }
};

/** Adds the vector's lanes of four to one. */
inline v4 fold(vf v) {
#if SINAPSE_WIDTH == 16
  const auto half = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) + __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  return __builtin_shufflevector(half, half, 0, 1, 2, 3) + __builtin_shufflevector(half, half, 4, 5, 6, 7);
#elif SINAPSE_WIDTH == 8
  return __builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7);
#else
  return v;
#endif
}

/** The energy of a tile and of its middle pixels, summed while its channels are read, a vector at a time. */
class TileEnergy {
  const f32 *middle_[4];
  vf all_ = {}, parts_[4] = {};

public:
  /** @param pixel gives the address of the pixel in a row and column of the tile */
  template <class Pixel>
  __attribute__((always_inline)) TileEnergy(const Middles &rows, const Middles &columns, const Pixel &pixel)
      : middle_{pixel(rows.first, columns.first), pixel(rows.first, columns.last), pixel(rows.last, columns.first), pixel(rows.last, columns.last)} {}
  /** Adds a value that a transform reads. One sum: a second one would need a register that the transform uses. */
  __attribute__((always_inline)) vf pass(vf value) {
    all_ = fma(value, value, all_);
    return value;
  }
  /** Adds the channels of the middle pixels from c on. */
  template <class Read> __attribute__((always_inline)) void add_middles(i64 c, const Read &read) {
    SINAPSE_UNROLL for (int i = 0; i < 4; i++) {
      const vf value = read(middle_[i] + c);
      parts_[i] = fma(value, value, parts_[i]);
    }
  }
  /** Whether the tile has much more energy than one of its middle pixels. */
  __attribute__((always_inline)) bool suspicious() const {
    const v4 all = fold(all_);
    const vf ab = interleave_low(parts_[0], parts_[1]) + interleave_high(parts_[0], parts_[1]);
    const vf cd = interleave_low(parts_[2], parts_[3]) + interleave_high(parts_[2], parts_[3]);
    const v4 parts = fold(pairs_low(ab, cd) + pairs_high(ab, cd));
    f32 least = parts[0];
    for (int i = 1; i < 4; i++) least = minimum(least, parts[i]);
    return outweighs(all[0] + all[1] + all[2] + all[3], least, SPREAD);
  }
};

/** Whether a suspicious tile has much more energy than most pixels of one of its windows. */
template <int OUT> __attribute__((noinline)) bool is_uneven(const Pass &p, const WinogradTile &tile) {
  constexpr int SIZE = OUT + 2;
  f32 energy[SIZE][SIZE], all = 0;
  for (i64 u = 0; u < SIZE; u++)
    for (i64 v = 0; v < SIZE; v++) {
      const i64 y = p.origin_y + tile.row + u, x = p.origin_x + tile.column + v;
      energy[u][v] = -1; // outside the image
      if (y < 0 || y >= p.height || x < 0 || x >= p.width) continue;
      vf parts{};
      const f32 *pixel = p.x + ((tile.image * p.height + y) * p.width + x) * p.pixel;
      for_each_vector(pixel, p.channels, [&](vf value, i64, i64) __attribute__((always_inline)) { parts = fma(value, value, parts); });
      const v4 sums = fold(parts);
      all += energy[u][v] = sums[0] + sums[1] + sums[2] + sums[3];
    }
  if (!(all <= MOST_ENERGY)) return true;
  // 1 for a pixel with enough energy, -1 for one without: most pixels of a window have enough where the sum is positive.
  int vote[SIZE][SIZE];
  for (int u = 0; u < SIZE; u++)
    for (int v = 0; v < SIZE; v++) vote[u][v] = energy[u][v] < 0 ? 0 : all <= WINDOW_SPREAD * energy[u][v] ? 1 : -1;
  for (i64 i = 0; i < minimum<i64>(OUT, p.out_height - tile.row); i++)
    for (i64 j = 0; j < minimum<i64>(OUT, p.out_width - tile.column); j++) {
      int votes = 0;
      for (i64 u = 0; u < 3; u++)
        for (i64 v = 0; v < 3; v++) votes += vote[i + u][j + v];
      if (votes <= 0) return true;
    }
  return false;
}

} // namespace SINAPSE_ISA
