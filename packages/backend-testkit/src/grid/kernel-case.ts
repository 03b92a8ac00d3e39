// One case: a call of a kernel. And grids, from which cases come.

import type { Attrs, DType, FloatProperties, Inputs, KernelName, Scalars } from '@sinapse/core';
import { formatShape, randomKey } from '@sinapse/core';
import type { Parameters } from './covering.ts';
import { coveringRows } from './covering.ts';
import { isAsked } from './kept.ts';
import { entriesOf } from './slots.ts';
import type { HostTensor, ValueClass } from './values.ts';
import { hasClass, Values } from './values.ts';

/** The arguments of a kernel call. */
export interface Draft<K extends KernelName> {
  readonly inputs: Inputs<K, HostTensor>;
  readonly attrs: Attrs<K>;
  readonly scalars: Scalars<K>;
  /** Whether outputs take over the storage of the inputs that the kernel's `donates` names. */
  readonly donated?: boolean;
}

export interface KernelCase<K extends KernelName = KernelName> extends Draft<K> {
  readonly kernel: K;
  readonly values: ValueClass;
  /** Whether inputs are views into the middle of larger storages. */
  readonly views: boolean;
  /** Its index in the kernel's grid. Index and seed are enough to make the case again. */
  readonly index: number;
  readonly seed: number;
}

/** What a grid may contain. */
export interface Grid {
  readonly seed: number;
  readonly full: boolean;
  readonly dtypes: readonly DType[];
  readonly offsets: boolean;
  readonly integerLimit: number;
  readonly floats: FloatProperties;
  /** The most cases for one kernel. */
  readonly limit: number;
}

/** What the tensors of a case hold. It is one parameter of the grid, so that pairs combine every op with every class of every dtype. */
export interface Content {
  readonly dtype: DType;
  readonly values: ValueClass;
}

/** All pairs of a given dtype that the backend has and a given class that the dtype has. */
export function contentsOf(grid: Grid, dtypes: readonly DType[], classes: readonly ValueClass[]): Content[] {
  const own = dtypes.filter((dtype) => grid.dtypes.includes(dtype));
  return own.flatMap((dtype) => classes.filter((values) => hasClass(dtype, values)).map((values) => ({ dtype, values })));
}

/** The contents for a kernel that takes only float32. */
export function floats(classes: readonly ValueClass[]): Content[] {
  return classes.map((values) => ({ dtype: 'float32', values }));
}

/** How a kernel's grid is made. */
export interface GridPlan<K extends KernelName, Row extends object> {
  readonly contents: readonly Content[];
  readonly parameters: Parameters<Row>;
  /** Refuses rows that make no sense. */
  readonly allowed?: (row: Row & Content) => boolean;
  readonly build: (row: Row & Content, values: Values) => Draft<K>;
}

/** A kernel's cases, made as they are asked for. */
export type Cases<K extends KernelName> = Iterable<KernelCase<K>>;

/** The cases of one kernel: all pairs of its parameters' values, all triples in the full grid. */
export function* gridCases<K extends KernelName, Row extends object>(
  grid: Grid,
  kernel: K,
  { contents, parameters, allowed = () => true, build }: GridPlan<K, Row>,
): Generator<KernelCase<K>, void, undefined> {
  const key = randomKey(grid.seed).fold(kernel);
  const all = { ...parameters, content: contents, views: grid.offsets ? [false, true] : [false] };
  const rows = coveringRows(all as unknown as Parameters<Row & { content: Content; views: boolean }>, grid.full ? 3 : 2, key, (row) =>
    allowed({ ...row, ...row.content }),
  );
  let index = 0;
  for (const row of rows) {
    if (index >= grid.limit) return;
    const draft = build({ ...row, ...row.content }, new Values(key.fold(index), grid));
    const { content, views } = row;
    if (isAsked(grid.floats, { ...content, kernel, scalars: draft.scalars }))
      yield { ...draft, kernel, values: content.values, views, index, seed: grid.seed };
    index++;
  }
}

/** The case on one line, with all that is needed to run it again. */
export function describeCase({ kernel, inputs, attrs, scalars, donated, values, views, index, seed }: KernelCase): string {
  const specs = entriesOf<HostTensor>(inputs).map(({ name, value }) => `${name} ${value.dtype}${formatShape(value.shape)}`);
  const how = [`values ${values}`, ...(views ? ['views'] : []), ...(donated === true ? ['donated'] : []), `seed ${seed}`, `case ${index}`];
  return `${kernel}(${specs.join(', ')}) attrs ${JSON.stringify(attrs)} scalars ${formatScalars(scalars)} ${how.join(', ')}`;
}

/** Like JSON, but with NaN, infinities and -0. */
function formatScalars(scalars: object): string {
  const entries = Object.entries(scalars).map(([name, value]) => `${name}: ${Object.is(value, -0) ? '-0' : String(value)}`);
  return `{${entries.join(', ')}}`;
}
