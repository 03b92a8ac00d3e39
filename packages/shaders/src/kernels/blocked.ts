// Products of matrices in blocks: an item computes four rows by four columns, a row to each of four outputs, from texels of four words. Where
// workgroups have memory that is worth using, they share what they read.

import type { View } from '@sinapse/core';
import { specOf } from '@sinapse/core';
import type { ShaderDevice } from '../pass.ts';
import type { Finish } from './finish.ts';
import { NOTHING } from './finish.ts';
import { tiledPass } from './tiled.ts';

/** How many matrices of one size lie behind one another; their rows lie behind one another, too. */
export interface Matrices {
  readonly view: View;
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
}

/** A product in four parts: part j has the rows 4 k + j, k = 0, 1, …, of every matrix, with columns up to a multiple of four. */
export interface Product {
  readonly parts: readonly View[];
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
}

/** Multiply-accumulate operations from which a product in blocks is faster than one word by word. */
export const BLOCKED_FROM = 1024;

export const fours = (n: number): number => Math.ceil(n / 4);

const PARTS = [0, 1, 2, 3];

/** Statements for each of the four rows of a block. */
const each = (code: (row: number) => string): string => PARTS.map(code).join('\n');

const START = each((j) => `vec4f s${j} = vec4f(0.0);`);
const END = each((j) => `r${j} = asWord4(s${j});`);

/** The matrices with rows and columns up to multiples, the new ones zero; the view itself where nothing is to be added. */
export function padded<T>(device: ShaderDevice, { view, batch, rows, columns }: Matrices, rowsBy: 1 | 4, body: (view: View) => T): T {
  const toRows = rowsBy === 4 ? 4 * fours(rows) : rows;
  const toColumns = 4 * fours(columns);
  if (toRows === rows && toColumns === columns && device.aligned(view)) return body(view);
  return device.scratch(specOf('float32', [batch, toRows, toColumns]), (whole) => {
    device.run({
      key: 'padded matrices',
      outputs: [whole],
      inputs: [view],
      parameters: { rows, columns, toRows, toColumns },
      baked: true,
      code: () => `void word(u32 i) {
u32 column = i % $toColumns;
u32 row = (i / $toColumns) % $toRows;
r0 = 0u;
if (row < $rows && column < $columns) { r0 = x0((i / ($toColumns * $toRows) * $rows + row) * $columns + column); }
}
`,
    });
    return body(whole);
  });
}

/** Gives `body` the product of a [rows, inner] and b [inner, columns], whose inner size and columns of b are multiples of four. A single b serves all of a. */
export function timesPlain<T>(device: ShaderDevice, a: Matrices, b: Matrices, body: (product: Product) => T): T {
  const parameters = { ...sizes(a.rows, b.columns), inner4: a.columns / 4, ...batches(a, b) };
  const batch = Math.max(a.batch, b.batch);
  return inParts(device, batch, a.rows, b.columns, (parts) => {
    const product = { parts, batch, rows: a.rows, columns: b.columns };
    if (device.workgroups === true) {
      const sized = { ...parameters, inner: a.columns, aOuter: a.rows };
      const layouts = ['alongInner', 'alongOuter'] as const;
      device.run(tiledPass({ key: 'product', a: a.view, b: b.view, parts, layouts, parameters: sized, batch }));
      return body(product);
    }
    device.run({
      key: 'product',
      outputs: parts,
      inputs: [a.view, b.view],
      aligned: [0, 1],
      unit: 'texel',
      parameters,
      baked: true,
      code: () => `void texel(u32 i) {
${BLOCK}u32 left = batch * $aBatch + 4u * block * $inner4;
u32 right = batch * $bBatch + column;
${START}
for (u32 k = 0u; k < $inner4; k += 1u) {
vec4f b0 = asFloat4(v1(right));
vec4f b1 = asFloat4(v1(right + $columns4));
vec4f b2 = asFloat4(v1(right + 2u * $columns4));
vec4f b3 = asFloat4(v1(right + 3u * $columns4));
${each((j) => `vec4f a${j} = asFloat4(v0(left + ${j}u * $inner4));\ns${j} += a${j}.x * b0 + a${j}.y * b1 + a${j}.z * b2 + a${j}.w * b3;`)}
left += 1u;
right += 4u * $columns4;
}
${END}
}
`,
    });
    return body(product);
  });
}

/** Gives `body` the product of a [rows, inner] and the transpose of b [columns, inner]. The inner size is a multiple of four. */
export function timesTransposed<T>(device: ShaderDevice, a: Matrices, b: Matrices, body: (product: Product) => T): T {
  const parameters = { ...sizes(a.rows, b.rows), inner4: a.columns / 4, ...batches(a, b) };
  const batch = Math.max(a.batch, b.batch);
  return inParts(device, batch, a.rows, b.rows, (parts) => {
    const product = { parts, batch, rows: a.rows, columns: b.rows };
    if (device.workgroups === true) {
      const sized = { ...parameters, inner: a.columns, aOuter: a.rows, bOuter: b.rows };
      const layouts = ['alongInner', 'alongInner'] as const;
      device.run(tiledPass({ key: 'product with a transpose', a: a.view, b: b.view, parts, layouts, parameters: sized, batch }));
      return body(product);
    }
    device.run({
      key: 'product with a transpose',
      outputs: parts,
      inputs: [a.view, b.view],
      aligned: [0, 1],
      unit: 'texel',
      parameters,
      baked: true,
      code: () => `void texel(u32 i) {
${BLOCK}u32 left = batch * $aBatch + 4u * block * $inner4;
u32 right = batch * $bBatch + 4u * column * $inner4;
${START}
for (u32 k = 0u; k < $inner4; k += 1u) {
${each((j) => `vec4f b${j} = asFloat4(v1(right + ${j}u * $inner4));`)}
${each((j) => `vec4f a${j} = asFloat4(v0(left + ${j}u * $inner4));\ns${j} += vec4f(dot(a${j}, b0), dot(a${j}, b1), dot(a${j}, b2), dot(a${j}, b3));`)}
left += 1u;
right += 1u;
}
${END}
}
`,
    });
    return body(product);
  });
}

