// What core knows of a kernel: how to check its inputs, the specs of its outputs, and its meaning in terms of other ops.

import type { Backend } from '../contract/backend.ts';
import type { Attrs, Inputs, KernelName, KernelTypes, Outputs, Scalars } from '../contract/kernels.ts';
import type { Scalar } from '../contract/scalar.ts';
import type { Spec } from '../contract/storage.ts';
import type { Maker } from '../tensor/maker.ts';

/** The definition of one kernel: validation, output specs, and for a derived kernel the lowering into other ops. */
export interface KernelDefinition<K extends KernelName, T> {
  readonly name: K;
  /** Grows when the kernel's meaning or types change; 1 unless given. A backend lists in `versions` the one it implements. */
  readonly version?: number;
  /** The name of the function users call, for messages; the kernel's name unless given. */
  readonly called?: (attrs: Attrs<K>) => string;
  /** Set if it only moves values. It then takes every dtype that the backend stores, not only those it computes with. */
  readonly moves?: true;
  /** Validates the inputs and returns the specs of the outputs; throws the error that the user sees. Runs before anything is allocated. */
  readonly infer: (inputs: Inputs<K, Spec>, attrs: Attrs<K>) => Outputs<K, Spec>;
  /** Computes the same result by ops: the fallback, the testkit's oracle, and the rule for second derivatives. Absent for required kernels. */
  readonly lower?: (inputs: Inputs<K, T>, attrs: Attrs<K>, scalars: Scalars<K, Scalar>, maker: Maker<T>) => Outputs<K, T>;
  /** For an output that may take over the storage of an input, that input, e.g. `{ param: 'param' }`. The kernel then reads and writes the same memory. */
  readonly donates?: { readonly [O in keyof KernelTypes[K]['out']]?: keyof KernelTypes[K]['in'] };
  /** Multiply-accumulate operations of one call, for kernels measured by them. */
  readonly macs?: (inputs: Inputs<K, Spec>, outputs: Outputs<K, Spec>, attrs: Attrs<K>) => number;
}

/**
 * A definition with every field present, undefined if not given. Dispatch is faster when all definitions have the same fields; a plain object
 * works, too.
 */
export function defineKernel<K extends KernelName, T>(definition: KernelDefinition<K, T>): KernelDefinition<K, T> {
  const { name, version = 1, called, moves, infer, lower, donates, macs } = definition;
  return { name, version, called, moves, infer, lower, donates, macs } as KernelDefinition<K, T>;
}

/** Says how a backend's version of a kernel differs from core's; undefined if they are the same. */
export function otherVersion(backend: Backend, definition: { readonly name: string; readonly version?: number }): string | undefined {
  const [has, wanted] = [backend.versions?.[definition.name] ?? 1, definition.version ?? 1];
  return has === wanted ? undefined : `the backend has version ${has} of ${definition.name}, core version ${wanted}`;
}
