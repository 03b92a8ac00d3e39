// Finds a Python that has a library: python3 of the path, then the system's, for which distributions package PyTorch.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Blas } from './blas.ts';

const CANDIDATES = ['python3', '/usr/bin/python3'];
const found = new Map<string, string | undefined>();

/** The command of the first Python that can import a module. */
export function pythonWith(module: string): string | undefined {
  if (!found.has(module)) {
    const can = (command: string): boolean =>
      spawnSync(command, ['-c', `import ${module}`], { stdio: 'ignore', timeout: 60_000 }).status === 0;
    found.set(module, CANDIDATES.find(can));
  }
  return found.get(module);
}

const NONE: Blas = { kind: 'other', name: '', core: '' };
const blas = new Map<string, Blas>();

/** The BLAS that a module of Python multiplies with, by its own choice of core type. */
export function blasOf(module: string): Blas {
  if (!blas.has(module)) blas.set(module, askForBlas(module));
  return blas.get(module)!;
}

function askForBlas(module: string): Blas {
  const python = pythonWith(module);
  if (python === undefined) return NONE;
  const env = { ...process.env, OPENBLAS_CORETYPE: undefined };
  const { status, stdout } = spawnSync(python, [fileURLToPath(new URL('../python/blas.py', import.meta.url)), module], {
    encoding: 'utf8',
    timeout: 60_000,
    env,
  });
  return status === 0 ? (JSON.parse(stdout) as Blas) : NONE;
}
