// Shared by recurrent networks over whole sequences: the product of each step with the recurrent weights, which are packed once for all steps, and the
// cells of a block of units right after it, while their sums are in the caches.
#pragma once
#include "gemm/gemm.h"
#include "recurrent/cell.h"

namespace SINAPSE_ISA {

/** Sizes of a sequence, and where each example ends. Arrays of all steps are [steps, batch, ...]. */
struct Sequence {
  i64 steps, batch, units;
  bool reverse;
  /** int32 [batch], or null. */
  const i32 *lengths;

  explicit Sequence(Arguments &arguments) {
    steps = arguments.integer(), batch = arguments.integer(), units = arguments.integer();
    reverse = arguments.flag();
    lengths = arguments.pointer<const i32>();
  }

  bool has(i64 t, i64 row) const { return lengths == nullptr || t < lengths[row]; }
  /** The step that is computed at this turn, forwards or (of a gradient) backwards. */
  i64 step(i64 turn, bool backwards) const { return reverse != backwards ? steps - 1 - turn : turn; }
  /** The state before step t: the initial one, or that of a neighbouring step. */
  const f32 *before(const f32 *states, const f32 *initial, i64 t) const {
    const i64 earlier = reverse ? t + 1 : t - 1;
    return earlier < 0 || earlier >= steps ? initial : states + earlier * batch * units;
  }
};

/** Some rows of a batch and some of its units. */
struct UnitBlock {
  Range rows, units;

  /** Calls body(Units, row) for all units of all rows, a vector at a time. */
  template <int GATES, class Body> void each(i64 of_units, const Body &body) const {
    for (i64 row = rows.begin; row < rows.end; row++)
      for (i64 unit = units.begin; unit < units.end; unit += WIDTH)
        body(Units{row * of_units + unit, row * GATES * of_units + unit, of_units, minimum<i64>(WIDTH, units.end - unit)}, row);
  }
};

/** Rows of a block of units: a few tiles. */
constexpr i64 SEQUENCE_ROWS = 4 * TILE_ROWS;

/** The walk over blocks of units, for steps without a product. */
template <class Then> inline void for_each_block(i64 batch, i64 units, const Then &then) {
  const Cut rows{batch, ceil_div(batch, SEQUENCE_ROWS)}, columns{ceil_div(units, TILE_COLUMNS), ceil_div(units, TILE_COLUMNS)};
  parallel(rows.count * columns.count, [&](i64 task, int) {
    const i64 unit = task % columns.count * TILE_COLUMNS;
    then(UnitBlock{rows[task / columns.count], {unit, minimum(unit + TILE_COLUMNS, units)}});
  });
}

/**
 * The product of every step: C[batch, groups * units] = A B + bias + residual, for a B that stays the same. Columns of C come in `groups` of `units`.
 * For many rows B is packed once, each group by itself, so that a block of units has its columns of all groups; a few rows read B where it lies.
 */
class StepProduct {
  /** The product of the first group. A, C and the epilogue are those of a step. */
  Gemm one_;
  i64 groups_, group_step_;
  bool packs_;
  Tiling tiling_;
  f32 *packed_ = nullptr;

  i64 group_size() const { return tiling_.panels * TILE_COLUMNS * one_.k; }
  Gemm group(i64 index) const {
    Gemm g = one_;
    g.b += index * group_step_;
    return g;
  }

public:
  /** B is [k, groups * units], or transposed [units, k] for one group. */
  StepProduct(i64 batch, i64 units, i64 groups, i64 k, const f32 *b, bool transposed, i64 steps, Scratch &scratch)
      : one_{batch, units, k, nullptr, k, false, b, transposed ? k : groups * units, transposed, nullptr, groups * units}, groups_(groups),
        group_step_(units), packs_(batch > FEW_ROWS && steps > 1), tiling_(one_) {
    if (!packs_) return;
    packed_ = scratch.floats(groups * group_size());
    const i64 depths = tiling_.depths.count;
    parallel(groups * depths, [&](i64 task, int) {
      const Range steps_of_k = tiling_.depths[task % depths];
      pack_panels(group(task / depths), {0, tiling_.panels}, steps_of_k,
                  packed_ + task / depths * group_size() + steps_of_k.begin * tiling_.panels * TILE_COLUMNS);
    });
  }

