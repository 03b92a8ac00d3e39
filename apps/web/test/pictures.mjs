// node test/pictures.mjs: the small pictures of the README, in docs/pictures.

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const { openPage, openSite } = (await runnerImport(fileURLToPath(new URL('open-site.ts', import.meta.url)))).module;

const folder = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url));
const pictures = [
  { name: 'laboratory-train', hash: 'train?data=spirals&smooth=0.9', theme: 'light' },
  { name: 'laboratory-descent', hash: 'descent?walkers=sgd_momentum_nesterov_adam&lr=0.015', theme: 'dark' },
];

await mkdir(folder, { recursive: true });
const site = await openSite();
for (const { name, hash, theme } of pictures) {
  const { page } = await openPage(site, { hash: `#/${hash}`, theme, height: 720, scale: 0.6 });
  await page.waitForTimeout(12_000);
  await page.screenshot({ path: `${folder}${name}.png` });
  await page.context().close();
}
await site.close();
