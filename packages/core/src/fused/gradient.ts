// The gradient of a program is a program. The ops of the first run on a tracer and are recorded; then their gradients run on it.

import { backward } from '../autodiff/backward.ts';
import { leafOf } from '../autodiff/leaf.ts';
import type { GradientNode } from '../autodiff/node.ts';
import { recorded } from '../autodiff/recording.ts';
import type { Attrs } from '../contract/kernels.ts';
import type { Program } from '../contract/program.ts';
import type { Scalar } from '../contract/scalar.ts';
import { typesOf } from '../contract/program.ts';
import { interpret } from '../ops/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { GivenScalars } from './scalars.ts';
import { scalarsIn, tracing, valueIn } from './tracer.ts';

/** How the gradients of a program's inputs are computed from those of its outputs. */
export interface ProgramGradient {
  /** The program that computes them. It takes gradients of outputs, then inputs. Undefined if nothing is to be computed. */
  readonly attrs: Attrs<'elementwise'> | undefined;
  /** The indices of the outputs whose gradients it takes; these have the full shape. */
  readonly cotangents: readonly number[];
  /** The indices of the inputs that it takes. */
  readonly reads: readonly number[];
  /** The gradient of each input, before it is summed to the input's shape: computed by this program, or one of the given gradients. */
  readonly results: readonly ({ readonly kind: 'computed' | 'cotangent'; readonly index: number } | undefined)[];
  /** Computes its scalars from those of the program that was differentiated. */
  readonly scalarsOf: (given: readonly Scalar[]) => Record<string, Scalar>;
}

/** The gradients of each program, keyed by which output gradients are given and which input gradients are wanted. */
const gradients = new WeakMap<Program, Map<number | string, ProgramGradient>>();

/**
 * The gradient of a program, made once and kept.
 * @param given for each output whether its gradient is given
 * @param wanted for each input whether its gradient is wanted
 */
export function gradientOf(program: Program, given: readonly boolean[], wanted: readonly boolean[]): ProgramGradient {
  let known = gradients.get(program);
  if (known === undefined) gradients.set(program, (known = new Map()));
  const key = keyOf(given, wanted);
  let gradient = known.get(key);
  if (gradient === undefined) known.set(key, (gradient = differentiate(program, given, wanted)));
  return gradient;
}

function keyOf(given: readonly boolean[], wanted: readonly boolean[]): number | string {
  if (given.length + wanted.length > 30) return [...given, ...wanted].map(Number).join('');
  let bits = 0;
  for (let i = 0; i < given.length; i++) bits = 2 * bits + (given[i]! ? 1 : 0);
  for (let i = 0; i < wanted.length; i++) bits = 2 * bits + (wanted[i]! ? 1 : 0);
  return bits;
}

function differentiate(program: Program, given: readonly boolean[], wanted: readonly boolean[]): ProgramGradient {
  return tracing([2, 3], (tracer) => {
    const types = typesOf(program);
    const cotangents = program.outputs.map((value, i) => (given[i] ? tracer.input(types[value]!) : undefined));
    const inputs = program.inputs.map((dtype) => tracer.input(dtype));
    const scalars = new GivenScalars(program.scalars.map(() => 1));
    const found = recorded(
      () => {
        const nodes: GradientNode[] = [];
        const leaves = inputs.map((input, i) => {
          if (!wanted[i]) return input;
          const { tensor, node } = leafOf(input);
          nodes.push(node);
          return tensor;
        });
        return { nodes, outputs: interpret(program, leaves, scalars.cells, inputs[0]!) };
      },
      ({ nodes, outputs }, outermost) => backward(outputs, cotangents, nodes, outermost),
    );

    const { graph } = tracer;
    const numberOf = (tensor: Tensor | undefined): number => (tensor === undefined ? -1 : valueIn(tracer, tensor));
    const numbers = { cotangents: cotangents.map(numberOf), inputs: inputs.map(numberOf) };
    const computed: number[] = [];
    let next = 0;
    const results = wanted.map((isWanted): ProgramGradient['results'][number] => {
      const gradient = isWanted ? found[next++] : undefined;
      if (gradient === undefined) return undefined;
      const value = numberOf(gradient);
      const cotangent = numbers.cotangents.indexOf(value);
      if (cotangent >= 0) return { kind: 'cotangent', index: cotangent };
      if (!computed.includes(value)) computed.push(value);
      return { kind: 'computed', index: computed.indexOf(value) };
    });
    const needed = graph.behind(computed);
    const indicesOf = (values: readonly number[]): number[] => values.flatMap((value, i) => (needed.has(value) ? [i] : []));
    const [taken, reads] = [indicesOf(numbers.cotangents), indicesOf(numbers.inputs)];
    const slots = [...taken.map((i) => numbers.cotangents[i]!), ...reads.map((i) => numbers.inputs[i]!)];
    const attrs = computed.length === 0 ? undefined : { program: graph.program(computed, slots), items: 1, shared: 0 };
    const used = attrs === undefined ? [] : scalarsIn(tracer, attrs.program);
    return { attrs, cotangents: taken, reads, results, scalarsOf: (given) => scalars.resolve(used, given) };
  });
}
