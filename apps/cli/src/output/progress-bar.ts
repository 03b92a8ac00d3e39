// A progress bar. It is drawn on standard error, and only on a terminal, so that standard output holds only results.

import { SingleBar } from 'cli-progress';
import type { Params } from 'cli-progress';
import { colorsFor } from './terminal.ts';
import type { Colors } from './terminal.ts';

export class ProgressBar {
  private readonly bar: SingleBar | undefined;
  private title = '';
  private parts: readonly string[] = [];

  constructor(options: { readonly hidden: boolean }) {
    if (options.hidden || !process.stderr.isTTY) return;
    const colors = colorsFor(process.stderr);
    this.bar = new SingleBar({
      stream: process.stderr,
      fps: 8,
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false, // interruption.ts handles signals
      format: (_options: unknown, { progress, maxWidth }: Params) => progressLine(this.title, progress, this.parts, maxWidth, colors),
    });
    // Shows the cursor again, however the process ends.
    process.once('exit', () => this.stop());
  }

  start(title: string, total: number, done = 0): void {
    this.title = title;
    this.parts = [];
    this.bar?.start(total, done);
  }

  /** @param parts texts after the bar, the most important first */
  update(done: number, parts: readonly string[]): void {
    this.parts = parts;
    this.bar?.update(done);
  }

  /** Passes the elements of a source through, and counts them on the bar. */
  async *through<T>(source: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    let done = 0;
    for await (const item of source) {
      yield item;
      this.update(++done, []);
    }
  }

  /** Clears the line. */
  stop(): void {
    this.bar?.stop();
  }
}

const longestBar = 30;
const shortestBar = 8;

/** The line of the bar in `width` columns; the least important parts are dropped first. */
export function progressLine(title: string, progress: number, parts: readonly string[], width: number, colors: Colors): string {
  const share = ` ${String(Math.floor(progress * 100)).padStart(3)}%`;
  // One column stays free: some terminals begin a new line when the last one is filled.
  const room = width - 1 - title.length - 1 - share.length;
  const shown = [...parts];
  const needed = () => shown.reduce((sum, part) => sum + part.length + 2, 0);
  while (shown.length > 0 && room - needed() < shortestBar) shown.pop();
  const length = Math.max(0, Math.min(longestBar, room - needed()));
  const full = Math.round(length * progress);
  const rest = colors.isColorSupported ? '━' : '─';
  return [`${title} ${colors.cyan('━'.repeat(full))}${colors.dim(rest.repeat(length - full))}${share}`, ...shown].join('  ');
}
