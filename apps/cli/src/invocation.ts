// How this program was started, so that the commands it suggests work when typed.

import { basename, relative } from 'node:path';
import { wrapCommand } from './output/wrap.ts';
import { continuation, quoteArgument, shellOf } from './platform.ts';

/** What started this program, and where. */
export interface Invocation {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
}

/** The words before the command, e.g. `sinapse`, or `npm`, `start` and `--`. */
function program({ argv, env, platform }: Invocation): string[] {
  if (env['npm_lifecycle_event'] === 'start') return ['npm', 'start', '--'];
  const script = argv[1] ?? 'sinapse';
  if (basename(script) === 'sinapse') return ['sinapse'];
  const path = relative(process.cwd(), script);
  return ['node', quoteArgument(path.startsWith('..') ? script : path, shellOf(platform, env))];
}

function typedWords(args: readonly string[], invocation: Invocation): string[] {
  return [...program(invocation), ...args.map((word) => quote(word, invocation))];
}

/** A command line of this program, ready to be typed. */
export function asTyped(args: readonly string[], invocation: Invocation = process): string {
  return typedWords(args, invocation).join(' ');
}

/** The same in lines of at most `width` columns, indented by two, where the words allow it. */
export function commandLines(args: readonly string[], width: number, invocation: Invocation = process): string[] {
  return wrapCommand(typedWords(args, invocation), width, '  ', continuation(shellOf(invocation.platform, invocation.env)));
}

/** A command line for help, of words that need no quoting, such as patterns for the shell; in lines as `commandLines` gives them. */
export function example(words: string, width: number, invocation: Invocation = process): string[] {
  const start = program(invocation);
  // Without --silent npm prints the command to standard output, where a program expects only JSON.
  const silent = words.includes('--json') ? start.map((word) => (word === 'start' ? 'start --silent' : word)) : start;
  const end = continuation(shellOf(invocation.platform, invocation.env));
  return wrapCommand([...silent, ...words.split(' ')], width, '  ', end);
}

/** Quotes a word so that the user's shell takes it literally. */
export function quote(word: string, { env, platform }: Invocation = process): string {
  return quoteArgument(word, shellOf(platform, env));
}