/**
 * Gives `body` the product of the transpose of a [inner, rows] and b [inner, columns], whose columns are multiples of four, as the products of
 * `chunks` parts of the inner size: the batch has all those of the first pair of matrices, then all of the second. `joined` adds them.
 */
export function transposedTimes<T>(device: ShaderDevice, a: Matrices, b: Matrices, chunks: number, body: (product: Product) => T): T {
  const batch = Math.max(a.batch, b.batch);
  const inner = a.rows;
  const parameters = { ...sizes(a.columns, b.columns), inner, each: Math.ceil(inner / chunks), chunks, ...batches(a, b) };
  return inParts(device, batch * chunks, a.columns, b.columns, (parts) => {
    const product = { parts, batch: batch * chunks, rows: a.columns, columns: b.columns };
    if (device.workgroups === true) {
      const layouts = ['alongOuter', 'alongOuter'] as const;
      device.run(tiledPass({ key: 'product of a transpose', a: a.view, b: b.view, parts, layouts, parameters, batch: batch * chunks }));
      return body(product);
    }
    device.run({
      key: 'product of a transpose',
      outputs: parts,
      inputs: [a.view, b.view],
      aligned: [0, 1],
      unit: 'texel',
      parameters,
      baked: true,
      code: () => `void texel(u32 i) {
${BLOCK}u32 first = batch % $chunks * $each;
u32 left = batch / $chunks * $aBatch + first * $rows4 + block;
u32 right = batch / $chunks * $bBatch + first * $columns4 + column;
u32 last = min(first + $each, $inner);
${START}
for (u32 k = first; k < last; k += 1u) {
vec4f a = asFloat4(v0(left));
vec4f b = asFloat4(v1(right));
s0 += a.x * b;
s1 += a.y * b;
s2 += a.z * b;
s3 += a.w * b;
left += $rows4;
right += $columns4;
}
${END}
}
`,
    });
    return body(product);
  });
}

/** Into how many parts an inner size is split, so that rounding errors stay small and there is work for many. */
export function chunksOf(inner: number): number {
  return Math.min(64, Math.ceil(inner / 64));
}

/** Writes a product to a view [batch, rows, columns], the sum of each `chunks` of its matrices. */
export function joined(device: ShaderDevice, product: Product, y: View, chunks = 1, finish: Finish = NOTHING): void {
  const { parts, rows, columns } = product;
  const texels = columns % 4 === 0;
  const [unit, type] = texels ? (['texel', 'vec4f'] as const) : (['word', 'f32'] as const);
  const read = (j: number): string => (texels ? `asFloat4(v${j}(at >> 2u))` : `asFloat(x${j}(at))`);
  device.run({
    key: `joined ${unit} ${finish.key}`,
    outputs: [y],
    inputs: [...parts, ...finish.inputs],
    aligned: texels ? PARTS : [],
    unit,
    parameters: { rows, columns, rows4: fours(rows), wide: 4 * fours(columns), chunks },
    scalars: finish.scalars,
    baked: true,
    code: () => `${finish.code}void ${unit}(u32 i) {
u32 column = i % $columns;
u32 row = (i / $columns) % $rows;
u32 at = (i / ($columns * $rows) * $chunks * $rows4 + (row >> 2u)) * $wide + column;
${type} total = ${type}(0.0);
for (u32 k = 0u; k < $chunks; k += 1u) {
${PARTS.map((j) => `if ((row & 3u) == ${j}u) { total += ${read(j)}; }`).join('\n')}
at += $rows4 * $wide;
}
${
  texels
    ? 'vec4u v = asWord4(total);\nr0 = vec4u(finish(v.x, i, column), finish(v.y, i + 1u, column + 1u), finish(v.z, i + 2u, column + 2u), finish(v.w, i + 3u, column + 3u));'
    : 'r0 = finish(asWord(total), i, column);'
}
}
`,
  });
}

/** Splits item i of a part into the texel `column` of a row, the block of rows, and the number of the product. */
const BLOCK = `u32 column = (i >> 2u) % $columns4;
u32 block = ((i >> 2u) / $columns4) % $rows4;
u32 batch = (i >> 2u) / ($columns4 * $rows4);
`;

function sizes(rows: number, columns: number): Readonly<Record<string, number>> {
  return { rows4: fours(rows), columns4: fours(columns) };
}

/** Texels between matrices; 0 where one serves all. */
function batches(a: Matrices, b: Matrices): Readonly<Record<string, number>> {
  const step = ({ batch, rows, columns }: Matrices): number => (batch === 1 ? 0 : (rows * columns) / 4);
  return { aBatch: step(a), bBatch: step(b) };
}

function inParts<T>(device: ShaderDevice, batch: number, rows: number, columns: number, body: (parts: View[]) => T): T {
  const parts: View[] = [];
  const spec = specOf('float32', [batch, fours(rows), 4 * fours(columns)]);
  const next = (): T =>
    parts.length === 4
      ? body(parts)
      : device.scratch(spec, (view) => {
          parts.push(view);
          return next();
        });
  return next();
}
