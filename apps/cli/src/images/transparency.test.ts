import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from './decode.ts';
import { asMnist } from './digit.ts';

const ink = '<path d="M60 60H140L90 150" fill="none" stroke-width="14" stroke="INK"/>';
const card = '<rect x="30" y="30" width="140" height="140" rx="RADIUS" fill="PAPER"/>';

/** An SVG of 200 times 200 pixels; what it does not draw on is transparent. */
const svg = (content: string) => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200">${content}</svg>`);
const seven = (colour: string) => ink.replace('INK', colour);
const sevenOnCard = (colour: string, paper: string, radius = 0) =>
  card.replace('PAPER', paper).replace('RADIUS', String(radius)) + seven(colour);

async function digit(bytes: Buffer): Promise<Uint8Array> {
  return asMnist(await decodeImage(bytes, 1), 28, 'auto')!.data;
}

/** The same 7, black on an opaque white page. */
const expected = digit(svg(`<rect width="200" height="200" fill="#fff"/>${seven('#000')}`));

/** Mean difference of two images, in grey levels. */
const difference = (a: Uint8Array, b: Uint8Array) => a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;

describe('a 7 is the same 7', () => {
  it.each([
    ['black on nothing', seven('#000')],
    ['white on nothing', seven('#fff')],
    ['blue on nothing', seven('#2040c0')],
    ['yellow on nothing', seven('#ffe040')],
    ['black on a white card', sevenOnCard('#000', '#fff')],
    ['white on a black card', sevenOnCard('#fff', '#000')],
    ['black on a round white card', sevenOnCard('#000', '#fff', 70)],
    ['blue on a beige card', sevenOnCard('#2030a0', '#f0e8d0', 20)],
    ['white on a blue card', sevenOnCard('#fff', '#2060c0', 20)],
    ['black on a white card on a black table', `<rect width="200" height="200" fill="#000"/>${sevenOnCard('#000', '#fff')}`],
    ['blue on a grey card on a dark table', `<rect width="200" height="200" fill="#402818"/>${sevenOnCard('#2030a0', '#d0d0d0')}`],
    ['dark with a white outline on nothing', seven('#fff').replace('14', '26') + seven('#000')],
  ])('%s', async (_, content) => {
    const png = await sharp(svg(content)).png().toBuffer();
    expect(difference(await digit(png), await expected)).toBeLessThan(6);
  });

  const onCard = sharp(svg(sevenOnCard('#000', '#fff')));
  it.each([
    ['grey and alpha', () => onCard.clone().toColourspace('b-w').png()],
    ['a palette with transparency', () => onCard.clone().png({ palette: true })],
    ['16 bits and alpha', () => onCard.clone().toColourspace('rgb16').png()],
    ['WebP', () => onCard.clone().webp({ lossless: true })],
    ['GIF', () => onCard.clone().gif()],
    ['TIFF', () => onCard.clone().tiff({ compression: 'lzw' })],
    ['SVG', () => ({ toBuffer: () => Promise.resolve(svg(sevenOnCard('#000', '#fff'))) })],
  ])('in a file of %s', async (_, file) => {
    expect(difference(await digit(await file().toBuffer()), await expected)).toBeLessThan(6);
  });
});

it('that is drawn with ink of several tones stands out as a whole', async () => {
  const gradient = '<linearGradient id="g"><stop stop-color="#000"/><stop offset="1" stop-color="#a0a0a0"/></linearGradient>';
  const { data } = await decodeImage(svg(gradient + seven('url(#g)')), 1);
  expect(data[0]).toBe(255);
});

it('of an image without an opaque pixel is white', async () => {
  expect([...(await decodeImage(svg(''), 1)).data.subarray(0, 3)]).toEqual([255, 255, 255]);
});
