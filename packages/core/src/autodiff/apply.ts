// Runs an op that has a gradient: dispatches its kernel and, while a gradient is being taken, saves what the backward pass will read.

import { isFloat } from '../contract/dtype.ts';
import type { TensorMaker } from '../tensor/tensor-maker.ts';
import { dispatch } from '../dispatch/dispatch.ts';
import type { Attrs, Inputs, KernelName, KernelTypes, Outputs, Scalars } from '../contract/kernels.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import type { Scalar } from '../contract/scalar.ts';
import type { Spec } from '../contract/storage.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { InputGradients as AnyGradients, Cotangents, NamedSlots } from './node.ts';
import { GradientNode, isList, someIn, someTensor } from './node.ts';
import { attach, isRecording, isTraced, retained } from './recording.ts';

type InputName<K extends KernelName> = keyof KernelTypes[K]['in'];
type OutputName<K extends KernelName> = keyof KernelTypes[K]['out'];

/** What a gradient rule is given. */
export interface GradientCall<K extends KernelName> {
  /** Gradients of the outputs; absent for an output that the result does not depend on. */
  readonly d: Partial<Outputs<K, Tensor>>;
  /** The inputs and outputs saved for the gradients that are wanted. */
  readonly saved: Inputs<K, Tensor> & Outputs<K, Tensor>;
  /** Shape and dtype of every input, saved or not. */
  readonly specs: Inputs<K, Spec>;
  /** Which inputs' gradients are wanted (for a list slot: any of its tensors). */
  readonly needs: Readonly<Record<InputName<K>, boolean>>;
  readonly attrs: Attrs<K>;
  readonly scalars: Scalars<K, Scalar>;
}

/** Gradients by input name; one left out is zero. */
export type InputGradients<K extends KernelName> = {
  readonly [P in InputName<K>]?:
    (NonNullable<KernelTypes[K]['in'][P]> extends readonly unknown[] ? readonly (Tensor | undefined)[] : Tensor) | false | undefined;
};

/** The rule of an op: its kernel, what its gradient reads, and the gradient in ops, so that it can be differentiated again. */
export interface Rule<K extends KernelName> {
  readonly kernel: KernelDefinition<K, Tensor>;
  /** The inputs and outputs that every gradient reads. */
  readonly save: readonly (InputName<K> | OutputName<K>)[];
  /** For an input, the inputs and outputs that only its gradient reads: saved if that gradient is wanted. */
  readonly saveFor?: { readonly [P in InputName<K>]?: readonly (InputName<K> | OutputName<K>)[] | undefined } | undefined;
  readonly gradient: (call: GradientCall<K>) => InputGradients<K>;
}

/**
 * Runs a rule's kernel, and records it if a gradient depends on an input.
 * @param donate as for `dispatch`
 */
export function apply<K extends KernelName>(
  rule: Rule<K>,
  inputs: Inputs<K, Tensor>,
  attrs: Attrs<K>,
  scalars: NoInfer<Scalars<K, Scalar>>,
  maker: TensorMaker,
  donate = false,
): Outputs<K, Tensor> {
  return record(rule, inputs, attrs, scalars, dispatch(rule.kernel, inputs, attrs, scalars, maker, donate));
}

/** Records a rule for outputs made without its kernel (a view instead of a copy). */
export function record<K extends KernelName>(
  rule: Rule<K>,
  inputs: Inputs<K, Tensor>,
  attrs: Attrs<K>,
  scalars: NoInfer<Scalars<K, Scalar>>,
  outputs: Outputs<K, Tensor>,
): Outputs<K, Tensor> {
  if (isRecording() && someTensor(inputs, isTraced) && someTensor(outputs, hasGradient)) {
    const node = new RuleNode(rule, inputs, attrs, scalars);
    attach(node, outputs as Readonly<Record<string, Tensor>>);
    node.save(outputs);
  }
  return outputs;
}

function hasGradient(tensor: Tensor): boolean {
  return isFloat(tensor.dtype);
}

/** Handles that the tape owns, by slot name. */
type Saved = Record<string, Tensor | readonly Tensor[]>;

const NOTHING: Saved = {};

/** The node of a kernel call. */
class RuleNode<K extends KernelName> extends GradientNode {
  private readonly rule: Rule<K>;
  private readonly attrs: Attrs<K>;
  private readonly scalars: Scalars<K, Scalar>;
  private saved: Saved = NOTHING;

  constructor(rule: Rule<K>, inputs: NamedSlots<Tensor>, attrs: Attrs<K>, scalars: Scalars<K, Scalar>) {
    super(inputs);
    this.rule = rule;
    this.attrs = attrs;
    this.scalars = scalars;
  }

  /** Saves what the gradient reads. Runs after the outputs are attached to this node, so that second gradients flow through saved outputs. */
  save(outputs: NamedSlots<Tensor>): void {
    this.saved = savedBy(this.rule as unknown as AnySaves, this.inputs, outputs);
  }

  get name(): string {
    return this.rule.kernel.name;
  }

  pull(cotangents: Cotangents, needed: Readonly<Record<string, boolean>>): AnyGradients {
    const { inputs, saved, attrs, scalars } = this;
    const call = { d: cotangents, saved, specs: inputs, needs: needed, attrs, scalars };
    return this.rule.gradient(call as unknown as GradientCall<K>);
  }

  release(): void {
    for (const name in this.saved) {
      const saved = this.saved[name]!;
      if (isList(saved)) for (const tensor of saved) tensor.dispose();
      else saved.dispose();
    }
    this.saved = NOTHING;
  }
}

/** What a rule saves, without its kernel's types. */
interface AnySaves {
  readonly save: readonly string[];
  readonly saveFor?: Readonly<Record<string, readonly string[] | undefined>>;
}

/** Saves what the gradients of the traced inputs read, under handles that the tape owns. */
function savedBy({ save, saveFor }: AnySaves, inputs: NamedSlots<Tensor>, outputs: NamedSlots<Tensor>): Saved {
  let saved = keep(save, NOTHING, inputs, outputs);
  for (const input in saveFor) {
    const reads = saveFor[input];
    if (reads !== undefined && someIn(inputs[input], isTraced)) saved = keep(reads, saved, inputs, outputs);
  }
  return saved;
}

/** Adds to `saved` a handle for each named input or output that is present. */
function keep(names: readonly string[], saved: Saved, inputs: NamedSlots<Tensor>, outputs: NamedSlots<Tensor>): Saved {
  const all = saved === NOTHING && names.length > 0 ? {} : saved;
  for (const name of names) {
    const value = outputs[name] ?? inputs[name];
    if (value !== undefined && all[name] === undefined) all[name] = isList(value) ? value.map(retained) : retained(value);
  }
  return all;
}
