import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

// Every package's tests run with this file (`vitest run --config ../../vitest.config.ts`). Workspace packages resolve to their
// sources, never to dist: a test imports its own package's sources, and dist beside them would be a second copy of core.
const alias = readdirSync(path('packages')).flatMap((name) => [
  { find: new RegExp(`^@sinapse/${name}$`), replacement: path(`packages/${name}/src/index.ts`) },
  { find: new RegExp(`^@sinapse/${name}/(.+)$`), replacement: path(`packages/${name}/src/$1/index.ts`) },
]);

// The one place that says where tests find the data sets that are no part of the repository.
const data = process.env['SINAPSE_DATA'] ?? path('../shared/data');

const full = process.env['SINAPSE_TEST_TIER'] === 'full';

// Against what never ends, and nothing else: a machine that runs much else beside may take many times as long as an idle one.
const timeout = full ? 3_600_000 : 300_000;

// All test files of a package share a process, which imports its sources once. The full tier shows that each file stands alone. In these packages
// each file always has its own process: their files mock modules, change the current folder, or close engines that a helper opens at its import.
const apart = new Set(['backend-cpu', 'cli']);

// tools/setup/test.mjs sums the reports of all packages.
const reports = process.env['SINAPSE_TEST_REPORTS'];

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    env: existsSync(data) ? { SINAPSE_DATA: data } : {},
    testTimeout: timeout,
    hookTimeout: timeout,
    isolate: full || apart.has(basename(process.cwd())),
    // One file fewer than there are processors by default: on two, a single one. Most of the full tier is one package's.
    ...(full ? { maxWorkers: availableParallelism() } : {}),
    reporters: reports ? ['default', ['json', { outputFile: `${reports}/${basename(process.cwd())}.json` }]] : ['default'],
  },
});
