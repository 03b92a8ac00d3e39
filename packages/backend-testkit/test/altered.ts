// The reference with something changed, for the tests of the suite.

import type { Backend, Kernel, KernelName, TypedArray, View } from '@sinapse/core';
import { fusedReference } from '@sinapse/backend-reference/fused';

export type Changes = Partial<Omit<Backend, 'kernels'>> & { readonly kernels?: { readonly [K in KernelName]?: Kernel<K> | undefined } };

/** The reference with kernels or methods replaced. `changes` gets the original backend. */
export function withChanges(changes: (right: Backend) => Changes): Backend {
  const right = fusedReference({ poison: true });
  const { kernels, ...methods } = changes(right);
  return Object.assign(Object.create(right) as Backend, methods, { kernels: { ...right.kernels, ...kernels } });
}

export function withKernel<K extends KernelName>(name: K, kernel: (right: Kernel<K>, backend: Backend) => Kernel<K>): () => Backend {
  return () => withChanges((right) => ({ kernels: { [name]: kernel(right.kernels[name] as Kernel<K>, right) } }));
}

/** Changes the values of a view in place. */
export function edit(backend: Backend, view: View, change: (values: TypedArray) => void): void {
  const values = backend.readSync!(view);
  change(values);
  backend.write(view, values);
}

/** Runs a function while an input has changed values, and then restores them. */
export function whileChanged(backend: Backend, view: View, change: (value: number, i: number) => number, run: () => void): void {
  const before = backend.readSync!(view);
  edit(backend, view, (values) => values.forEach((value, i) => (values[i] = change(value, i))));
  run();
  backend.write(view, before);
}
