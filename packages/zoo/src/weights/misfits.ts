// What does not fit between a model and a file of weights, as a table and as an error.

import { SinapseError, quote } from '@sinapse/core';

/** A tensor that does not fit. */
export interface Misfit {
  /** `missing`: the file lacks it. `unexpected`: the model has no place for it. `shape`, `dtype`: it is another one than the model needs. */
  readonly problem: 'missing' | 'unexpected' | 'shape' | 'dtype';
  /** The tensor's name in the file. */
  readonly name: string;
  /** The path of the model's parameter or state. */
  readonly path?: string;
  /** What the model needs, e.g. `[64,3,7,7]`. */
  readonly expected?: string;
  /** What the file has. */
  readonly found?: string;
}

/** Says that a file of weights does not fit a model, which then has not changed. The message is one line; `table` lists every tensor that does not fit. */
export class PretrainedError extends SinapseError {
  override name = 'PretrainedError';
  readonly misfits: readonly Misfit[];

  constructor(misfits: readonly Misfit[]) {
    const [first] = misfits;
    const counts = (['missing', 'unexpected', 'shape', 'dtype'] as const)
      .map((problem) => [misfits.filter((misfit) => misfit.problem === problem).length, problem] as const)
      .filter(([count]) => count > 0)
      .map(([count, problem]) => `${count} ${problem === 'shape' || problem === 'dtype' ? `of another ${problem}` : problem}`);
    super(
      `loadPretrained: the file does not fit the model: ${counts.join(', ')}; the first is ${sentence(first!)}${misfits.length > 1 ? '; error.table lists all' : ''}`,
    );
    this.misfits = misfits;
  }

  /** One row for each tensor: what is wrong, its name in the file, what the model needs, what the file has, and the path in the model. */
  get table(): string {
    const rows = this.misfits.map(({ problem, name, expected, found, path }) =>
      [problem, name, expected, found, path].map((cell) => cell ?? '-'),
    );
    const all = [['problem', 'tensor of the file', 'expected', 'found', 'of the model'], ...rows];
    const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
    return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd()).join('\n'); // prettier-ignore
  }
}

function sentence({ problem, name, expected, found, path }: Misfit): string {
  const of = path === undefined ? '' : ` of ${quote(path)}`;
  if (problem === 'missing') return `${quote(name)}${of}, which is missing`;
  if (problem === 'unexpected') return `${quote(name)}, which the model has not`;
  return `${quote(name)}${of}, which is ${found ?? ''} instead of ${expected ?? ''}`;
}
