// Measures one case. Every contestant has its own process and is checked first. Then all are timed in turn, round after round, so that
// anything that slows the machine slows all alike.

import { cpus } from 'node:os';
import type { BenchCase, Expected } from '../cases/bench-case.ts';
import type { Contestant } from '../contestants.ts';
import type { Setting } from '../setting.ts';
import type { Program } from '../process/contestant-process.ts';
import { ContestantProcess, oneLine } from '../process/contestant-process.ts';
import type { MemoryHeld, Ran } from '../process/protocol.ts';
import { checkOutputs } from './check.ts';
import { ProblemFolder } from './problem-folder.ts';
import { busySeconds, quiet } from './quiet.ts';

export interface Plan {
  readonly contestants: readonly Contestant[];
  /** The numbers of threads to measure with. */
  readonly threads: readonly number[];
  readonly rounds: number;
  /** Fewest seconds that a contestant is measured in a round; at least one run. */
  readonly seconds: number;
  /** Most seconds that a contestant's process may work on a case. */
  readonly limit: number;
  /** Waits before each round until other programs leave the processors alone. Default: `quiet`. */
  readonly settle?: () => Promise<void>;
}

/** A contestant with a setting and a number of threads, on one case. */
export interface Entry {
  readonly case: string;
  readonly contestant: string;
  readonly setting: string;
  readonly threads: number;
  /** The measurement, or the reason why there is none. */
  readonly result: Measured | { readonly reason: string };
}

export interface Measured {
  readonly engine: string;
  /** For each round, the median seconds of a run. */
  readonly rounds: readonly number[];
  /** Seconds of the fastest run of all. */
  readonly least: number;
  readonly runs: number;
  /** The worst error of the outputs, relative to their root mean square. */
  readonly error: number;
  readonly memory: MemoryHeld;
  /** For each round, the share of the processor that other programs used. */
  readonly others: readonly number[];
}

/** A contestant with right results, ready to be timed. */
interface Started {
  readonly entry: Omit<Entry, 'result'>;
  readonly process: ContestantProcess;
  readonly engine: string;
  readonly error: number;
  readonly rounds: Ran[];
  readonly others: number[];
  /** The reason why it cannot go on. */
  failure?: string;
}

interface Task {
  readonly benchCase: BenchCase;
  readonly folder: ProblemFolder;
  readonly expected: Readonly<Record<string, Expected>>;
  readonly plan: Plan;
}

/** One entry for each contestant, setting and number of threads. */
export async function measure(benchCase: BenchCase, plan: Plan): Promise<Entry[]> {
  const arrays = benchCase.arrays();
  const expected = benchCase.expected(arrays);
  const folder = new ProblemFolder(benchCase.task, arrays, expected);
  try {
    const entries: Entry[] = [];
    for (const threads of plan.threads) entries.push(...(await measureTogether({ benchCase, folder, expected, plan }, threads)));
    return entries;
  } finally {
    folder.remove();
  }
}

async function measureTogether(task: Task, threads: number): Promise<Entry[]> {
  const { benchCase, plan } = task;
  // Contestants without threads are measured only with the smallest number of threads.
  const taking = plan.contestants.filter(({ threaded }) => threaded || threads === Math.min(...plan.threads));
  const entries: Entry[] = [];
  const started: Started[] = [];
  try {
    for (const contestant of taking) {
      for (const setting of contestant.settings(benchCase.task)) {
        const one = await start(task, contestant, setting, contestant.threaded ? threads : 1);
        if ('process' in one) started.push(one);
        else entries.push(one);
      }
    }
    for (let round = 0; round < plan.rounds; round++) {
      for (const one of started) if (mayGoOn(one)) await oneRound(one, plan);
    }
    for (const one of started) entries.push(await finish(one));
    return entries;
  } finally {
    for (const { process } of started) process.end();
  }
}

async function start(
  { benchCase, folder, expected, plan }: Task,
  contestant: Contestant,
  setting: Setting,
  threads: number,
): Promise<Started | Entry> {
  const entry = { case: benchCase.name, contestant: contestant.name, setting: setting.label, threads };
  let program: Program;
  try {
    program = contestant.program(folder.write(threads, setting.options), threads, setting.environment);
  } catch (error) {
    return { ...entry, result: { reason: reasonOf(error) } };
  }
  const process = new ContestantProcess(program, plan.limit);
  try {
    const { engine } = await process.ready();
    const { outputs } = await process.ask({ command: 'check' });
    const error = checkOutputs(outputs, expected, benchCase.tolerance);
    await warmUp(process, plan.seconds);
    return { entry, process, engine, error, rounds: [], others: [] };
  } catch (error) {
    process.end();
    return { ...entry, result: { reason: reasonOf(error) } };
  }
}

/** Runs or seconds of warming up: engines interpret JavaScript at first, and compile it during the first runs. */
const WARM = { runs: 100, seconds: 6 };

async function warmUp(process: ContestantProcess, seconds: number): Promise<void> {
  const { median, runs } = await process.ask({ command: 'run', seconds });
  const more = Math.min(WARM.seconds, (WARM.runs - runs) * median);
  if (more > 0 && process.left > 3 * more) await process.ask({ command: 'run', seconds: more });
}

/** Whether the process has time for one more round like the last. */
function mayGoOn({ failure, rounds, process }: Started): boolean {
  const last = rounds.at(-1);
  return failure === undefined && (last === undefined || process.left > 1.5 * last.median);
}

async function oneRound(one: Started, { seconds, settle = quiet }: Plan): Promise<void> {
  await settle();
  const before = busySeconds();
  const begin = performance.now();
  try {
    const ran = await one.process.ask({ command: 'run', seconds });
    const elapsed = (performance.now() - begin) / 1000;
    one.rounds.push(ran);
    one.others.push(Math.max(0, busySeconds() - before - ran.processorSeconds) / (elapsed * cpus().length));
  } catch (error) {
    one.failure = reasonOf(error);
  }
}

async function finish({ entry, process, engine, error, rounds, others, failure }: Started): Promise<Entry> {
  if (failure !== undefined) return { ...entry, result: { reason: failure } };
  try {
    const memory = await process.ask({ command: 'memory' });
    const least = Math.min(...rounds.map((ran) => ran.least));
    const runs = rounds.reduce((sum, ran) => sum + ran.runs, 0);
    return { ...entry, result: { engine, rounds: rounds.map(({ median }) => median), least, runs, error, memory, others } };
  } catch (reason) {
    return { ...entry, result: { reason: reasonOf(reason) } };
  }
}

function reasonOf(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : String(error));
}
