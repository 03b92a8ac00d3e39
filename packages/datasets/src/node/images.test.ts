// Image files: every format, what EXIF, alpha and 16 bits mean, folders of all kinds, and files that are damaged.

import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readsMutated } from '../../test/mutated.ts';
import { randomFlip } from '../index.ts';
import { decodeImage, folderDataset, folderSplits, imageFolder, loadImages, writeImage } from './index.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sinapse-images-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Four colours, a quarter each, 16 wide and 8 high: red, green above, blue, white below. */
const COLOURS = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]; // prettier-ignore
const raw = Buffer.from(Array.from({ length: 128 }, (_, i) => COLOURS[(i >= 64 ? 2 : 0) + (i % 16 >= 8 ? 1 : 0)]!).flat());
const quarters = () => sharp(raw, { raw: { width: 16, height: 8, channels: 3 } });

/** The colours in the middles of the quarters, each channel as 0 or 1. */
const quartersOf = ({ data, width, height, channels }: { data: Uint8Array; width: number; height: number; channels: number }): string =>
  [[1, 1], [1, 3], [3, 1], [3, 3]]
    .map(([y, x]) => Array.from({ length: channels }, (_, c) => (data[(Math.floor((y! * height) / 4) * width + Math.floor((x! * width) / 4)) * channels + c]! > 127 ? 1 : 0)).join(''))
    .join(' '); // prettier-ignore

describe('decodeImage', () => {
  it.each(['jpeg', 'png', 'webp', 'gif', 'tiff'] as const)('reads %s', async (format) => {
    const picture = await decodeImage(await quarters().toFormat(format).toBuffer());
    expect([picture.height, picture.width, picture.channels, quartersOf(picture)]).toEqual([8, 16, 3, '100 010 001 111']);
    expect(picture.data).toHaveLength(8 * 16 * 3);
  });

  it('turns a photograph upright', async () => {
    const bytes = await quarters().jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toBuffer(); // a quarter turn clockwise is due
    const picture = await decodeImage(bytes);
    expect([picture.height, picture.width, quartersOf(picture)]).toEqual([16, 8, '001 100 111 010']);
  });

  it('puts transparent parts on the background', async () => {
    const clear = await quarters().ensureAlpha(0).png().toBuffer();
    expect((await decodeImage(clear)).data.every((value) => value === 255)).toBe(true);
    expect((await decodeImage(clear, { background: 0, channels: 1 })).data.every((value) => value === 0)).toBe(true);
    const half = await sharp({ create: { width: 1, height: 1, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.5 } } }).png().toBuffer(); // prettier-ignore
    expect(Math.abs((await decodeImage(half)).data[0]! - 127)).toBeLessThanOrEqual(1);
  });

  it('reads 16 bits, grey, and CMYK', async () => {
    const deep = await sharp(Uint16Array.of(0, 32896, 65535), { raw: { width: 3, height: 1, channels: 1 } }).toColourspace('grey16').png().toBuffer(); // prettier-ignore
    expect([...(await decodeImage(deep, { channels: 1 })).data]).toEqual([0, 128, 255]);
    expect([...(await decodeImage(deep)).data]).toEqual([0, 0, 0, 128, 128, 128, 255, 255, 255]);
    const ink = await quarters().toColourspace('cmyk').jpeg().toBuffer();
    expect((await decodeImage(ink)).channels).toBe(3);
    expect((await decodeImage(await quarters().png().toBuffer(), { channels: 1 })).channels).toBe(1);
  });

  it('scales: cut, with borders, or squeezed', async () => {
    const bytes = await quarters().png().toBuffer();
    const sides = await Promise.all((['cover', 'contain', 'fill'] as const).map((fit) => decodeImage(bytes, { size: 4, fit })));
    expect(sides.map(({ height, width }) => [height, width])).toEqual([[4, 4], [4, 4], [4, 4]]); // prettier-ignore
    expect([...sides[1]!.data.subarray(0, 3)]).toEqual([255, 255, 255]);
    expect(quartersOf(sides[2]!)).toBe('100 010 001 111');
    expect((await decodeImage(bytes, { size: [2, 6] })).width).toBe(6);
  });

  it('refuses other files and too many pixels in one line', async () => {
    await expect(decodeImage(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).rejects.toThrow('decodeImage: this is no JPEG, PNG, WebP, GIF or TIFF'); // prettier-ignore
    await expect(decodeImage(new Uint8Array())).rejects.toThrow('decodeImage: the file is empty');
    await expect(decodeImage(await quarters().png().toBuffer(), { maxPixels: 100 })).rejects.toThrow('decodeImage: the image has more than 100 pixels'); // prettier-ignore
    await expect(decodeImage((await quarters().jpeg().toBuffer()).subarray(0, 300))).rejects.toThrow('decodeImage: this JPEG is damaged:');
  });

  it.each(['jpeg', 'png', 'webp', 'gif', 'tiff'] as const)('reads damaged %s files, or refuses them in one line', async (format) => {
    const original = await quarters().toFormat(format).toBuffer();
    const count = process.env['SINAPSE_TEST_TIER'] === 'full' ? 10_000 : 200;
    const refused = await readsMutated(original, (bytes) => decodeImage(bytes, { maxPixels: 1_000_000, maxSeconds: 5 }), (picture) => expect(picture.data).toHaveLength(picture.height * picture.width * 3), count); // prettier-ignore
    expect(refused).toBeGreaterThan(0);
  });
});

