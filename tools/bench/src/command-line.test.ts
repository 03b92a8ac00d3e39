import { availableParallelism } from 'node:os';
import { CommanderError } from 'commander';
import { afterEach, expect, test, vi } from 'vitest';
import type { Known, Options } from './command-line.ts';
import { parseOptions, runCommand } from './command-line.ts';

const known: Known = {
  cases: ['matmul-1024', 'matmul-1024-ta', 'conv-stem', 'add-8'],
  engines: ['native', 'wasm'],
  peers: ['pytorch', 'numpy', 'tfjs-cpu', 'tfjs-wasm'],
};
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});
const parse = (...args: string[]): Options => parseOptions(args, known);

test('everything, unless told', () => {
  expect(parse()).toEqual({
    cases: known.cases,
    contestants: ['sinapse-native', 'sinapse-wasm', ...known.peers],
    rounds: 7,
    threads: [...new Set([1, availableParallelism()])],
    quick: false,
    limit: 120,
    out: undefined,
    writeDocs: false,
  });
  expect(parse('--quick')).toMatchObject({ rounds: 2, quick: true, limit: 30 });
  expect(parse('--quick', '--rounds', '5', '--limit', '9')).toMatchObject({ rounds: 5, limit: 9 });
});

test('names, or how they begin, in the order of the table; a whole name means that one alone', () => {
  expect(parse('--cases', 'add-8,matmul').cases).toEqual(['matmul-1024', 'matmul-1024-ta', 'add-8']);
  expect(parse('--cases', 'matmul-1024').cases).toEqual(['matmul-1024']);
  expect(parse('--peers', 'tfjs, numpy').contestants).toEqual(['sinapse-native', 'sinapse-wasm', 'numpy', 'tfjs-cpu', 'tfjs-wasm']);
  expect(parse('--engines', 'wasm', '--peers', 'none').contestants).toEqual(['sinapse-wasm']);
});

test('threads are numbers, each once, ascending', () => {
  expect(parse('--threads', '4,1,4').threads).toEqual([1, 4]);
});

test.each([
  [['--cases', 'matmul-1025'], "There is no case 'matmul-1025'; did you mean matmul-1024?"],
  [['--cases', ''], "There is no case ''"],
  [['--cases', 'none'], "There is no case 'none'"],
  [['--peers', 'pytroch'], "There is no peer 'pytroch'; did you mean pytorch?"],
  [['--peers', 'numpy,'], "There is no peer ''"],
  [['--engines', 'xyzzy'], "There is no engine 'xyzzy'; there are native, wasm"],
  [['--rounds', '0'], 'Expected a whole number from 1 to 1000.'],
  [['--rounds', '1.5'], 'Expected a whole number from 1 to 1000.'],
  [['--rounds', '-3'], 'Expected a whole number from 1 to 1000.'],
  [['--limit', '0'], 'Expected a whole number from 1 to 86400.'],
  [['--threads', '1,,2'], 'Expected a whole number from 1 to 256.'],
  [['--threads', 'two'], 'Expected a whole number from 1 to 256.'],
  [['--case', 'add-8'], "unknown option '--case'"],
  [['--out'], 'argument missing'],
  [['matmul'], 'too many arguments'],
])('%j: %s', (args, message) => {
  expect(() => parse(...args)).toThrow(message);
});

test.each([
  [
    new CommanderError(1, 'commander.unknownOption', "error: unknown option '--thread'\n(Did you mean --threads?)"),
    2,
    "error: unknown option '--thread' (Did you mean --threads?)",
  ],
  [new Error('it is wrong'), 1, 'bench: it is wrong'],
])('a program that fails says why in one line: %s', async (error, status, line) => {
  const printed = vi.spyOn(console, 'error').mockReturnValue();
  await runCommand('bench', () => Promise.reject(error));
  expect(printed.mock.calls).toEqual([[line]]);
  expect(process.exitCode).toBe(status);
});
