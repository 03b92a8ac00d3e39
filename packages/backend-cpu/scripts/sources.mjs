// The C++ sources of the kernels, and a fingerprint that tells whether a build of them is stale.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageFolder = dirname(dirname(fileURLToPath(import.meta.url)));
export const kernels = join(packageFolder, 'kernels');
export const build = join(packageFolder, 'build');

/** Every source file: its path below kernels/ and its text. */
export function kernelSources() {
  const files = readdirSync(kernels, { recursive: true }).filter((path) => /\.(h|cpp)$/.test(path));
  return files
    .map((path) => path.replaceAll('\\', '/'))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((path) => ({ path, text: readFileSync(join(kernels, path), 'utf8') }));
}

/** Changes with the sources, the compiler and its flags. */
export function fingerprint(compiler, flags) {
  const hash = createHash('sha256').update(JSON.stringify([compiler, flags]));
  for (const { path, text } of kernelSources()) hash.update(path).update('\0').update(text).update('\0');
  return hash.digest('hex');
}
