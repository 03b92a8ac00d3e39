// The options of `pnpm bench`.

import { availableParallelism } from 'node:os';
import { suggestion } from '@sinapse/core';
import { Command, CommanderError, InvalidArgumentError } from 'commander';

export interface Options {
  /** Names of cases, in the order of the table. */
  readonly cases: readonly string[];
  /** Names of contestants; the engines of Sinapse come first. */
  readonly contestants: readonly string[];
  readonly rounds: number;
  /** Numbers of threads, ascending. */
  readonly threads: readonly number[];
  readonly quick: boolean;
  /** Most seconds that a process may work on a case. */
  readonly limit: number;
  /** The folder that bench.md and bench.json are written to. */
  readonly out: string | undefined;
  readonly writeDocs: boolean;
}

export interface Known {
  readonly cases: readonly string[];
  readonly engines: readonly string[];
  readonly peers: readonly string[];
}

export const MOST_ROUNDS = 1000;
export const MOST_THREADS = 256;
const MOST_SECONDS = 86_400;

/** @throws CommanderError with a message of one line when the arguments are wrong; with `exitCode` 0 after `--help` */
export function parseOptions(args: readonly string[], known: Known): Options {
  const all = [1, availableParallelism()].filter((count, i, list) => list.indexOf(count) === i);
  const command = new Command('pnpm bench')
    .description('Measure Sinapse beside other libraries; wrong results are not timed.')
    .helpOption('-h, --help', 'show this help')
    .option('--cases <names>', 'cases, or how their names begin, with commas (default: all)', names('case', known.cases))
    .option('--engines <names>', `engines of Sinapse: ${known.engines.join(', ')}, or none (default: all)`, names('engine', known.engines))
    .option('--peers <names>', 'libraries to compare with, or none (default: all)', names('peer', known.peers))
    .option('--rounds <n>', 'how often each is measured in turn (default: 7)', wholeNumber(MOST_ROUNDS))
    .option('--threads <numbers>', `numbers of threads, with commas (default: ${all.join(',')})`, threadCounts)
    .option('--quick', 'two short rounds: a first impression')
    .option('--limit <seconds>', 'how long a contestant may work on a case (default: 120, --quick 30)', wholeNumber(MOST_SECONDS))
    .option('--out <folder>', 'write bench.md and bench.json there')
    .option('--write-docs', 'put the tables into docs/performance/all-peers.md')
    .addHelpText('after', `\nCases: ${known.cases.join(', ')}\nPeers: ${known.peers.join(', ')}`)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ outputError: () => {} }); // the caller prints the error's message
  command.parse(args, { from: 'user' });
  const given = command.opts<{
    cases?: string[];
    engines?: string[];
    peers?: string[];
    rounds?: number;
    threads?: number[];
    quick?: boolean;
    limit?: number;
    out?: string;
    writeDocs?: boolean;
  }>();
  return {
    cases: given.cases ?? known.cases,
    contestants: [...(given.engines ?? known.engines).map((engine) => `sinapse-${engine}`), ...(given.peers ?? known.peers)],
    rounds: given.rounds ?? (given.quick ? 2 : 7),
    threads: given.threads ?? all,
    quick: given.quick ?? false,
    limit: given.limit ?? (given.quick ? 30 : 120),
    out: given.out,
    writeDocs: given.writeDocs ?? false,
  };
}

/** Makes a parser of known names or their beginnings; it returns full names in the known order. */
function names(what: string, known: readonly string[]): (value: string) => string[] {
  return (value) => {
    if (value === 'none' && what !== 'case') return [];
    const wanted = value.split(',').map((word) => word.trim());
    for (const word of wanted) {
      if (word !== '' && known.some((name) => name.startsWith(word))) continue;
      throw new InvalidArgumentError(`There is no ${what} '${word}'; ${suggestion(word, known)}`);
    }
    // A full name selects only itself: `matmul-1024` does not select `matmul-1024-ta`.
    return known.filter((name) => wanted.some((word) => (known.includes(word) ? name === word : name.startsWith(word))));
  };
}

/** Reads a whole number from 1 to `most`. @throws InvalidArgumentError for anything else */
export function wholeNumber(most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < 1 || number > most) throw new InvalidArgumentError(`Expected a whole number from 1 to ${most}.`);
    return number;
  };
}

function threadCounts(value: string): number[] {
  const counts = value.split(',').map((word) => wholeNumber(MOST_THREADS)(word.trim()));
  return [...new Set(counts)].sort((a, b) => a - b);
}

/** Runs a program of this package; what it throws is one line: exit status 2 for wrong arguments, 1 for all else. */
export async function runCommand(name: string, program: () => Promise<void>): Promise<void> {
  try {
    await program();
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) console.error(error.message.replaceAll('\n', ' '));
      process.exitCode = error.exitCode === 0 ? 0 : 2;
    } else {
      console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
}
