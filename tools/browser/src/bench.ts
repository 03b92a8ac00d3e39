// npm run bench:browser [-- NETWORK …]: times training on WebGL beside tfjs-layers in headless Chromium and prints a table.

import type { BenchOutcome } from '../pages/bench-webgl/main.ts';
import type { NetworkName } from '../pages/bench-webgl/networks.ts';
import { chromium } from './chromium.ts';
import { openPage } from './open-page.ts';
import { processorSeconds } from './processor-time.ts';

const NETWORKS: readonly NetworkName[] = ['lenet5', 'resnet20', 'lstm'];

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const shown = (value: number): string => (value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString('en-US'));

/** What a step took in each round. The first round compiles shaders. */
function row(what: string, steps: number, own: readonly number[], other: readonly number[]): string {
  const [mine, theirs] = [own.slice(1).map((time) => time / steps), other.slice(1).map((time) => time / steps)];
  const ratios = mine.map((time, k) => theirs[k]! / time);
  const first = `${shown(own[0]! / steps)}, ${shown(other[0]! / steps)}`;
  return `| ${what} | ${first} | ${shown(median(mine))} | ${shown(median(theirs))} | ${shown(median(ratios))} (${ratios.map(shown).join(', ')}) |`;
}

function rowsOf({ title, batch, steps, sinapse, tfjs }: BenchOutcome): string {
  const distance = Math.abs(sinapse[0]!.losses[0]! - tfjs[0]!.losses[0]!);
  if (!(distance < 1e-3)) throw new Error(`${title}: the losses of the first step differ by ${distance}: these are not the same networks`);
  const column = (which: 'milliseconds' | 'processor'): [number[], number[]] => [sinapse.map((r) => r[which]), tfjs.map((r) => r[which])];
  const rows = [row(`${title}, batch ${batch}`, steps, ...column('milliseconds'))];
  const [own, other] = column('processor');
  return (Number.isNaN(own[0]) ? rows : [...rows, row('… processor time', steps, own, other)]).join('\n');
}

/** @param names of the networks, all unless given */
export async function bench(names: readonly string[]): Promise<void> {
  if (chromium === undefined) throw new Error('bench:browser needs Chromium: install it, or set CHROMIUM_PATH');
  const unknown = names.find((name) => !NETWORKS.includes(name as NetworkName));
  if (unknown !== undefined) throw new Error(`bench:browser: ${unknown} is no network; there are ${NETWORKS.join(', ')}`);
  console.log(
    '| a step, with Adam | first round, both | Sinapse, ms | tfjs-layers, ms | ratio, median (rounds) |\n| --- | --- | --- | --- | --- |',
  );
  let device: string | undefined;
  for (const name of names.length === 0 ? NETWORKS : names) {
    const { outcome } = await openPage<BenchOutcome>('bench-webgl', { query: `?network=${name}`, functions: { processorSeconds } });
    console.log(rowsOf(outcome));
    ({ device } = outcome);
  }
  console.log(`\non ${device ?? 'an unnamed device'}`);
}
