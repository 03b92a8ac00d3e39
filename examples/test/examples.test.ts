// Every example runs as a reader runs it, and its result is what its first lines promise.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../', import.meta.url));
type Figures = Readonly<Record<string, number>>;

/** Runs an example with Node and returns what it exports. */
function run(name: string): Figures {
  const program = `import('./${name}.js').then((figures) => console.log('\\n' + JSON.stringify(figures)))`;
  const printed = execFileSync(process.execPath, ['-e', program], { cwd: folder, encoding: 'utf8' });
  return JSON.parse(printed.trim().split('\n').at(-1)!) as Figures;
}

const promises: Readonly<Record<string, (figures: Figures) => void>> = {
  'own-model': ({ accuracy }) => expect(accuracy).toBeGreaterThan(0.85),
  'own-layer': ({ accuracy }) => expect(accuracy).toBeGreaterThan(0.85),
  'own-loss': ({ below }) => {
    // Of 2,000 examples, a share within three standard deviations of q would be right for the true quantile; the line is fitted to them.
    for (const [q, share] of Object.entries(below as unknown as Figures)) expect(Math.abs(share - Number(q))).toBeLessThan(0.03);
  },
  'own-loop': ({ losses }) => expect((losses as unknown as number[]).at(-1)).toBeLessThan(5e-3),
  gan: ({ after, centre }) => {
    expect(after).toBeLessThan(0.1); // about 1 before training: all points lie near the centre
    expect(centre).toBeLessThan(0.25); // 0.64 if the points covered only half of the ring
  },
  distillation: ({ ofTeacher, fromLabels, distilled }) => {
    expect(ofTeacher).toBeGreaterThan(0.85);
    expect(fromLabels).toBeGreaterThan(0.6);
    expect(distilled).toBeGreaterThan(fromLabels + 0.01);
  },
  transfer: ({ accuracy, frozen }) => {
    expect(frozen).toBe(true);
    expect(accuracy).toBeGreaterThan(0.75); // 0.2 by chance
  },
  saliency: ({ rise, foreseen }) => {
    expect(foreseen).toBeGreaterThan(0);
    expect(Math.abs(rise / foreseen - 1)).toBeLessThan(0.1); // a step so short that the score is nearly linear
  },
  'wrong-labels': ({ found }) => expect(found).toBeGreaterThan(25), // one by chance
  worker: ({ accuracy, turns }) => {
    expect(accuracy).toBeGreaterThan(0.85);
    expect(turns).toBeGreaterThan(0);
  },
  transformer: ({ accuracy }) => expect(accuracy).toBeGreaterThan(0.99), // 0.1 by chance
  inception: ({ accuracy }) => expect(accuracy).toBeGreaterThan(0.85), // 0.1 by chance; the same for densenet
  densenet: ({ accuracy }) => expect(accuracy).toBeGreaterThan(0.75),
  unet: ({ overlap }) => expect(overlap).toBeGreaterThan(0.8), // 0.2 by calling everything ink
  rcnn: ({ proposals, precision }) => {
    expect(proposals).toBeGreaterThan(5);
    expect(precision).toBeGreaterThan(0.5); // of ten digits, their boxes right by half at least
  },
  siamese: ({ accuracy }) => expect(accuracy).toBeGreaterThan(0.75), // 0.55 by always saying the same
  'two-heads': ({ digit, larger }) => {
    expect(digit).toBeGreaterThan(0.85); // 0.1 by chance
    expect(larger).toBeGreaterThan(0.7); // 0.55 by always saying the same
  },
  regions: ({ byDepth }) => {
    const { one, two, three } = byDepth as unknown as Record<'one' | 'two' | 'three', { regions: number; accuracy: number }>;
    expect(one.regions).toBeLessThanOrEqual(2); // half planes
    for (const deeper of [two, three]) {
      expect(deeper.accuracy).toBeGreaterThan(0.95); // 0.8 by never saying disc
      expect(deeper.regions).toBe(3); // two discs, and what is around them
    }
  },
  generator: ({ accuracy }) => expect(accuracy).toBeGreaterThan(0.95),
};

/** These take longest, and what they show is tested in their packages, too. */
const slow: ReadonlySet<string> = new Set(['rcnn', 'distillation']);
const full = process.env['SINAPSE_TEST_TIER'] === 'full';
for (const [name, check] of Object.entries(promises)) {
  const isLeftOut = slow.has(name) && !full;
  it.skipIf(isLeftOut)(`${name}${isLeftOut ? ' (full tier)' : ''}`, () => check(run(name)));
}

const executablePath = process.env['CHROMIUM_PATH'] || '/usr/bin/chromium';
it.skipIf(!existsSync(executablePath))(
  'page: the second visit loads what the first has saved (needs Chromium: install it, or set CHROMIUM_PATH)',
  async () => {
    const { server, address } = await import('../page.js');
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      const status = async () => {
        await page.waitForFunction(() => document.getElementById('status')?.textContent?.includes('unseen'), undefined, {
          timeout: 120_000,
        });
        return page.textContent('#status');
      };
      await page.goto(address);
      const first = /^trained and saved: (reads ([\d.]+) %.*)$/.exec((await status())!)!;
      expect(Number(first[2])).toBeGreaterThan(85);
      await page.reload();
      expect(await status()).toBe(`loaded from the last visit: ${first[1]}`);

      await page.setInputFiles('#file', { name: 'mine.safetensors', mimeType: '', buffer: Buffer.from('no model') });
      await page.waitForFunction(() => document.getElementById('status')?.textContent?.startsWith('safetensors'));
    } finally {
      await browser.close();
      await server.close();
    }
  },
);

it('each is on the list of the README, and short', () => {
  const readme = readFileSync(`${folder}/README.md`, 'utf8');
  const files = readdirSync(folder).filter((file) => file.endsWith('.js'));
  expect(files.map((file) => file.replace('.js', '')).sort()).toEqual([...Object.keys(promises), 'page'].sort());
  for (const file of [...files, 'page/main.js']) {
    expect(readme).toContain(`](${file})`);
    expect(readFileSync(`${folder}/${file}`, 'utf8').split('\n').length).toBeLessThanOrEqual(60);
  }
});
