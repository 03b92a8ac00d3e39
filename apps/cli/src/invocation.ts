// How this program was started, so that the commands it suggests work when typed.

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

/** The same for words that need no quoting, such as patterns for the shell. */
export function example(words: string, argv: readonly string[] = process.argv, env: NodeJS.ProcessEnv = process.env): string {
  const start = program(argv, env);
  // Without --silent npm prints the command to standard output, where a program expects only JSON.
  return `${words.includes('--json') ? start.replace('npm start', 'npm start --silent') : start} ${words}`;
}

/** Quotes a word so that a shell takes it literally. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
