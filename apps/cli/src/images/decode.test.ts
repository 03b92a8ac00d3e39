import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeImage } from './decode.ts';

const folder = mkdtempSync(join(tmpdir(), 'sinapse-decode-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An image of two pixels, one dark and one light. */
const pair = sharp(Uint8Array.of(10, 20, 30, 200, 210, 220), { raw: { width: 2, height: 1, channels: 3 } });

async function written(name: string, image: Sharp): Promise<string> {
  const path = join(folder, name);
  await image.toFile(path);
  return path;
}

describe('an image file', () => {
  it('is read in colour and in grey', async () => {
    const path = await written('pair.png', pair.clone().png());
    expect(await decodeImage(path, 3)).toMatchObject({ width: 2, height: 1, channels: 3, data: Uint8Array.of(10, 20, 30, 200, 210, 220) });
    const grey = await decodeImage(path, 1);
    expect(grey.data).toHaveLength(2);
    expect(grey.data[0]!).toBeLessThan(60);
    expect(grey.data[1]!).toBeGreaterThan(200);
  });

  it('is an array of its own, so that sorting a copy leaves it alone', async () => {
    const { data } = await decodeImage(await written('own.png', pair.clone().png()), 3);
    data.slice().reverse();
    expect([...data]).toEqual([10, 20, 30, 200, 210, 220]);
  });

  it('may have 16 bits, a palette, or no colour', async () => {
    const grey = sharp(Uint8Array.of(0, 128, 255, 64), { raw: { width: 2, height: 2, channels: 1 } });
    const files = [
      await written('grey16.png', grey.clone().toColourspace('grey16').png()),
      await written('palette.png', grey.clone().png({ palette: true })),
      await written('grey.tiff', grey.clone().tiff({ compression: 'lzw' })),
    ];
    for (const file of files) {
      const { data } = await decodeImage(file, 1);
      [0, 128, 255, 64].forEach((value, i) => expect(Math.abs(data[i]! - value)).toBeLessThanOrEqual(2));
      expect((await decodeImage(file, 3)).data).toHaveLength(12);
    }
  });

  it('is turned upright', async () => {
    const path = await written(
      'turned.jpg',
      sharp({ create: { width: 20, height: 10, channels: 3, background: '#888' } })
        .jpeg()
        .withMetadata({ orientation: 6 }),
    );
    expect(await decodeImage(path, 1)).toMatchObject({ width: 10, height: 20 });
  });

  it.each([
    ['dark', 0],
    ['light', 255],
  ])('with a %s drawing on nothing gets a background it stands out from', async (name, level) => {
    const clear = [255 - level, 255 - level, 255 - level, 0];
    const pixels = Uint8Array.from([...clear, level, level, level, 255, ...clear]);
    const path = await written(`${name}.png`, sharp(pixels, { raw: { width: 3, height: 1, channels: 4 } }).png());
    expect([...(await decodeImage(path, 1)).data]).toEqual([255 - level, level, 255 - level]);
  });

  it('is made smaller when it is large', async () => {
    const path = await written('large.png', sharp({ create: { width: 3000, height: 20, channels: 3, background: '#888' } }).png());
    expect((await decodeImage(path, 1)).width).toBe(1024);
  });
});

describe('a file that is no image', () => {
  it.each([
    ['empty.png', '', 'is empty'],
    ['text.png', 'hello', 'is no image that can be read'],
  ])('is refused: %s', async (name, content, message) => {
    writeFileSync(join(folder, name), content);
    await expect(decodeImage(join(folder, name), 1)).rejects.toThrow(message);
  });

  it('is refused when it is cut off', async () => {
    const bytes = await sharp({ create: { width: 300, height: 300, channels: 3, background: '#888' } })
      .png({ compressionLevel: 0 })
      .toBuffer();
    writeFileSync(join(folder, 'cut.png'), bytes.subarray(0, 1000));
    await expect(decodeImage(join(folder, 'cut.png'), 1)).rejects.toThrow('is a damaged image');
  });

  it('is refused when it claims to be enormous', async () => {
    writeFileSync(join(folder, 'bomb.svg'), '<svg xmlns="http://www.w3.org/2000/svg" width="30000" height="30000"/>');
    await expect(decodeImage(join(folder, 'bomb.svg'), 1)).rejects.toThrow('more than 100 million pixels');
  });

  it('is refused when it is a folder or missing', async () => {
    await expect(decodeImage(folder, 1)).rejects.toMatchObject({ code: 'EISDIR', path: folder });
    await expect(decodeImage(join(folder, 'nowhere.png'), 1)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
