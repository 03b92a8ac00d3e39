// The graph of a formula's operations, in which equal operations are one; and programs that compute some of its values.

import type { DType } from '../contract/dtype.ts';
import { asValueOf } from '../contract/dtype.ts';
import type { Instruction, Program, ScalarSlot } from '../contract/program.ts';
import { typeOf } from '../contract/program.ts';
import { interned } from '../dispatch/attributes.ts';

type Node = { readonly op: 'input'; readonly of: readonly [] } | { readonly op: 'scalar'; readonly of: readonly []; readonly slot: ScalarSlot } | Instruction; // prettier-ignore

export class Graph {
  /** The dtype of each value. */
  readonly types: DType[] = [];
  private readonly nodes: Node[] = [];
  /** The value of each instruction added before, by its text. */
  private readonly known = new Map<string, number>();

  input(dtype: DType): number {
    return this.push({ op: 'input', of: [] }, dtype);
  }

  scalar(slot: ScalarSlot): number {
    return this.push({ op: 'scalar', of: [], slot }, slot.dtype);
  }

  constant(value: number, dtype: DType): number {
    return this.add({ op: 'constant', of: [], value: asValueOf(dtype, value), dtype });
  }

  /** Adds an instruction, unless an equal one is there, and returns the number of its value. */
  add(instruction: Instruction): number {
    const key = format(instruction);
    let value = this.known.get(key);
    if (value === undefined) this.known.set(key, (value = this.push(instruction, typeOf(instruction, this.types))));
    return value;
  }

  private push(node: Node, dtype: DType): number {
    this.types.push(dtype);
    return this.nodes.push(node) - 1;
  }

  /** These values and all values they are computed from. */
  behind(outputs: readonly number[]): ReadonlySet<number> {
    const found = new Set<number>();
    const waiting = [...outputs];
    for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
      if (found.has(value)) continue;
      found.add(value);
      waiting.push(...this.nodes[value]!.of);
    }
    return found;
  }

  /**
   * The program that computes these values, and only what they need.
   * @param inputs the values of the input slots, in order; they include every input that the outputs need
   */
  program(outputs: readonly number[], inputs: readonly number[]): Program {
    const needed = [...this.behind(outputs)].sort((a, b) => a - b);
    const scalars = needed.filter((value) => this.nodes[value]!.op === 'scalar');
    const computed = needed.filter((value) => !['input', 'scalar'].includes(this.nodes[value]!.op));
    const numbers = new Map([...inputs, ...scalars, ...computed].map((value, number) => [value, number]));
    const renumbered = (values: readonly number[]): number[] => values.map((value) => numbers.get(value)!);
    return interned<Program>('a program', {
      inputs: inputs.map((value) => this.types[value]!),
      scalars: scalars.map((value) => (this.nodes[value] as { slot: ScalarSlot }).slot),
      instructions: computed.map((value) => {
        const instruction = this.nodes[value] as Instruction;
        return { ...instruction, of: renumbered(instruction.of) } as unknown as Instruction;
      }),
      outputs: renumbered(outputs),
    });
  }
}

/** JSON that also tells apart the numbers JSON cannot write. */
function format(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'number' && (!Number.isFinite(each) || Object.is(each, -0)) ? `${Object.is(each, -0) ? '-' : ''}${each}` : each,
  );
}
