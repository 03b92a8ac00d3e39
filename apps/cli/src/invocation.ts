// How this program was started, so that the commands it proposes work as they are typed.

import { basename, relative } from 'node:path';

/** The words before the command, e.g. `sinapse` or `npm start --`. */
function program(argv: readonly string[], env: NodeJS.ProcessEnv): string {
  if (env['npm_lifecycle_event'] === 'start') return 'npm start --';
  const script = argv[1] ?? 'sinapse';
  if (basename(script) === 'sinapse') return 'sinapse';
  const path = relative(process.cwd(), script);
  return `node ${quote(path.startsWith('..') ? script : path)}`;
}

/** A command line of this program, ready to be typed. */
export function asTyped(args: readonly string[], argv: readonly string[] = process.argv, env: NodeJS.ProcessEnv = process.env): string {
  return [program(argv, env), ...args.map(quote)].join(' ');
}

/** The same for words that stand as they are, patterns for the shell included. */
export function example(words: string, argv: readonly string[] = process.argv, env: NodeJS.ProcessEnv = process.env): string {
  const start = program(argv, env);
  // npm says on standard output what it runs, unless told not to: nothing for a program that reads JSON.
  return `${words.includes('--json') ? start.replace('npm start', 'npm start --silent') : start} ${words}`;
}

/** A word as a shell takes it literally. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
