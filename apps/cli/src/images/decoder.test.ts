import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { Decoder } from './decoder.ts';

const folder = mkdtempSync(join(tmpdir(), 'sinapse-decoder-'));
const decoder = new Decoder(10);
afterAll(() => {
  decoder.close();
  rmSync(folder, { recursive: true });
});

/** An SVG of 2 KB whose last group draws a blurred circle 10^5 times: it would take hours. */
function endlessDrawing(): string {
  let groups = '<g id="a0"><circle cx="50" cy="50" r="40" filter="url(#f)"/></g>';
  for (let i = 1; i <= 5; i++) groups += `<g id="a${i}">${`<use href="#a${i - 1}" x="${i}" opacity=".9"/>`.repeat(10)}</g>`;
  const filter = '<filter id="f"><feGaussianBlur stdDeviation="20"/><feTurbulence baseFrequency=".1" numOctaves="9"/></filter>';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="1000">${filter}<defs>${groups}</defs><use href="#a5"/></svg>`;
}

const pair = sharp(Uint8Array.of(10, 20, 30, 200, 210, 220), { raw: { width: 2, height: 1, channels: 3 } });

it('passes the pixels of an image on', async () => {
  await pair.clone().png().toFile(join(folder, 'pair.png'));
  const image = await decoder.decode(join(folder, 'pair.png'), 3);
  expect(image).toEqual({ width: 2, height: 1, channels: 3, data: Uint8Array.of(10, 20, 30, 200, 210, 220) });
});

it('gives up an image that takes too long, and reads the next one', async () => {
  const [slow, fast] = [join(folder, 'slow.svg'), join(folder, 'fast.png')];
  writeFileSync(slow, endlessDrawing());
  await pair.clone().png().toFile(fast);
  const impatient = new Decoder(1);
  try {
    await expect(impatient.decode(slow, 1)).rejects.toThrow(`${slow} takes longer than 1 seconds to draw; save it as PNG`);
  } finally {
    impatient.close();
  }
  expect((await decoder.decode(fast, 1)).data).toHaveLength(2);
});

it('reads the next image after one that cannot be read', async () => {
  writeFileSync(join(folder, 'text.png'), 'I am a text');
  await expect(decoder.decode(join(folder, 'text.png'), 1)).rejects.toThrow(`${join(folder, 'text.png')} is no image that can be read`);
  await expect(decoder.decode(folder, 1)).rejects.toMatchObject({ code: 'EISDIR', path: folder });
  await expect(decoder.decode(join(folder, 'nowhere.png'), 1)).rejects.toMatchObject({ code: 'ENOENT' });
  await pair.clone().png().toFile(join(folder, 'next.png'));
  expect((await decoder.decode(join(folder, 'next.png'), 1)).width).toBe(2);
});
