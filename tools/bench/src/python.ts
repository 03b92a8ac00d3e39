// Finds a Python that has a library: python3 of the path, then the system's, for which distributions package PyTorch.

import { spawnSync } from 'node:child_process';

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
