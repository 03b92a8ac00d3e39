// What core knows of a kernel: how its call is checked, what it makes, and what it means in terms of other ops.

import type { Backend } from '../contract/backend.ts';
import type { Attrs, Inputs, KernelName, KernelTypes, Outputs, Scalars } from '../contract/kernels.ts';
import type { Scalar } from '../contract/scalar.ts';
import type { Spec } from '../contract/storage.ts';
import type { Maker } from '../tensor/maker.ts';

/** One kernel's source of truth: validation and output specs, and for a derived kernel its lowering into other ops. */
export interface KernelDefinition<K extends KernelName, T> {
  readonly name: K;
  /** Grows when the kernel's meaning or types change; 1 unless given. A backend says in `versions` which one it implements. */
  readonly version?: number;
  /** The function that a user calls for it, for messages; the kernel's own name unless given. */
  readonly called?: (attrs: Attrs<K>) => string;
  /** Whether it only moves values: it takes every dtype that a backend stores, also one that it cannot compute with. */
  readonly moves?: true;
  /** Validates the inputs, throws the user's error, and returns what the outputs are. Runs before anything is allocated. */
  readonly infer: (inputs: Inputs<K, Spec>, attrs: Attrs<K>) => Outputs<K, Spec>;
  /** The same result written in ops: fallback, oracle of the testkit, and rule for second derivatives. Absent for required kernels. */
  readonly lower?: (inputs: Inputs<K, T>, attrs: Attrs<K>, scalars: Scalars<K, Scalar>, maker: Maker<T>) => Outputs<K, T>;
  /** Outputs that may take over the storage of an input, e.g. `{ param: 'param' }`. The kernel then reads and writes the same memory. */
  readonly donates?: { readonly [O in keyof KernelTypes[K]['out']]?: keyof KernelTypes[K]['in'] };
  /** Multiply-accumulate operations of one call, where that is what it is measured by. */
  readonly macs?: (inputs: Inputs<K, Spec>, outputs: Outputs<K, Spec>, attrs: Attrs<K>) => number;
}

/**
 * A definition with every field there, given or undefined: whichever kernel it is, dispatch reads one kind of object, and that is faster than many.
 * A plain object does as well.
 */
export function defineKernel<K extends KernelName, T>(definition: KernelDefinition<K, T>): KernelDefinition<K, T> {
  const { name, version = 1, called, moves, infer, lower, donates, macs } = definition;
  return { name, version, called, moves, infer, lower, donates, macs } as KernelDefinition<K, T>;
}

/** Why a backend's kernel is not the one that core means; undefined where it is. */
export function otherVersion(backend: Backend, definition: { readonly name: string; readonly version?: number }): string | undefined {
  const [has, wanted] = [backend.versions?.[definition.name] ?? 1, definition.version ?? 1];
  return has === wanted ? undefined : `the backend has version ${has} of ${definition.name}, core version ${wanted}`;
}
