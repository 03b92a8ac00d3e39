// A rule of the backend interface that is not about what one kernel computes.

import type { Backend, Shape, Spec, Storage, TypedArray, View } from '@sinapse/core';
import { hostArray, SinapseError, specOf } from '@sinapse/core';
import type { DType } from '@sinapse/core';
import type { Subject } from '../subject.ts';

export interface Rule {
  readonly name: string;
  /** Throws when the backend breaks the rule. */
  readonly run: (subject: Subject) => void | Promise<void>;
}

/** @throws SinapseError with this message unless the condition holds */
export function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new SinapseError(message);
}

/** @throws SinapseError at the first element whose bits differ */
export function demandSame(what: string, actual: TypedArray, expected: ArrayLike<number>): void {
  demand(actual.length === expected.length, `${what}: ${actual.length} elements, expected ${expected.length}`);
  for (let i = 0; i < expected.length; i++) {
    demand(Object.is(actual[i], expected[i]), `${what}: element ${i} is ${actual[i]}, expected ${expected[i]}`);
  }
}

/** The error that a function throws; undefined if it throws none. */
export function thrownBy(callback: () => unknown): unknown {
  try {
    callback();
  } catch (error) {
    return error;
  }
  return undefined;
}

export function viewOf(storage: Storage, spec: Spec, offset = 0): View {
  return { ...spec, storage, offset };
}

/** Runs `use` with a new storage, and releases the storage afterwards. */
export async function withStorage(backend: Backend, spec: Spec, use: (storage: Storage) => void | Promise<void>): Promise<void> {
  const storage = backend.allocate(spec);
  try {
    await use(storage);
  } finally {
    backend.release(storage);
  }
}

/** 1, 2, 3, … (bool: 1, 0, 1, …). */
export function counting(dtype: DType, shape: Shape, start = 1): { spec: Spec; data: TypedArray } {
  const spec = specOf(dtype, shape);
  const data = hostArray(dtype, spec.size);
  for (let i = 0; i < data.length; i++) data[i] = dtype === 'bool' ? (start + i) % 2 : (start + i) % 251;
  return { spec, data };
}
