// The expected result of a call: its outputs on the float64 reference, and what is needed to bound the error of float32.

import type { Backend, Inputs, KernelDefinition, KernelName, Outputs, Spec, Tensor, TypedArray } from '@sinapse/core';
import { dispatch, kernelDefinitions, makerOn, scope, writeAt } from '@sinapse/core';
import type { Draft, KernelCase } from '../grid/kernel-case.ts';
import type { Named } from '../grid/slots.ts';
import { entriesOf, mapSlots } from '../grid/slots.ts';
import type { HostTensor } from '../grid/values.ts';

/** The outputs of one call on the reference, and a way to make similar calls. */
export interface Expectation<K extends KernelName> {
  readonly call: KernelCase<K>;
  /** In the order of the outputs, lists flattened. Floats are float64. */
  readonly outputs: readonly Named<ExpectedOutput>[];
  /** Runs the same kernel on the reference with other inputs, attributes or scalars, and gives its outputs. */
  readonly rerun: (change: Partial<Draft<K>>) => readonly TypedArray[];
}

export interface ExpectedOutput {
  readonly spec: Spec;
  readonly data: TypedArray;
}

export function definitionOf<K extends KernelName>(kernel: K): KernelDefinition<K, Tensor> {
  return kernelDefinitions[kernel];
}

/** A tensor of host values on a backend that takes float32 values as they are. */
export function tensorOn(backend: Backend, { dtype, shape, size, data }: HostTensor): Tensor {
  return writeAt(makerOn(backend), { dtype, shape, size }, data);
}

export function expect<K extends KernelName>(oracle: Backend, call: KernelCase<K>): Expectation<K> {
  return {
    call,
    outputs: evaluate(oracle, call.kernel, call),
    rerun: (change) => evaluate(oracle, call.kernel, { ...call, ...change }).map(({ value }) => value.data),
  };
}

function evaluate<K extends KernelName>(oracle: Backend, kernel: K, { inputs, attrs, scalars }: Draft<K>): Named<ExpectedOutput>[] {
  return scope(() => {
    const tensors = mapSlots<HostTensor, Tensor>(inputs, (value) => tensorOn(oracle, value)) as unknown as Inputs<K, Tensor>;
    const outputs: Outputs<K, Tensor> = dispatch(definitionOf(kernel), tensors, attrs, scalars, makerOn(oracle));
    return entriesOf<Tensor>(outputs).map(({ name, slot, value }) => {
      const { dtype, shape, size } = value;
      return { name, slot, value: { spec: { dtype, shape, size }, data: value.dataSync() } };
    });
  });
}

/** Inputs with every float replaced by its magnitude. A sum of these bounds every sum of the originals. */
export function magnitudes<I extends object>(inputs: I): I {
  const magnitude = (tensor: HostTensor): HostTensor =>
    tensor.dtype === 'float32' ? { ...tensor, data: (tensor.data as Float32Array).map(Math.abs) } : tensor;
  return mapSlots<HostTensor, HostTensor>(inputs, magnitude) as I;
}
