import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from './decode.ts';

/** An image of two pixels, one dark and one light. */
const pair = sharp(Uint8Array.of(10, 20, 30, 200, 210, 220), { raw: { width: 2, height: 1, channels: 3 } });

describe('an image file', () => {
  it('is read in colour and in grey', async () => {
    const bytes = await pair.clone().png().toBuffer();
    expect(await decodeImage(bytes, 3)).toMatchObject({ width: 2, height: 1, channels: 3, data: Uint8Array.of(10, 20, 30, 200, 210, 220) });
    const grey = await decodeImage(bytes, 1);
    expect(grey.data).toHaveLength(2);
    expect(grey.data[0]!).toBeLessThan(60);
    expect(grey.data[1]!).toBeGreaterThan(200);
  });

  it('is an array of its own, so that sorting a copy leaves it alone', async () => {
    const { data } = await decodeImage(await pair.clone().png().toBuffer(), 3);
    data.slice().reverse();
    expect([...data]).toEqual([10, 20, 30, 200, 210, 220]);
  });

  it('may have 16 bits, a palette, or no colour', async () => {
    const grey = sharp(Uint8Array.of(0, 128, 255, 64), { raw: { width: 2, height: 2, channels: 1 } });
    const files = [
      await grey.clone().toColourspace('grey16').png().toBuffer(),
      await grey.clone().png({ palette: true }).toBuffer(),
      await grey.clone().tiff({ compression: 'lzw' }).toBuffer(),
    ];
    for (const file of files) {
      const { data } = await decodeImage(file, 1);
      [0, 128, 255, 64].forEach((value, i) => expect(Math.abs(data[i]! - value)).toBeLessThanOrEqual(2));
      expect((await decodeImage(file, 3)).data).toHaveLength(12);
    }
  });

  it('is turned upright', async () => {
    const bytes = await sharp({ create: { width: 20, height: 10, channels: 3, background: '#888' } })
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer();
    expect(await decodeImage(bytes, 1)).toMatchObject({ width: 10, height: 20 });
  });

  it('is made smaller when it is large', async () => {
    const bytes = await sharp({ create: { width: 3000, height: 20, channels: 3, background: '#888' } })
      .png()
      .toBuffer();
    expect((await decodeImage(bytes, 1)).width).toBe(1024);
  });
});

describe('a file that is no image', () => {
  it.each([
    ['', 'is empty'],
    ['hello', 'is no image that can be read'],
    ['<svg xmlns="http://www.w3.org/2000/svg" width="30000" height="30000"/>', 'has more than 100 million pixels'],
    ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'is a HEIC photograph, as telephones take them, which cannot be read: save it as JPEG or PNG'],
    ['%PDF-1.7\n', 'is a PDF document, which cannot be read: save its page as PNG'],
    ['\0\0\0\x1Cftypavif\0\0\0\0avifmif1miaf', 'is a damaged image'],
  ])('is refused: %j', async (content, message) => {
    await expect(decodeImage(Buffer.from(content, 'latin1'), 1)).rejects.toThrow(message);
  });

  it('is refused when it is cut off', async () => {
    const bytes = await sharp({ create: { width: 300, height: 300, channels: 3, background: '#888' } })
      .png({ compressionLevel: 0 })
      .toBuffer();
    await expect(decodeImage(bytes.subarray(0, 1000), 1)).rejects.toThrow('is a damaged image');
  });
});
