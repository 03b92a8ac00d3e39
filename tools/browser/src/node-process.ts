// Runs a program of this package in a Node process of its own, whose environment names a driver.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs a program of `pages/`, which reads JSON from its standard input, and writes JSON to its standard output.
 * @throws when it writes something else
 */
export async function runInNode<T>(program: string, input: unknown, env: NodeJS.ProcessEnv): Promise<T> {
  // In this package, so that the program finds its packages, built as npm would install them.
  const folder = await mkdtemp(join(root, 'node_modules/.program-'));
  try {
    const outfile = join(folder, 'program.mjs');
    await build({
      entryPoints: [join(root, 'pages', program)],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    });
    const child = spawn(process.execPath, [outfile], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(JSON.stringify(input));
    return (await json(child.stdout)) as T;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
