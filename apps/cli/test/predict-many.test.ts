import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeHouses } from './own-data.ts';
import { sinapse, small, testFolder } from './sinapse.ts';

testFolder();
const model = 'run/model.safetensors';

beforeAll(async () => {
  await sinapse(...small, '--out', 'run');
  mkdirSync('scans/deep', { recursive: true });
  const picture = await sharp({ create: { width: 28, height: 28, channels: 3, background: 'white' } })
    .composite([{ input: Buffer.from('<svg width="28" height="28"><path d="M14 5V23" stroke="black" stroke-width="3"/></svg>') }])
    .png()
    .toBuffer();
  for (const name of ['scans/b.png', 'scans/a, "one".png', 'scans/deep/c.PNG']) writeFileSync(name, picture);
  writeFileSync('scans/notes.txt', 'no picture');
});

describe('sinapse predict', () => {
  it('takes all pictures of a folder, in order', async () => {
    const { events, code } = await sinapse('predict', model, '--dir', 'scans', '--json');
    expect(code).toBe(0);
    expect(events.map(({ file }) => file)).toEqual(['scans/a, "one".png', 'scans/b.png', 'scans/deep/c.PNG']);
  });

  it('writes CSV', async () => {
    const { stdout } = await sinapse('predict', model, '--dir', 'scans', '--top', '2', '--csv');
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('file,label1,probability1,label2,probability2,familiar');
    expect(lines[1]).toMatch(/^"scans\/a, ""one""\.png",\d,0\.\d+,\d,0\.\d+,true$/);
    expect(lines).toHaveLength(4);
  });

  it('writes the values of rows with their intervals as CSV', async () => {
    writeHouses('houses.csv', 60);
    await sinapse('train', '--data', 'houses.csv', '--target', 'price', '--epochs', '1', '--out', 'houses', '--json');
    const { stdout } = await sinapse('predict', 'houses/model.safetensors', 'houses.csv', '--csv');
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('file,row,value,low,high');
    expect(lines).toHaveLength(readFileSync('houses.csv', 'utf8').trimEnd().split('\n').length);
  });

  it.each([
    [['--dir', 'run'], '--dir run holds no pictures'],
    [[], 'say what to predict: files, or --dir FOLDER'],
    [['scans/b.png', '--csv', '--json'], 'give --csv or --json, not both'],
  ])('says what is wrong with %j', async (args, message) => {
    const { code, stderr } = await sinapse('predict', model, ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
