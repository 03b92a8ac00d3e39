// Collation of sequences of different lengths: each is filled up at its end to the longest of the batch.

import { SinapseError, arrayKind, check, checkOptions, checkValue, hostArray, sizeOf } from '@sinapse/core';
import type { DType, OptionChecks, TypedArray } from '@sinapse/core';
import type { Collated, HostArray } from './collate.ts';
import { collate } from './collate.ts';
import type { Collate } from './stage.ts';

export interface PaddedOptions {
  /**
   * The member that becomes a list of itself and its lengths, as recurrent layers take them: `x` gives `{ x: [x, lengths], y }`, also where all sequences of a
   * batch have one length. Default: no member.
   */
  readonly lengthsIn?: string;
}

const PADDED: OptionChecks<PaddedOptions> = {
  lengthsIn: { expected: 'the name of a member', accepts: (value) => typeof value === 'string' },
};

/**
 * A collation for `batch(size, { collate: padded() })`: members that are sequences, `[length, …]`, are filled up to the longest one of the
 * batch, then collated as usual. Beside each member `name` that was filled up stands `nameLengths`, int32 `[batch]`.
 * @param padding the number to fill up with, by default 0
 * @throws SinapseError when an option is unknown; when a batch is made, if sequences differ in another axis than the first
 */
export function padded<T>(padding = 0, options: PaddedOptions = {}): Collate<T, Collated<T>> {
  checkValue('padded: padding', padding, check.finite);
  checkOptions('padded', options, PADDED);
  const { lengthsIn } = options;
  return (elements) => {
    const [first] = elements;
    if (!isRecord(first)) return collate(fillUp(elements, padding)) as Collated<T>;
    const records = elements as readonly Readonly<Record<string, unknown>>[];
    const filled: Record<string, unknown>[] = records.map((record) => ({ ...record }));
    for (const name of Object.keys(first)) {
      const members = records.map((record) => record[name]);
      if (!differ(members)) continue;
      fillUp(members, padding).forEach((member, i) => void (filled[i]![name] = member));
      if (name !== lengthsIn) members.forEach((member, i) => void (filled[i]![`${name}Lengths`] = lengthOf(member)));
    }
    const batch = collate(filled) as Record<string, unknown>;
    if (lengthsIn !== undefined) batch[lengthsIn] = [batch[lengthsIn], lengthsOf(lengthsIn, records)];
    return batch as Collated<T>;
  };
}

/** The lengths of a member in all records, int32 `[batch]`. */
function lengthsOf(name: string, records: readonly Readonly<Record<string, unknown>>[]): HostArray {
  const data = Int32Array.from(records, (record, i) => {
    const length = lengthOf(record[name]);
    if (length === undefined) throw new SinapseError(`padded: lengthsIn: example ${i} has no sequence ${name}`);
    return length;
  });
  return { data, shape: [records.length] };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value) && !('data' in value);
}

/** The number of steps of a sequence; undefined if it is none. */
function lengthOf(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  if (ArrayBuffer.isView(value)) return (value as TypedArray).length;
  return typeof value === 'object' && value !== null && 'shape' in value && Array.isArray(value.shape)
    ? (value.shape[0] as number)
    : undefined;
}

/** Whether all are sequences, of more than one length. */
function differ(values: readonly unknown[]): boolean {
  const lengths = values.map(lengthOf);
  return lengths.every((length) => length !== undefined) && lengths.some((length) => length !== lengths[0]);
}

function fillUp(values: readonly unknown[], padding: number): unknown[] {
  if (!differ(values)) return [...values];
  const longest = values.reduce<number>((most, value) => Math.max(most, lengthOf(value)!), 0);
  return values.map((value) => (Array.isArray(value) ? fillList(value, longest, padding) : fillArray(value, longest, padding)));
}

/** A list whose rows, if it has any, may be lists. */
function fillList(list: readonly unknown[], length: number, padding: number): unknown[] {
  const row = (model: unknown): unknown => (Array.isArray(model) ? model.map(row) : padding);
  return [...list, ...Array.from({ length: length - list.length }, () => row(list[0]))];
}

function fillArray(value: unknown, length: number, padding: number): HostArray {
  const { data, shape, dtype } = ArrayBuffer.isView(value)
    ? { data: value as TypedArray, shape: [(value as TypedArray).length], dtype: undefined }
    : (value as HostArray);
  const names: Readonly<Record<string, DType>> = {
    Float32Array: 'float32',
    Float64Array: 'float32',
    Int32Array: 'int32',
    Uint8Array: 'uint8',
  };
  const kind = String(arrayKind(data));
  const name = names[kind];
  if (name === undefined) throw new SinapseError(`padded: a ${kind} cannot be filled up; use a Float32Array or Int32Array`);
  const whole = [length, ...shape.slice(1)];
  const out = hostArray(name, sizeOf(whole));
  out.fill(padding, data.length);
  out.set(data);
  return { data: out, shape: whole, ...(dtype && { dtype }) };
}
