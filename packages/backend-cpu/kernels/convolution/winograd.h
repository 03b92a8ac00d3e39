// 3x3 convolution with stride 1 by Winograd's algorithm (see winograd_transforms.h): F(4x4, 3x3) takes 36 multiplications for 16 results instead of
// 144, F(2x2, 3x3) 16 for 4 instead of 36. Blocks of tiles are transformed, multiplied by the transformed filter (one matrix product for each
// position in a tile), and transformed back into y.
#pragma once
#include "base/host.h"
#include "convolution/winograd_direct.h"

namespace SINAPSE_ISA {

/**
 * Transforms the image under tiles [tiles.begin, tiles.end) of a block that begins at tile `first`, for all channels. `zeros` is one pixel of zeros.
 * Says in `uneven` which tiles are to be computed directly (winograd_range.h), and returns how many.
 */
template <int OUT>
inline i64 transform_image(const Pass &p, const WinogradPlan<OUT> &plan, i64 first, Range tiles, const f32 *zeros, f32 *to, u8 *uneven) {
  constexpr int SIZE = OUT + 2;
  const auto line = [](const vf(&d)[SIZE], vf(&t)[SIZE]) __attribute__((always_inline)) { Winograd<OUT>::image(d, t); };
  const isize position = static_cast<isize>(plan.image_position);
  i64 count = 0;
  for (i64 i = tiles.begin; i < tiles.end; i++) {
    const WinogradTile tile = winograd_tile(plan, first + i);
    const i64 y = p.origin_y + tile.row, x = p.origin_x + tile.column;
    const f32 *corner = p.x + ((tile.image * p.height + y) * p.width + x) * p.pixel;
    f32 *row = to + i * plan.image_row;
    const isize pixel = static_cast<isize>(p.pixel), down = static_cast<isize>(p.width * p.pixel);
    const auto put = [&](f32 *at) {
      return [at, position](int u, int v, vf value) __attribute__((always_inline)) { store(at + (u * SIZE + v) * position, value); };
    };
    TileEnergy energy({minimum<i64>(OUT, p.out_height - tile.row), y < 0}, {minimum<i64>(OUT, p.out_width - tile.column), x < 0},
                      [&](i64 u, i64 v) { return corner + u * down + v * pixel; });
    const auto judge = [&]() __attribute__((always_inline)) {
      uneven[first + i] = energy.suspicious() && is_uneven<OUT>(p, tile);
      count += uneven[first + i];
    };
    i64 c = 0;
    if (y >= 0 && x >= 0 && y + SIZE <= p.height && x + SIZE <= p.width) {
      for (; c + WIDTH <= p.channels; c += WIDTH) {
        const f32 *from = corner + c;
        transform_square<SIZE, SIZE>(line, [&](int u, int v) __attribute__((always_inline)) { return energy.pass(load(from + u * down + v * pixel)); }, put(row + c));
        energy.add_middles(c, load);
      }
    }
    if (c == p.channels) {
      judge();
      continue;
    }
    const f32 *at[SIZE][SIZE];
    for (int u = 0; u < SIZE; u++)
      for (int v = 0; v < SIZE; v++) {
        const bool inside = y + u >= 0 && y + u < p.height && x + v >= 0 && x + v < p.width;
        at[u][v] = inside ? corner + u * down + v * pixel : zeros;
      }
    for (; c + WIDTH <= p.channels; c += WIDTH) {
      transform_square<SIZE, SIZE>(line, [&](int u, int v) __attribute__((always_inline)) { return energy.pass(load(at[u][v] + c)); }, put(row + c));
      energy.add_middles(c, load);
    }
    if (c < p.channels) {
      const i64 rest = p.channels - c;
      transform_square<SIZE, SIZE>(line, [&](int u, int v) __attribute__((always_inline)) { return energy.pass(load_part(at[u][v] + c, rest)); }, put(row + c));
      energy.add_middles(c, [rest](const f32 *from) __attribute__((always_inline)) { return load_part(from, rest); });
    }
    judge();
  }
  return count;
}

/** The products of some positions of a block of `tiles` tiles, for a range of panels. */
template <int OUT>
inline void multiply_positions(const Pass &p, const WinogradPlan<OUT> &plan, i64 tiles, Range positions, Range panels, const f32 *image, f32 *result) {
  const Cut rows{tiles, ceil_div(tiles, TILE_ROWS)}, depths{p.channels, ceil_div(p.channels, 1024)};
  TileCall call;
  call.a_stride = static_cast<isize>(plan.image_row);
  call.result.ldc = static_cast<isize>(plan.result_row);
  call.result.epilogue = nullptr;
  for (i64 position = positions.begin; position < positions.end; position++)
    for (i64 depth = 0; depth < depths.count; depth++)
      for (i64 panel = panels.begin; panel < panels.end; panel++) {
        const i64 column = panel * TILE_COLUMNS, first = depths.start(depth);
        const int vectors = static_cast<int>(ceil_div(minimum<i64>(TILE_COLUMNS, p.filters - column), WIDTH));
        call.b_stride = vectors * WIDTH;
        call.b = p.panels + position * panels_size(p.channels, p.filters) + column * p.channels + first * call.b_stride;
        call.steps = static_cast<isize>(depths.start(depth + 1) - first);
        call.result.columns = call.b_stride;
        call.result.accumulate = depth > 0;
        const bool more = panel + 1 < panels.end && (panel + 2) * TILE_COLUMNS <= p.filters;
        Ahead ahead(more ? call.b + TILE_COLUMNS * p.channels : nullptr, call.steps * TILE_COLUMNS, rows.count * Ahead::turns(call.steps));
        call.ahead = &ahead;
        for (i64 t = 0, row = 0, next; t < rows.count; t++, row = next) {
          next = rows.start(t + 1);
          call.a = image + position * plan.image_position + row * plan.image_row + first;
          call.result.c = result + position * plan.result_position + row * plan.result_row + column;
          multiply(false, static_cast<int>(next - row), vectors, call);
        }
      }
}

/**
 * Transforms one vector of a tile back into y, through the epilogue. `from` is the tile's position 0, `at` the offset of its corner in y, where
 * `height` rows and `width` columns lie inside y. WHOLE: tile and vector are complete, and the activation is linear or relu.
 */
template <int OUT, bool WHOLE>
__attribute__((always_inline)) inline void transform_back(const Pass &p, const f32 *from, isize position, isize at, vf bias, int height, int width,
                                                          i64 filters) {
  constexpr int SIZE = OUT + 2;
  const Epilogue &epilogue = p.epilogue;
  const isize row = static_cast<isize>(p.out_row), pixel = static_cast<isize>(p.out_pixel);
  const vf floor = splat(epilogue.activation == RELU ? 0 : -__builtin_inff());
  transform_square<SIZE, OUT>(
      [](const vf(&m)[SIZE], vf(&y)[OUT]) __attribute__((always_inline)) { Winograd<OUT>::result(m, y); },
      [&](int u, int v) __attribute__((always_inline)) { return load(from + (u * SIZE + v) * position); },
      [&](int u, int v, vf value) __attribute__((always_inline)) {
        const isize to = at + u * row + v * pixel;
        value += bias;
        if (WHOLE) {
          if (epilogue.residual != nullptr) value += load(epilogue.residual + to);
          store(p.y + to, larger(floor, value));
        } else if (u < height && v < width) {
          const bool full = filters >= WIDTH;
          if (epilogue.residual != nullptr) value += full ? load(epilogue.residual + to) : load_part(epilogue.residual + to, filters);
          value = activate(epilogue.activation, value, splat(epilogue.alpha));
          if (full) store(p.y + to, value);
          else store_part(p.y + to, value, filters);
        }
      });
}

/** Transforms the tiles of a block that are not uneven back into y. */
template <int OUT>
inline void transform_result(const Pass &p, const WinogradPlan<OUT> &plan, i64 first, Range tiles, const f32 *result, const u8 *uneven) {
  const Epilogue &epilogue = p.epilogue;
  const isize position = static_cast<isize>(plan.result_position);
  for (i64 i = tiles.begin; i < tiles.end; i++) {
    if (uneven[first + i]) continue;
    const WinogradTile tile = winograd_tile(plan, first + i);
    const isize corner = static_cast<isize>(tile.image * p.out_image + tile.row * p.out_row + tile.column * p.out_pixel);
    const f32 *from = result + i * plan.result_row;
    const int height = static_cast<int>(minimum<i64>(OUT, p.out_height - tile.row));
    const int width = static_cast<int>(minimum<i64>(OUT, p.out_width - tile.column));
    isize f = 0;
    if (height == OUT && width == OUT && (epilogue.activation == LINEAR || epilogue.activation == RELU))
      for (; f + WIDTH <= p.filters; f += WIDTH)
        transform_back<OUT, true>(p, from + f, position, corner + f, epilogue.bias == nullptr ? vf{} : load(epilogue.bias + f), OUT, OUT, WIDTH);
    for (; f < p.filters; f += WIDTH) {
      const i64 rest = p.filters - f;
      const vf bias = epilogue.bias == nullptr ? vf{} : rest < WIDTH ? load_part(epilogue.bias + f, rest) : load(epilogue.bias + f);
      transform_back<OUT, false>(p, from + f, position, corner + f, bias, height, width, rest);
    }
  }
}

/** Fills y but for uneven tiles. Adds their number to that of the thread that finds them. */
template <int OUT> inline void convolve_even_tiles(const Pass &p, const WinogradPlan<OUT> &plan, u8 *uneven, i64 *found) {
  const i64 panels = ceil_div(p.filters, TILE_COLUMNS), blocks = plan.blocks.count, copies = blocks > 1 ? thread_count() : 1;
  Scratch scratch;
  f32 *zeros = scratch.floats(plan.image_row);
  __builtin_memset(zeros, 0, plan.image_row * 4);
  f32 *images = scratch.floats(plan.image_size() * copies), *results = scratch.floats(plan.result_size() * copies);
  if (blocks > 1)
    return parallel(blocks, [&](i64 block, int thread) {
      const i64 first = plan.blocks.start(block), tiles = plan.blocks.start(block + 1) - first;
      f32 *image = images + thread * plan.image_size(), *result = results + thread * plan.result_size();
      found[thread] += transform_image(p, plan, first, {0, tiles}, zeros, image, uneven);
      multiply_positions(p, plan, tiles, {0, plan.POSITIONS}, {0, panels}, image, result);
      transform_result(p, plan, first, {0, tiles}, result, uneven);
    });
  const i64 tiles = plan.blocks.length, groups = minimum(panels, ceil_div(tiles * p.channels * p.filters, plan.PART));
  const Cut cut{panels, groups};
  parallel_ranges(tiles, ceil_div(plan.TRANSFORM, p.channels), [&](i64 begin, i64 end, int thread) {
    found[thread] += transform_image(p, plan, 0, {begin, end}, zeros, images, uneven);
  });
  parallel(plan.POSITIONS * groups, [&](i64 task, int) {
    const i64 position = task / groups, group = task % groups;
    multiply_positions(p, plan, tiles, {position, position + 1}, {cut.start(group), cut.start(group + 1)}, images, results);
  });
  parallel_ranges(tiles, ceil_div(plan.TRANSFORM, p.filters),
                  [&](i64 begin, i64 end, int) { transform_result(p, plan, 0, {begin, end}, results, uneven); });
}

/** A pass with one group, stride and dilation 1, a 3x3 filter that winograd_filter.h found even, and a dense y. */
template <int OUT> inline void convolve_winograd(const Pass &p, const Original &filter) {
  if (p.batch * p.out_height * p.out_width * p.filters == 0) return;
  const WinogradPlan<OUT> plan(p);
  Scratch scratch;
  u8 *uneven = scratch.take<u8>(plan.blocks.length);
  i64 *found = scratch.take<i64>(thread_count()), all = 0;
  for (int thread = 0; thread < thread_count(); thread++) found[thread] = 0;
  convolve_even_tiles(p, plan, uneven, found);
  for (int thread = 0; thread < thread_count(); thread++) all += found[thread];
  if (all > 0) convolve_uneven_tiles(p, plan, uneven, all, filter);
}

} // namespace SINAPSE_ISA
