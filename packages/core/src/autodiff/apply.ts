// How an op with a gradient runs: dispatch its kernel, and when a gradient is being taken, note what the way back will read.

import { isFloat } from '../dtype.ts';
import type { Place } from '../place.ts';
import { dispatch } from '../dispatch.ts';
import type { Attrs, Inputs, KernelDefinition, KernelName, KernelTypes, Outputs, Scalars } from '../kernels.ts';
import type { Spec } from '../storage.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Source } from './node.ts';
import { GradientNode } from './node.ts';
import { attach, isRecording, isTraced, retained, sourceOf } from './recording.ts';

type InputName<K extends KernelName> = keyof KernelTypes[K]['in'];
type OutputName<K extends KernelName> = keyof KernelTypes[K]['out'];

/** What a gradient rule is given. */
export interface GradientCall<K extends KernelName> {
  /** Gradients of the outputs; an output nothing was made of has none. */
  readonly d: Partial<Outputs<K, Tensor>>;
  /** The inputs and outputs named in `save`. */
  readonly saved: Inputs<K, Tensor> & Outputs<K, Tensor>;
  /** Shape and dtype of every input, saved or not. */
  readonly specs: Inputs<K, Spec>;
  /** Which inputs' gradients are wanted (for a list slot: any of its tensors). */
  readonly needs: Readonly<Record<InputName<K>, boolean>>;
  readonly attrs: Attrs<K>;
  readonly scalars: Scalars<K>;
}

/** Gradients by input name; what is left out is zero. */
export type InputGradients<K extends KernelName> = {
  readonly [P in InputName<K>]?:
    (NonNullable<KernelTypes[K]['in'][P]> extends readonly unknown[] ? readonly (Tensor | undefined)[] : Tensor) | false | undefined;
};

/** An op's rule: its kernel, what the gradient reads, and the gradient written in ops, so that it can be differentiated again. */
export interface Rule<K extends KernelName> {
  readonly kernel: KernelDefinition<K, Tensor>;
  readonly save: readonly (InputName<K> | OutputName<K>)[];
  readonly gradient: (call: GradientCall<K>) => InputGradients<K>;
}

/** Runs a rule's kernel beside its first input (or at `place`), recording it when a gradient depends on an input. */
export function apply<K extends KernelName>(
  rule: Rule<K>,
  inputs: Inputs<K, Tensor>,
  attrs: Attrs<K>,
  scalars: Scalars<K>,
  place: Place,
): Outputs<K, Tensor> {
  return record(rule, inputs, attrs, scalars, dispatch(rule.kernel, inputs, attrs, scalars, place));
}

/** Records a rule for outputs that were computed in another way than by its kernel (a view instead of a copy). */
export function record<K extends KernelName>(
  rule: Rule<K>,
  inputs: Inputs<K, Tensor>,
  attrs: Attrs<K>,
  scalars: Scalars<K>,
  outputs: Outputs<K, Tensor>,
): Outputs<K, Tensor> {
  if (isRecording() && anyTraced(inputs as AnyInputs)) recordCall(rule, inputs, attrs, scalars, outputs);
  return outputs;
}

type AnyInputs = Readonly<Record<string, Tensor | readonly Tensor[] | undefined>>;

function anyTraced(inputs: AnyInputs): boolean {
  for (const name in inputs) {
    const value = inputs[name];
    if (value === undefined) continue;
    if (isList(value)) {
      for (const tensor of value) if (isTraced(tensor)) return true;
    } else if (isTraced(value)) return true;
  }
  return false;
}

function recordCall<K extends KernelName>(
  rule: Rule<K>,
  inputs: Inputs<K, Tensor>,
  attrs: Attrs<K>,
  scalars: Scalars<K>,
  outputs: Outputs<K, Tensor>,
): void {
  const outputNames = Object.keys(outputs);
  const outputTensors = Object.values(outputs as AnyInputs).flatMap((value) => value ?? []);
  if (!outputTensors.some((tensor) => isFloat(tensor.dtype))) return;

  // One position for each input tensor, lists flattened, in the order of the record.
  const slots: { name: string; index: number | undefined }[] = [];
  const sources: (Source | undefined)[] = [];
  const specs: Record<string, Spec | Spec[]> = {};
  for (const [name, value] of Object.entries(inputs as AnyInputs)) {
    if (value === undefined) continue;
    const list = isList(value) ? value : [value];
    const listSpecs = list.map(({ dtype, shape, size }) => ({ dtype, shape, size }));
    specs[name] = isList(value) ? listSpecs : listSpecs[0]!;
    list.forEach((tensor, index) => {
      slots.push({ name, index: isList(value) ? index : undefined });
      sources.push(sourceOf(tensor));
    });
  }

  const saved: Record<string, Tensor | Tensor[]> = {};
  const listOutputs = Object.values(outputs as AnyInputs).map((value) => (isList(value) ? value.length : undefined));
  const node = new GradientNode(rule.kernel.name, sources, (cotangents, needed) => {
    const needs: Record<string, boolean> = {};
    slots.forEach((slot, i) => (needs[slot.name] = (needs[slot.name] ?? false) || needed[i]!));
    const d: Record<string, Tensor | (Tensor | undefined)[]> = {};
    let at = 0;
    outputNames.forEach((name, i) => {
      const length = listOutputs[i];
      const value = length === undefined ? cotangents[at] : cotangents.slice(at, at + length);
      if (value !== undefined) d[name] = value;
      at += length ?? 1;
    });
    const call = { d, saved, specs, needs, attrs, scalars } as unknown as GradientCall<K>;
    const gradients = rule.gradient(call) as Record<string, Tensor | readonly (Tensor | undefined)[] | false | undefined>;
    return slots.map(({ name, index }) => {
      const gradient = gradients[name];
      if (gradient === undefined || gradient === false) return undefined;
      return index === undefined ? (gradient as Tensor) : (gradient as readonly (Tensor | undefined)[])[index];
    });
  });
  attach(node, outputTensors);
  const kept: Tensor[] = [];
  const retain = (tensor: Tensor): Tensor => {
    const own = retained(tensor);
    kept.push(own);
    return own;
  };
  for (const name of rule.save as readonly string[]) {
    const value = (outputs as AnyInputs)[name] ?? (inputs as AnyInputs)[name];
    if (value !== undefined) saved[name] = isList(value) ? value.map(retain) : retain(value);
  }
  node.retain(kept);
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