  /** Computes C for one step, and calls then(block) for every block of units, whose columns of C are done. */
  template <class Then> void run(const f32 *a, f32 *c, const f32 *bias, const f32 *residual, const Then &then) const {
    Epilogue epilogue;
    epilogue.bias = bias;
    epilogue.residual = residual;
    epilogue.residual_stride = one_.ldc;
    if (!packs_) {
      Gemm all = one_;
      all.a = a, all.c = c, all.n = one_.ldc;
      gemm(all, epilogue);
      for_each_block(one_.m, one_.n, then);
      return;
    }
    const Cut rows{tiling_.rows.count, ceil_div(one_.m, SEQUENCE_ROWS)};
    parallel(rows.count * tiling_.panels, [&](i64 task, int) {
      const Range tiles = rows[task / tiling_.panels];
      const i64 panel = task % tiling_.panels;
      for (i64 index = 0; index < groups_; index++) {
        Gemm g = group(index);
        g.a = a, g.c = c + index * one_.n;
        const Epilogue part = epilogue.at(0, index * one_.n);
        for (i64 depth = 0; depth < tiling_.depths.count; depth++) {
          const Range steps = tiling_.depths[depth];
          const f32 *b = packed_ + index * group_size() + steps.begin * tiling_.panels * TILE_COLUMNS;
          multiply_block(g, tiling_.rows, tiles, {panel, panel + 1}, steps, nullptr, packed_panels(g, {0, tiling_.panels}, steps, b), depth > 0,
                         depth + 1 == tiling_.depths.count ? &part : nullptr);
        }
      }
      then(UnitBlock{{tiling_.rows.start(tiles.begin), tiling_.rows.start(tiles.end)},
                     {panel * TILE_COLUMNS, minimum((panel + 1) * TILE_COLUMNS, one_.n)}});
    });
  }
};

/**
 * Goes back through a sequence. `cell(t, block, d)` is given the gradient d of the states of step t and writes that of its sums, and if the state has
 * other ways back than the sums, `direct` [batch, units]. The state's gradient of the step before is dsums weight^T + direct + dstates.
 * For an example without step t, cell writes what is given to it, or zeros, as gradient of the sums, and d goes on unchanged.
 */
template <int GATES, class Cell>
inline void sequence_gradient(const Sequence &s, const f32 *weight, const f32 *dstates, const f32 *dsums, f32 *direct, f32 *dh, Scratch &scratch,
                              const Cell &cell) {
  const i64 size = s.batch * s.units;
  const StepProduct product(s.batch, s.units, 1, GATES * s.units, weight, true, s.steps, scratch);
  f32 *now = scratch.floats(size), *next = scratch.floats(size);
  for_each_block(s.batch, s.units, [&](const UnitBlock &block) { cell(s.step(0, true), block, dstates + s.step(0, true) * size); });
  const f32 *d = dstates + s.step(0, true) * size;
  for (i64 turn = 0; turn < s.steps; turn++) {
    const i64 t = s.step(turn, true);
    const bool last = turn + 1 == s.steps;
    const i64 before = last ? 0 : s.step(turn + 1, true);
    f32 *const to = last ? dh : next;
    product.run(dsums + t * GATES * size, to, nullptr, last ? nullptr : dstates + before * size, [&](const UnitBlock &block) {
      if (direct != nullptr || s.lengths != nullptr)
        block.each<1>(s.units, [&](const Units &at, i64 row) {
          const f32 *kept = !s.has(t, row) ? d : direct;
          if (kept != nullptr) at.set_state(to, at.state(to) + at.state(kept));
        });
      if (!last) cell(before, block, to);
    });
    d = next;
    f32 *const free = now;
    now = next, next = free;
  }
}

} // namespace SINAPSE_ISA
