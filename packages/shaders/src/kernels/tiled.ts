// Products of matrices in the memory of workgroups: 64 threads load a tile of each matrix once and compute 32 rows by 32 columns from them, each
// thread four by four. The tiles are those of a matrix product on graphics processors in general (Volkov, Demmel 2008); 32 of the inner size at a time.

import type { View } from '@sinapse/core';
import type { Parameters, Pass } from '../pass.ts';

/**
 * How a matrix lies. `alongInner`: a texel has four neighbours of the inner size, and rows of such texels lie behind one another. `alongOuter`: a texel has
 * four rows of the product, or four columns, and the inner size goes from one row of texels to the next.
 */
type Layout = 'alongInner' | 'alongOuter';

export interface TiledProduct {
  readonly key: string;
  readonly a: View;
  readonly b: View;
  readonly parts: readonly View[];
  readonly layouts: readonly [Layout, Layout];
  /**
   * `rows4`, `columns4`: texels of the product; `inner`: the inner size, a multiple of four along which texels lie; `aOuter`, `bOuter`: rows of a matrix
   * that lies `alongInner`; `aBatch`, `bBatch`: texels between matrices; `each`, `chunks`: the inner size in parts.
   */
  readonly parameters: Parameters;
  /** Products in the batch, chunks counted. */
  readonly batch: number;
}

const TILE = 8; // texels, and threads, on a side
const FOUR = [0, 1, 2, 3];
const four = (code: (k: number) => string): string => FOUR.map(code).join('\n');

/** Loads a tile of matrix number `input`. In memory, a row of eight texels belongs to eight neighbouring threads. */
function load(input: 0 | 1, layout: Layout, tile: string, outer4: string): string {
  const [memory, side] = input === 0 ? ['tileA', 'a'] : ['tileB', 'b'];
  if (layout === 'alongInner')
    return `u32 ${side}Outer = ${tile} * 32u + (at >> 3u);
u32 ${side}Texel = (begin >> 2u) + (at & 7u);
${memory}[(((at >> 3u) & 3u) * 8u + (at & 7u)) * 8u + (at >> 5u)] = vec4f(0.0);
if (${side}Outer < $${side}Outer && ${side}Texel < ($inner >> 2u)) {
${memory}[(((at >> 3u) & 3u) * 8u + (at & 7u)) * 8u + (at >> 5u)] = asFloat4(v${input}(${side}First + ${side}Outer * ($inner >> 2u) + ${side}Texel));
}`;
  return `u32 ${side}Inner = begin + (at >> 3u);
u32 ${side}Texel = ${tile} * 8u + (at & 7u);
${memory}[at] = vec4f(0.0);
if (${side}Inner < last && ${side}Texel < ${outer4}) {
${memory}[at] = asFloat4(v${input}(${side}First + ${side}Inner * ${outer4} + ${side}Texel));
}`;
}

const aRows = four((j) => `vec4f a${j} = tileA[(${j}u * 8u + k) * 8u + y];`);

/** Four sums of four columns each, from the tiles. */
function multiply([left, right]: readonly [Layout, Layout]): string {
  if (left === 'alongOuter')
    return `for (u32 k = 0u; k < 32u; k += 1u) {
vec4f a = tileA[k * 8u + y];
vec4f b = tileB[k * 8u + x];
s0 += a.x * b;
s1 += a.y * b;
s2 += a.z * b;
s3 += a.w * b;
}`;
  const [bRows, sum] =
    right === 'alongOuter'
      ? [
          four((n) => `vec4f b${n} = tileB[(4u * k + ${n}u) * 8u + x];`),
          (j: number) => `s${j} += a${j}.x * b0 + a${j}.y * b1 + a${j}.z * b2 + a${j}.w * b3;`,
        ]
      : [
          four((n) => `vec4f b${n} = tileB[(${n}u * 8u + k) * 8u + x];`),
          (j: number) => `s${j} += vec4f(dot(a${j}, b0), dot(a${j}, b1), dot(a${j}, b2), dot(a${j}, b3));`,
        ];
  return `for (u32 k = 0u; k < 8u; k += 1u) {\n${aRows}\n${bRows}\n${four(sum)}\n}`;
}

/** The pass of a product in four parts; part j has the rows 4 k + j. */
export function tiledPass({ key, a, b, parts, layouts, parameters, batch }: TiledProduct): Pass {
  const across = Math.ceil(parameters['columns4']! / TILE);
  const down = Math.ceil(parameters['rows4']! / TILE);
  return {
    key: `${key} in tiles`,
    outputs: parts,
    inputs: [a, b],
    aligned: [0, 1],
    unit: 'tile',
    tiles: across * down * batch,
    parameters: { each: parameters['inner']!, chunks: 1, ...parameters, across, down },
    baked: true,
    code: () => `var<workgroup> tileA: array<vec4f, 256>;
var<workgroup> tileB: array<vec4f, 256>;
void tile(u32 group, u32 thread) {
u32 x = thread & 7u;
u32 y = thread >> 3u;
u32 tileX = group % $across;
u32 tileY = (group / $across) % $down;
u32 batch = group / ($across * $down);
u32 first = batch % $chunks * $each;
u32 last = min(first + $each, $inner);
u32 aFirst = batch / $chunks * $aBatch;
u32 bFirst = batch / $chunks * $bBatch;
${four((j) => `vec4f s${j} = vec4f(0.0);`)}
for (u32 begin = first; begin < last; begin += 32u) {
for (u32 at = thread; at < 256u; at += 64u) {
${load(0, layouts[0], 'tileY', '$rows4')}
${load(1, layouts[1], 'tileX', '$columns4')}
}
workgroupBarrier();
${multiply(layouts)}
workgroupBarrier();
}
u32 row = tileY * 8u + y;
u32 column = tileX * 8u + x;
if (row < $rows4 && column < $columns4) {
u32 at = (batch * $rows4 + row) * $columns4 + column;
${four((j) => `put${j}(at, asWord4(s${j}));`)}
}
}
`,
  };
}
