// Data sets in a page: the same bytes as in Node, and images through the browser's own decoder.

import { decodeImage } from '@sinapse/datasets/node';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Task } from '../pages/datasets/main.ts';
import { hashes } from '../pages/datasets/program.ts';
import { chromium } from './chromium.ts';
import { openPage } from './open-page.ts';

interface Outcome {
  readonly hashes: Readonly<Record<string, string>>;
  readonly pictures: readonly { readonly data: number[]; readonly height: number; readonly width: number; readonly channels: number }[];
  readonly refused: string;
}

test.skipIf(chromium === undefined)(
  'augmentation and synthetic sets give the bytes of Node; images are upright, on their background, and scaled (needs Chromium)',
  { timeout: 120_000 },
  async () => {
    const pixels = Uint8Array.from({ length: 16 * 8 * 3 }, (_, i) => (Math.floor(i / 3) % 16 < 8 ? 200 : 40) + 3 * (i % 3));
    const image = () => sharp(pixels, { raw: { width: 16, height: 8, channels: 3 } });
    const files: [file: Buffer, options: Task['options']][] = [
      [await image().png().toBuffer(), {}],
      [await image().jpeg({ quality: 100 }).withMetadata({ orientation: 6 }).toBuffer(), {}],
      [await image().ensureAlpha(0).png().toBuffer(), { background: 7 }],
      [await image().toColourspace('rgb16').png().toBuffer(), { channels: 3 }],
      [await image().webp({ lossless: true }).toBuffer(), { size: 4, fit: 'fill' }],
    ];
    const tasks = files.map(([file, options]) => ({ file: file.toString('base64'), options }));
    const { outcome, problems } = await openPage<Outcome>('datasets', { files: { 'tasks.json': JSON.stringify(tasks) } });
    expect(problems).toEqual([]);
    expect(outcome.hashes).toEqual(await hashes());
    const [plain, turned, clear, deep, scaled] = outcome.pictures;
    expect(plain).toEqual({ data: [...pixels], height: 8, width: 16, channels: 3 });
    expect([turned!.height, turned!.width]).toEqual([16, 8]);
    const upright = await decodeImage(files[1]![0]);
    // Two decoders of JPEG may differ by a step in luma and in chroma.
    turned!.data.forEach((value, i) => expect(Math.abs(value - upright.data[i]!)).toBeLessThanOrEqual(4));
    expect(new Set(clear!.data)).toEqual(new Set([7]));
    deep!.data.forEach((value, i) => expect(Math.abs(value - pixels[i]!)).toBeLessThanOrEqual(1));
    expect([scaled!.height, scaled!.width, scaled!.data[0], scaled!.data.at(-1)]).toEqual([4, 4, 200, 46]);
    expect(outcome.refused).toBe('decodeInBrowser: this is no image that the browser can decode');
  },
);
