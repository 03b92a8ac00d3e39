// Runs a program and records the call for gradients, which are computed by programs, too.

import { GradientNode } from '../autodiff/node.ts';
import type { Cotangents, InputGradients } from '../autodiff/node.ts';
import { attach, isRecording, isTraced, retained } from '../autodiff/recording.ts';
import { isFloat } from '../contract/dtype.ts';
import type { Attrs, Scalars } from '../contract/kernels.ts';
import type { Program } from '../contract/program.ts';
import type { Scalar } from '../contract/scalar.ts';
import { dispatch } from '../dispatch/dispatch.ts';
import { elementwiseKernel, inputsOf } from '../ops/elementwise.ts';
import { sumTo } from '../ops/sum.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { ProgramGradient } from './gradient.ts';
import { gradientOf } from './gradient.ts';

type ProgramScalars = Scalars<'elementwise', Scalar>;

/** Runs a program for all items. @param donate as for `dispatch`; if true, nothing is recorded */
export function runProgram(xs: readonly Tensor[], attrs: Attrs<'elementwise'>, scalars: ProgramScalars, donate = false): readonly Tensor[] {
  const { ys } = dispatch(elementwiseKernel, { xs }, attrs, scalars, xs[0]!, donate);
  if (!donate && isRecording() && xs.some(isTraced)) record(xs, attrs, scalars, ys);
  return ys;
}

/** Records each item as its own node, as items are independent. */
function record(xs: readonly Tensor[], attrs: Attrs<'elementwise'>, scalars: ProgramScalars, ys: readonly Tensor[]): void {
  const { program, items } = attrs;
  for (let item = 0; item < items; item++) {
    const inputs = inputsOf(xs, item, attrs);
    if (!inputs.some(isTraced)) continue;
    const outputs: Record<string, Tensor> = {};
    program.outputs.forEach((_, i) => {
      const y = ys[i * items + item]!;
      if (isFloat(y.dtype)) outputs[i] = y;
    });
    attach(new ProgramNode(program, inputs, scalars), outputs);
  }
}

/** Inputs as slots named by their index, so that each gradient can be requested on its own. */
function numbered(inputs: readonly Tensor[]): Readonly<Record<number, Tensor>> {
  const record: Record<number, Tensor> = {};
  for (let i = 0; i < inputs.length; i++) record[i] = inputs[i]!;
  return record;
}

/** The node of one item's call; inputs and outputs are named by their indices. */
class ProgramNode extends GradientNode {
  readonly name = 'fused';
  private readonly program: Program;
  private readonly scalars: ProgramScalars;
  /** The inputs that the gradient reads, by index, under handles that the tape owns. */
  private readonly saved = new Map<number, Tensor>();

  constructor(program: Program, inputs: readonly Tensor[], scalars: ProgramScalars) {
    super(numbered(inputs));
    this.program = program;
    this.scalars = scalars;
    const { reads } = gradientOf(program, program.outputs.map(() => true), inputs.map(isTraced)); // prettier-ignore
    for (const input of reads) this.saved.set(input, retained(inputs[input]!));
  }

  pull(cotangents: Cotangents, needed: Readonly<Record<string, boolean>>): InputGradients {
    const { inputs, outputs } = this.program;
    const given = outputs.map((_, i) => cotangents[i] !== undefined);
    const gradient = gradientOf(this.program, given, inputs.map((_, i) => needed[i] === true)); // prettier-ignore
    const full = this.run(gradient, cotangents);
    const results: Record<string, Tensor> = {};
    gradient.results.forEach((result, input) => {
      if (result === undefined) return;
      const value = result.kind === 'cotangent' ? cotangents[result.index]! : full[result.index]!;
      results[input] = sumTo(value, (this.inputs[input] as Tensor).shape);
    });
    return results;
  }

  private run({ attrs, cotangents, reads, scalarsOf }: ProgramGradient, given: Cotangents): readonly Tensor[] {
    if (attrs === undefined) return [];
    const xs = [...cotangents.map((i) => given[i]!), ...reads.map((input) => this.saved.get(input)!)];
    return runProgram(xs, attrs, scalarsOf(this.program.scalars.map(({ name }) => this.scalars[name]!)));
  }

  release(): void {
    for (const tensor of this.saved.values()) tensor.dispose();
    this.saved.clear();
  }
}
