// pnpm bench:browser: times training on WebGL beside tfjs-layers in headless Chromium and prints a table.

import type { BenchOutcome } from '../pages/bench-webgl/main.ts';
import { chromium } from './chromium.ts';
import { openPage } from './open-page.ts';

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Runs the page and prints what it measured; the first round of each contestant compiles shaders and is shown apart. */
export async function bench(): Promise<void> {
  if (chromium === undefined) throw new Error('bench:browser needs Chromium: install it, or set CHROMIUM_PATH');
  const { outcome } = await openPage<BenchOutcome>('bench-webgl');
  const { device, batch, steps, sinapse, tfjs } = outcome;
  const perStep = (rounds: BenchOutcome['tfjs']): number[] => rounds.map(({ milliseconds }) => milliseconds / steps);
  const [own, other] = [perStep(sinapse), perStep(tfjs)];
  const ratios = own.slice(1).map((time, k) => other[k + 1]! / time);
  const shown = (value: number): string => value.toFixed(value < 10 ? 2 : 0);
  console.log(`LeNet-5 + Adam, batch ${batch}, on ${device ?? 'an unnamed device'}; ${steps} steps a round, in turns

| what                      | Sinapse, ms | tfjs-layers, ms | ratio |
| ------------------------- | ----------- | --------------- | ----- |
| a step, first round       | ${shown(own[0]!)} | ${shown(other[0]!)} | ${shown(other[0]! / own[0]!)} |
| a step, median of ${ratios.length} rounds | ${shown(median(own.slice(1)))} | ${shown(median(other.slice(1)))} | ${shown(median(ratios))} (${ratios.map(shown).join(', ')}) |`);
}
