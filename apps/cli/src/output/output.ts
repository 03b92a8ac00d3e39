// All standard output goes through here: lines for people, or with --json one object a line for programs, never both.

import { commandLines } from '../invocation.ts';
import { colorsFor } from './terminal.ts';
import type { Colors } from './terminal.ts';
import { widthOf } from './width.ts';
import { wrapWords } from './wrap.ts';

export class Output {
  readonly json: boolean;
  readonly colors: Colors;

  constructor(options: { readonly json?: boolean }) {
    this.json = options.json ?? false;
    this.colors = colorsFor(process.stdout);
  }

  /** Columns of the terminal, read each time because its size may change. */
  get width(): number {
    return widthOf(process.stdout);
  }

  /** Writes a line for people; on a terminal it is broken at words. */
  line(text = ''): void {
    if (!this.json) for (const line of wrapWords(text, this.width)) process.stdout.write(`${line}\n`);
  }

  /** Writes a command line of this program to try. */
  command(args: readonly string[]): void {
    if (!this.json) for (const line of commandLines(args, this.width)) process.stdout.write(`${line}\n`);
  }

  /** Writes an event for programs. */
  event(event: { readonly event: string; readonly [member: string]: unknown }): void {
    if (this.json) process.stdout.write(`${JSON.stringify(event)}\n`);
  }
}
