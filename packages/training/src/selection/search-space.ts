// The values among which a search chooses: lists, and ranges of numbers.

import type { RandomKey } from '@sinapse/core';
import { RandomStream, SinapseError, check, checkOptions, shown, shownName } from '@sinapse/core';
import type { Json } from '../json.ts';
import { checkJson } from '../json.ts';

/** Numbers from `from` to `to`, both included. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
  /** With `log`, equal ratios are equally probable; `from` must then be above 0. Default `linear`. */
  readonly scale?: 'linear' | 'log';
  /** Whether the numbers are whole. Default false. */
  readonly integer?: boolean;
  /** How many of them a grid has, at equal distances or ratios. A grid needs it, other searches do not read it. */
  readonly points?: number;
}

/** For each parameter a list of values, which are JSON, or a range. */
export type SearchSpace = Readonly<Record<string, readonly Json[] | NumberRange>>;

/** One value for each parameter of a space. */
export type ParametersOf<Space> = { readonly [Name in keyof Space]: Space[Name] extends readonly (infer Value)[] ? Value : number };

const RANGE = {
  from: check.required(check.finite),
  to: check.required(check.finite),
  scale: check.oneOf(['linear', 'log']),
  integer: check.flag,
  points: check.count,
};

/** @throws SinapseError unless the value is a space; TrainingError when a choice is not JSON */
export function checkSpace(owner: string, space: unknown): asserts space is SearchSpace {
  if (typeof space !== 'object' || space === null || Array.isArray(space) || Object.keys(space).length === 0)
    throw new SinapseError(
      `${owner}: the space: expected lists of values and ranges by name, e.g. { units: [16, 32], rate: { from: 1e-4, to: 0.1, scale: 'log' } }, got ${shown(space)}`,
    );
  for (const [name, values] of Object.entries(space as SearchSpace)) checkValues(`${owner}: ${shownName(name)}`, values);
}

function checkValues(at: string, values: unknown): void {
  if (Array.isArray(values)) {
    if (values.length === 0) throw new SinapseError(`${at}: expected at least one value, got an empty list`);
    return checkJson(values, at);
  }
  if (typeof values !== 'object' || values === null)
    throw new SinapseError(`${at}: expected a list of values or a range { from, to }, got ${shown(values)}`);
  checkOptions(at, values, RANGE);
  const { from, to, scale, integer } = values as NumberRange;
  if (from > to) throw new SinapseError(`${at}: from: expected at most to, got ${from} and ${to}`);
  if (scale === 'log' && from <= 0) throw new SinapseError(`${at}: from: expected a number > 0 for the scale log, got ${from}`);
  if (integer === true && !(Number.isSafeInteger(from) && Number.isSafeInteger(to)))
    throw new SinapseError(`${at}: from and to: expected integers, got ${from} and ${to}`);
}

function isRange(values: SearchSpace[string]): values is NumberRange {
  return !Array.isArray(values);
}

/** All combinations of values; those of the last parameter follow one another. @throws SinapseError when a range has no `points` */
export function gridOf<Space extends SearchSpace>(owner: string, space: Space): ParametersOf<Space>[] {
  let combinations: Record<string, Json>[] = [{}];
  for (const [name, values] of Object.entries(space)) {
    const points = isRange(values) ? pointsOf(`${owner}: ${shownName(name)}`, values) : values;
    combinations = combinations.flatMap((one) => points.map((value) => ({ ...one, [name]: value })));
  }
  return combinations as ParametersOf<Space>[];
}

function pointsOf(at: string, { from, to, scale, integer = false, points }: NumberRange): number[] {
  if (points === undefined) throw new SinapseError(`${at}: points: a grid needs the number of points of a range`);
  const part = (i: number): number => (points === 1 ? 0.5 : i / (points - 1));
  const point = (i: number): number => {
    const value = scale === 'log' ? from * (to / from) ** part(i) : from + (to - from) * part(i);
    return integer ? Math.round(value) : value;
  };
  return [...new Set(Array.from({ length: points }, (_, i) => point(i)))];
}

/** Values drawn at random, which depend only on the key. Bergstra and Bengio 2012. */
export function drawFrom<Space extends SearchSpace>(space: Space, key: RandomKey): ParametersOf<Space> {
  const drawn = Object.entries(space).map(([name, values]) => {
    const stream = new RandomStream(key.fold(name));
    return [name, isRange(values) ? drawNumber(values, stream.uniform()) : values[stream.below(values.length)]!] as const;
  });
  return Object.fromEntries(drawn) as ParametersOf<Space>;
}

/** @param u uniform in [0, 1) */
function drawNumber({ from, to, scale, integer = false }: NumberRange, u: number): number {
  const end = integer ? to + 1 : to; // a whole number stands for the interval up to the next
  const value = scale === 'log' ? from * (end / from) ** u : from + (end - from) * u;
  return integer ? Math.min(Math.floor(value), to) : value;
}
