// The operations of a formula as they are met: a graph in which equal operations are one, and the program that leads to some of its values.

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
  /** The value of each instruction met before. */
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

  /** The number of an instruction's value. */
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

  /** Every value that some values are computed from, themselves included. */
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
   * The program that computes some values, without what they do not need.
   * @param inputs the input slots, in order; all that the values need are among them
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

/** JSON, with the numbers that it does not know. */
function format(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'number' && (!Number.isFinite(each) || Object.is(each, -0)) ? `${Object.is(each, -0) ? '-' : ''}${each}` : each,
  );
}
