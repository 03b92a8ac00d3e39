// The contestant's side of the protocol in JavaScript; python/contestant.py is its Python counterpart.

import { readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { decodeSafetensors } from '@sinapse/formats';
import type { Job } from '../problem/task.ts';
import { median } from '../report/statistics.ts';
import type { Command, Checked, MemoryHeld, Ran } from './protocol.ts';

export type Arrays = ReadonlyMap<string, Float32Array | Int32Array>;

/** A task in a library's own terms, with its inputs loaded. */
export interface Contestant {
  /** The engine that computes: version, instruction set. */
  readonly engine: string;
  /** Does the task once, from the given inputs, and returns its outputs, row-major and channels last. */
  check(): Promise<Readonly<Record<string, ArrayLike<number>>>>;
  /** Does the task once, until the computation ends. Only this is timed. */
  run(): void | Promise<void>;
  memory?(): Omit<MemoryHeld, 'peakBytes'>;
}

const REPLIES = 3;
/** Shortest measurement in seconds, long enough for the clock's resolution; shorter runs are measured in groups. */
const SHORTEST = 200e-6;

/** Prepares the job named on the command line, then answers commands until the input ends. */
export async function serve(prepare: (job: Job, arrays: Arrays) => Promise<Contestant>): Promise<void> {
  try {
    const job = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Job;
    const contestant = await prepare(job, readArrays(job.arrays));
    reply({ engine: contestant.engine });
    for await (const line of createInterface({ input: process.stdin })) reply(await answer(JSON.parse(line) as Command, job, contestant));
    process.exit(0); // a library's threads may still be waiting for work
  } catch (error) {
    reply({ failed: error instanceof Error ? error.message : String(error) });
    process.exit(1);
  }
}

function readArrays(path: string): Arrays {
  const { arrays } = decodeSafetensors(readFileSync(path));
  return new Map([...arrays].map(([name, { data }]) => [name, data as Float32Array | Int32Array]));
}

function reply(message: object): void {
  let rest = Buffer.from(`${JSON.stringify(message)}\n`);
  while (rest.length > 0) rest = rest.subarray(writeSync(REPLIES, rest));
}

async function answer(command: Command, job: Job, contestant: Contestant): Promise<Checked | Ran | MemoryHeld> {
  switch (command.command) {
    case 'check':
      return { outputs: sampled(await contestant.check(), job.samples) };
    case 'run':
      return await runFor(command.seconds, () => contestant.run());
    case 'memory':
      return { peakBytes: largestResidentSet(), ...contestant.memory?.() };
  }
}

/** In bytes. On Linux getrusage may give the parent process's figure, so /proc is read first. */
function largestResidentSet(): number {
  try {
    return Number(/^VmHWM:\s*(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

function sampled(outputs: Readonly<Record<string, ArrayLike<number>>>, samples: Job['samples']): Checked['outputs'] {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, values]) => [name, samples[name]?.map((index) => values[index]!) ?? Array.from(values)]),
  );
}

async function runFor(seconds: number, run: () => void | Promise<void>): Promise<Ran> {
  const processorBefore = process.cpuUsage();
  const begin = performance.now();
  const times: number[] = [];
  let group = 1;
  let runs = 0;
  do {
    const start = performance.now();
    for (let i = 0; i < group; i++) {
      const pending = run();
      if (pending) await pending; // a synchronous run needs no turn of the event loop
    }
    const elapsed = (performance.now() - start) / 1000;
    runs += group;
    if (elapsed < SHORTEST && group < 1e6) group *= 2;
    else times.push(elapsed / group);
  } while ((performance.now() - begin) / 1000 < seconds || times.length === 0);
  const { user, system } = process.cpuUsage(processorBefore);
  return { median: median(times), least: Math.min(...times), runs, processorSeconds: (user + system) / 1e6 };
}
