// npm run bench:fused: what the element-wise program brings. Each formula runs as one program and, in turn in the same process, op by op (Adam: as
// the kernel written for it). What does not give the same both ways is not timed.

import { availableParallelism } from 'node:os';
import type { EngineKind } from '@sinapse/backend-cpu';
import { cpu } from '@sinapse/backend-cpu';
import type { TypedArray } from '@sinapse/core';
import { scope, use } from '@sinapse/core';
import { Command } from 'commander';
import { MOST_ROUNDS, MOST_THREADS, runCommand, wholeNumber } from './command-line.ts';
import type { Case, Pair, Work } from './fused-cases.ts';
import { cases } from './fused-cases.ts';
import { worstError } from './measure/check.ts';
import { median } from './report/statistics.ts';

const ENGINES: readonly EngineKind[] = ['native', 'wasm'];

/** Of the worst result, relative to the root mean square: a hundred roundings to the 24 bits of float32. */
const TOLERANCE = 100 * 2 ** -24;

/** Runs before the results are compared: optimizers have begun to use their state, engines have compiled what they run. */
const CHECKED_RUNS = 3;

/** A sample is as many runs as fill this time: the clock's steps do not show. */
const MILLISECONDS_PER_SAMPLE = 5;

/** @throws Error when the two do not give the same */
function check({ title }: Case, pair: Pair): void {
  const [program, before] = [pair.fused, pair.before].map((work) => {
    for (let run = 1; run < CHECKED_RUNS; run++) scope(() => void work());
    return scope(() => work().map((tensor) => tensor.dataSync()));
  }) as [TypedArray[], TypedArray[]];
  const error = program.length === before.length ? Math.max(...program.map((values, i) => worstError(values, before[i]!))) : Infinity;
  if (!(error <= TOLERANCE)) throw new Error(`${title}: fused is off by ${error.toExponential(1)} of its size, the tolerance is ${TOLERANCE.toExponential(1)}`); // prettier-ignore
}

/** Milliseconds per call of each, in rounds in turn. */
function measure({ calls = 1 }: Case, pair: Pair, rounds: number): Record<keyof Pair, number[]> {
  const run = (work: Work, times: number): number => {
    const begin = performance.now();
    for (let i = 0; i < times; i++) {
      scope(() => {
        for (let call = 0; call < calls; call++) work();
      });
    }
    return (performance.now() - begin) / times;
  };
  const times: Record<keyof Pair, number[]> = { fused: [], before: [] };
  const works = (['fused', 'before'] as const).map((name) => {
    run(pair[name], 1);
    return { name, work: pair[name], runs: Math.ceil(MILLISECONDS_PER_SAMPLE / run(pair[name], 1)) };
  });
  for (let round = 0; round < rounds; round++) for (const { name, work, runs } of works) times[name].push(run(work, runs) / calls);
  return times;
}

/** What one figure of the rounds is for both, and how many times faster the fused one is. */
function compared({ fused, before }: Record<keyof Pair, number[]>, figure: (times: readonly number[]) => number): string {
  return `${readable(figure(fused))} | ${readable(figure(before))} | ${(figure(before) / figure(fused)).toFixed(2)}`;
}

function readable(milliseconds: number): string {
  return milliseconds < 1 ? `${(1000 * milliseconds).toPrecision(3)} µs` : `${milliseconds.toPrecision(3)} ms`;
}

await runCommand('bench:fused', async () => {
  const command = new Command('npm run bench:fused --')
    .description('Measure formulas as one kernel beside the same op by op; what gives other results is not timed.')
    .helpOption('-h, --help', 'show this help')
    .option('--threads <n>', `number of threads (default: ${availableParallelism()})`, wholeNumber(MOST_THREADS))
    .option('--rounds <n>', 'how often each is measured in turn (default: 15)', wholeNumber(MOST_ROUNDS))
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ outputError: () => {} }); // runCommand prints the message of what is thrown
  command.parse(process.argv.slice(2), { from: 'user' });
  const { threads = availableParallelism(), rounds = 15 } = command.opts<{ threads?: number; rounds?: number }>();
  const backends = await Promise.all(ENGINES.map((engine) => cpu({ engine, threads })));
  for (const { info } of backends) console.log(`${info.engine}, ${info.threads} thread${info.threads === 1 ? '' : 's'}`);
  console.log(`${rounds} rounds in turn; the least is what a busy machine disturbs least\n`);
  console.log('| case | engine | fused | before | ratio | least fused | least before | ratio |\n|---|---|--:|--:|--:|--:|--:|--:|');
  for (const one of cases) {
    for (const [i, backend] of backends.entries()) {
      use(backend);
      const times = scope(() => {
        const pair = one.make();
        check(one, pair);
        return measure(one, pair, rounds);
      });
      console.log(`| ${one.title} | ${ENGINES[i]} | ${compared(times, median)} | ${compared(times, (all) => Math.min(...all))} |`);
    }
  }
});
