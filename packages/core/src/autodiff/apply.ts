// How an op with a gradient runs: dispatch its kernel, and when a gradient is being taken, note what the way back will read.

import { isFloat } from '../dtype.ts';
import type { Place } from '../place.ts';
import { dispatch } from '../dispatch.ts';
import type { Attrs, Inputs, KernelDefinition, KernelName, KernelTypes, Outputs, Scalars } from '../kernels.ts';
import type { Spec } from '../storage.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { GradientNode } from './node.ts';
import { attach, isRecording, isTraced, retained } from './recording.ts';

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
  if (isRecording() && anyTraced(inputs)) recordCall(rule, inputs, attrs, scalars, outputs);
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
  const results = flatten(outputs);
  if (!results.some((tensor) => isFloat(tensor.dtype))) return;
  const sources = flatten(inputs as AnyInputs).map((tensor) => (isTraced(tensor) ? tensor : undefined));
  const saved: Record<string, Tensor | Tensor[]> = {};
  const lengths = lengthsOf(outputs);
  const node = new GradientNode(rule.kernel.name, sources, (cotangents, needed) => {
    const d = unflatten(lengths, cotangents);
    // The inputs' handles may be disposed of by now; their shapes and dtypes are what the rule reads of them.
    const call = { d, saved, specs: inputs, needs: needsOf(inputs, needed), attrs, scalars } as unknown as GradientCall<K>;
    return positions(inputs, rule.gradient(call));
  });
  attach(node, results);
  if (rule.save.length > 0) node.retain(save(rule.save as readonly string[], inputs, outputs, saved));
}

/** Handles of the tape's own to what the gradient reads, by name in `saved` and as a list. */
function save(names: readonly string[], inputs: AnyInputs, outputs: AnyInputs, saved: Record<string, Tensor | Tensor[]>): Tensor[] {
  const all: Tensor[] = [];
  const keep = (tensor: Tensor): Tensor => {
    const own = retained(tensor);
    all.push(own);
    return own;
  };
  for (const name of names) {
    const value = outputs[name] ?? inputs[name];
    if (value !== undefined) saved[name] = isList(value) ? value.map(keep) : keep(value);
  }
  return all;
}

/** All tensors of a record in the order of its slots, lists spread out: the positions that sources and gradients refer to. */
function flatten(record: AnyInputs): Tensor[] {
  const list: Tensor[] = [];
  for (const name in record) {
    const value = record[name];
    if (value === undefined) continue;
    if (isList(value)) list.push(...value);
    else list.push(value);
  }
  return list;
}

/** For each slot its length, undefined for a single tensor. */
function lengthsOf(record: AnyInputs): Map<string, number | undefined> {
  const lengths = new Map<string, number | undefined>();
  for (const name in record) {
    const value = record[name];
    lengths.set(name, value !== undefined && isList(value) ? value.length : undefined);
  }
  return lengths;
}

/** Positions back into a record; a single slot that has no value is left out. */
function unflatten<T>(
  lengths: ReadonlyMap<string, number | undefined>,
  values: readonly (T | undefined)[],
): Record<string, T | (T | undefined)[]> {
  const record: Record<string, T | (T | undefined)[]> = {};
  let at = 0;
  for (const [name, length] of lengths) {
    const value = length === undefined ? values[at] : values.slice(at, at + length);
    if (value !== undefined) record[name] = value;
    at += length ?? 1;
  }
  return record;
}

/** Whether any position of each slot is needed. */
function needsOf(inputs: AnyInputs, needed: readonly boolean[]): Record<string, boolean> {
  const needs: Record<string, boolean> = {};
  let at = 0;
  for (const name in inputs) {
    const value = inputs[name];
    if (value === undefined) continue;
    const length = isList(value) ? value.length : 1;
    needs[name] = needed.slice(at, at + length).includes(true);
    at += length;
  }
  return needs;
}

type GradientRecord = Readonly<Record<string, Tensor | readonly (Tensor | undefined)[] | false | undefined>>;

/** A rule's gradients by position of the inputs. */
function positions(inputs: AnyInputs, gradients: GradientRecord): (Tensor | undefined)[] {
  const list: (Tensor | undefined)[] = [];
  for (const name in inputs) {
    const value = inputs[name];
    if (value === undefined) continue;
    const gradient = gradients[name];
    if (!isList(value)) list.push(gradient === false ? undefined : (gradient as Tensor | undefined));
    else for (let i = 0; i < value.length; i++) list.push(gradient ? (gradient as readonly (Tensor | undefined)[])[i] : undefined);
  }
  return list;
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