describe('imageFolder', () => {
  const jpeg = (value: number, size = 8) => sharp({ create: { width: size, height: size, channels: 3, background: { r: value, g: 0, b: 0 } } }).jpeg().toBuffer(); // prettier-ignore

  async function photos(): Promise<string> {
    const folder = await mkdtemp(join(root, 'photos-'));
    const files: [string, string | Buffer][] = [
      ['gato ção/1.jpg', await jpeg(10)],
      ['gato ção/deep/2.JPEG', await jpeg(20, 30)],
      ['dog 🐶/a.png', await sharp(await jpeg(200)).png().toBuffer()], // prettier-ignore
      ['dog 🐶/broken.jpg', 'no image'],
      ['dog 🐶/notes.txt', 'text'],
      ['dog 🐶/.hidden.jpg', 'x'],
      ['readme.md', 'x'],
      ['one/only.webp', await sharp(await jpeg(100)).webp().toBuffer()], // prettier-ignore
    ];
    for (const [name, content] of files) {
      await mkdir(join(folder, name, '..'), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    return folder;
  }

  it('lists classes, whatever their names, and what it skips', async () => {
    const path = await photos();
    const folder = await imageFolder(path);
    expect(folder.classNames).toEqual(['dog 🐶', 'gato ção', 'one']);
    expect(folder.files.map((file) => file.slice(path.length + 1))).toEqual(['dog 🐶/a.png', 'dog 🐶/broken.jpg', 'gato ção/1.jpg', 'gato ção/deep/2.JPEG', 'one/only.webp']); // prettier-ignore
    expect([...folder.labels]).toEqual([0, 0, 1, 1, 2]);
    expect(folder.skipped.map(({ path: file, reason }) => [file.slice(path.length + 1), reason])).toEqual([
      ['dog 🐶/notes.txt', 'is no image by its name'],
      ['readme.md', 'lies beside the folders of the classes'],
    ]);
  });

  it('loads what can be read, of mixed sizes, lists the rest, and keeps the pixels', async () => {
    const path = await photos();
    const cacheDir = join(path, '..', 'cache');
    const folder = await imageFolder(path);
    const progress: number[] = [];
    const load = () => loadImages(folder, { size: 6, cacheDir, onProgress: ({ done }) => void progress.push(done) });
    const { images, files, unreadable } = await load();
    expect([images.labels.length, images.images.length, files.length]).toEqual([4, 4 * 6 * 6 * 3, 4]);
    expect(Array.from(images.labels, (label, i) => [label, images.images[i * 108]! > 150])).toEqual([[0, true], [1, false], [1, false], [2, false]]); // prettier-ignore
    expect(unreadable).toEqual([{ path: join(path, 'dog 🐶/broken.jpg'), reason: 'this is no JPEG, PNG, WebP, GIF or TIFF' }]);
    expect(progress).toEqual([5]);
    const again = await load();
    expect(progress).toEqual([5]); // nothing was decoded
    expect(Buffer.compare(again.images.images, images.images)).toBe(0);
    expect([again.files, again.unreadable]).toEqual([files, unreadable]);
    await utimes(folder.files[0]!, 1, 1);
    await load();
    expect(progress).toEqual([5, 5]);
    for (const name of await readdir(cacheDir)) {
      const bytes = await readFile(join(cacheDir, name));
      bytes[bytes.length - 1]! ^= 1;
      await writeFile(join(cacheDir, name), bytes);
    }
    expect(Buffer.compare((await load()).images.images, images.images)).toBe(0);
    expect(progress).toEqual([5, 5, 5]);
  });

  it('reads images as they are needed, augmented anew in each epoch', async () => {
    const folder = await imageFolder(await photos());
    const dataset = folderDataset(folder, { size: 8, augment: randomFlip(), preprocessing: { scale: 1 } });
    const [example] = [await dataset.skip(2).iterate().next()];
    expect(example.value!.x.shape).toEqual([8, 8, 3]);
    expect(example.value!.y).toBe(1);
    const broken = folder.files[1]!;
    await expect(dataset.skip(1).iterate().next()).rejects.toThrow(`folderDataset: ${broken}: this is no JPEG, PNG, WebP, GIF or TIFF; imageFolder(path, { unreadable: 'skip' }) leaves such files out`); // prettier-ignore
    await rm(broken);
    await expect(dataset.skip(1).iterate().next()).rejects.toThrow(`folderDataset: ${broken}: ENOENT: no such file`);
  });

  it('leaves out what cannot be decoded, when asked', async () => {
    const path = await photos();
    const whole = await jpeg(30, 64);
    await writeFile(join(path, 'one/cut.jpg'), whole.subarray(0, whole.length - 100));
    const folder = await imageFolder(path, { unreadable: 'skip' });
    expect(folder.files.map((file) => file.slice(path.length + 1))).toEqual(['dog 🐶/a.png', 'gato ção/1.jpg', 'gato ção/deep/2.JPEG', 'one/only.webp']); // prettier-ignore
    expect([...folder.labels]).toEqual([0, 1, 1, 2]);
    const unreadable = folder.skipped.filter(({ reason }) => reason.startsWith('cannot be read: '));
    expect(unreadable.map(({ path: file }) => file)).toEqual([join(path, 'dog 🐶/broken.jpg'), join(path, 'one/cut.jpg')]);
    expect(unreadable[1]!.reason).toContain('this JPEG is damaged');
    let count = 0;
    for await (const { y } of folderDataset(folder, { size: 8 }).batch(2)) count += y.data.length;
    expect(count).toBe(4);
  });

  it('reads the classes of a table, and no file outside the folder', async () => {
    const path = await photos();
    const table = join(path, 'labels.csv');
    await writeFile(table, 'file;classe\ndog 🐶/a.png;7\n"gato ção/1.jpg";8\nnone.jpg;7\none/only.webp;\n');
    const folder = await imageFolder(path, { labels: table });
    expect([folder.classNames, [...folder.labels]]).toEqual([['7', '8'], [0, 1]]); // prettier-ignore
    expect(folder.skipped.map(({ reason }) => reason)).toEqual(['is in the table, but not in the folder', 'has no class in the table']);
    for (const outside of ['../secret.jpg', '/etc/passwd', 'one/../../x.jpg']) {
      await writeFile(table, `file,class\n${outside},a\n`);
      await expect(imageFolder(path, { labels: table })).rejects.toThrow('leads out of the folder');
    }
    await symlink('/etc/hosts', join(path, 'one/link.jpg'));
    await writeFile(table, 'file,class\none/link.jpg,a\none/only.webp,b\n');
    expect((await imageFolder(path, { labels: table })).files).toEqual([join(path, 'one/only.webp')]);
    expect((await imageFolder(path)).skipped.map(({ reason }) => reason)).toContain('is a link that leads out of the folder, or nowhere');
  });

  it('names the classes of ImageNet by its synset file', async () => {
    const path = await mkdtemp(join(root, 'imagenet-'));
    for (const synset of ['n01440764', 'n01443537']) {
      await mkdir(join(path, synset));
      await writeFile(join(path, synset, 'x.JPEG'), await jpeg(1));
    }
    await writeFile(join(path, 'LOC_synset_mapping.txt'), 'n01440764 tench, Tinca tinca\nn01443537 goldfish, Carassius auratus\n');
    expect((await imageFolder(path)).classNames).toEqual(['goldfish, Carassius auratus', 'tench, Tinca tinca']);
  });

  it('finds the parts of a divided folder, with the classes of the first', async () => {
    const path = await mkdtemp(join(root, 'split-'));
    for (const name of ['Train/a/1.jpg', 'Train/b/1.jpg', 'test/b/2.jpg']) {
      await mkdir(join(path, name, '..'), { recursive: true });
      await writeFile(join(path, name), await jpeg(1));
    }
    const { train, test, validation } = await folderSplits(path);
    expect([train.classNames, [...train.labels], test!.classNames, [...test!.labels], validation]).toEqual([['a', 'b'], [0, 1], ['a', 'b'], [1], undefined]); // prettier-ignore
    expect((await folderSplits(join(path, 'Train'))).train.files).toHaveLength(2);
    await mkdir(join(path, 'test/c'));
    await writeFile(join(path, 'test/c/3.jpg'), await jpeg(1));
    await expect(folderSplits(path)).rejects.toThrow('imageFolder: c/3.jpg has class "c", which is none of classNames');
    await expect(folderSplits('')).rejects.toThrow('folderSplits: expected the path of a folder, got ""');
  });

  it('takes one class, and very many', async () => {
    const path = await mkdtemp(join(root, 'many-'));
    const count = process.env['SINAPSE_TEST_TIER'] === 'full' ? 10_000 : 300;
    const bytes = await jpeg(5);
    for (let i = 0; i < count; i++) {
      await mkdir(join(path, `class ${i}`));
      await writeFile(join(path, `class ${i}`, 'x.jpg'), bytes);
    }
    expect((await imageFolder(path)).classNames).toHaveLength(count);
    const one = await mkdtemp(join(root, 'one-'));
    await cp(join(path, 'class 0'), join(one, 'only'), { recursive: true });
    const { images } = await loadImages(await imageFolder(one), { size: 4, cacheDir: false });
    expect(images.classNames).toEqual(['only']);
  });

  it('refuses in one line', async () => {
    const path = await photos();
    await expect(imageFolder(join(path, 'none'))).rejects.toThrow(`imageFolder: there is no folder ${join(path, 'none')}`);
    await expect(imageFolder(join(path, 'readme.md'))).rejects.toThrow('readme.md is a file, expected a folder');
    await expect(imageFolder(join(path, 'one'))).rejects.toThrow('has no images; 1 files were skipped, e.g. only.webp, which lies beside');
    await expect(imageFolder(path, { classNames: ['one'] })).rejects.toThrow('has class "dog 🐶", which is none of classNames');
    await expect(imageFolder(path, { label: 'x' } as never)).rejects.toThrow('imageFolder: label is no option; did you mean labels?');
    const folder = await imageFolder(path);
    await expect(loadImages(folder, {} as never)).rejects.toThrow(
      'loadImages: size: expected an integer from 1 to 65,536, or [height, width]',
    );
    await expect(loadImages(folder, { size: 64, maxBytes: 100 })).rejects.toThrow('loadImages: 5 images of 64x64x3 need 0.0 GiB; take a smaller size'); // prettier-ignore
    await expect(loadImages(folder, { size: 8, cacheDir: false, signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
  });
});

it('writes an image', async () => {
  const path = join(root, 'sheet.png');
  const picture = { data: Uint8Array.of(1, 2, 3, 4, 5, 6), height: 1, width: 2, channels: 3 };
  await writeImage(path, picture);
  expect(await decodeImage(await readFile(path))).toEqual(picture);
  await expect(writeImage('x.txt', picture)).rejects.toThrow('writeImage: expected a path that ends in .png, .jpg or .webp, got "x.txt"');
});
