// All standard output goes through here: lines for people, or with --json one object a line for programs, never both.

import { colorsFor, widthOf } from './terminal.ts';
import type { Colors } from './terminal.ts';

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

  /** Writes a line for people. */
  line(text = ''): void {
    if (!this.json) process.stdout.write(`${text}\n`);
  }

  /** Writes an event for programs. */
  event(event: { readonly event: string; readonly [member: string]: unknown }): void {
    if (this.json) process.stdout.write(`${JSON.stringify(event)}\n`);
  }
}
