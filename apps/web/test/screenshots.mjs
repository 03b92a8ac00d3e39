// node test/screenshots.mjs FOLDER [HASH,…]: pictures of the pages at desktop and phone width, in both languages and themes, to be looked at.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const { openPage, openSite } = (await runnerImport(fileURLToPath(new URL('open-site.ts', import.meta.url)))).module;

const [folder = 'screenshots', hashes = 'train,train?data=spirals&smooth=0.9,draw,neuron,functions,descent,convolution'] =
  process.argv.slice(2);
const looks = [
  { language: 'pt', theme: 'light', width: 1280, height: 800 },
  { language: 'en', theme: 'dark', width: 1280, height: 800 },
  { language: 'pt', theme: 'dark', width: 360, height: 740 },
  { language: 'en', theme: 'light', width: 360, height: 740 },
];

await mkdir(folder, { recursive: true });
const site = await openSite();
for (const hash of hashes.split(','))
  for (const look of looks) {
    const { page, problems } = await openPage(site, { ...look, hash: `#/${hash}` });
    await page.waitForTimeout(6000);
    if (look.width !== 360) await page.addStyleTag({ content: '.strip { position: static !important; }' }); // it would lie in the middle
    const name = `${hash.replace(/\W+/g, '-')}-${look.language}-${look.theme}-${look.width}.png`;
    await page.screenshot({ path: join(folder, name), fullPage: look.width !== 360 });
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    console.log([name, ...(excess > 0 ? [`is ${excess} px too wide`] : []), ...problems].join('; '));
    await page.context().close();
  }
await site.close();
