// Compiles the Node addon with the system's C++ compiler, if there is one: the kernels once for each instruction set, and the host.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, fingerprint, kernels } from './sources.mjs';

const execute = promisify(execFile);

const AVX512 = '-mavx512f -mavx512vl -mavx512dq -mavx512bw -mavx2 -mfma -mprefer-vector-width=512';
const instructionSets = {
  x64: [
    { isa: 'avx512', width: 16, flags: AVX512.split(' ') },
    // A processor without prefetchw (Haswell) ignores it.
    { isa: 'avx2', width: 8, flags: ['-mavx2', '-mfma', '-mprfchw'] },
    { isa: 'baseline', width: 4, flags: [] },
  ],
  arm64: [{ isa: 'baseline', width: 4, flags: [] }],
};

// Loops begin at a line of the instruction cache. Otherwise the speed of the innermost ones would depend on the code before them (up to 5%).
const common =
  '-O3 -std=c++20 -fPIC -fvisibility=hidden -fno-exceptions -fno-rtti -fno-math-errno -ffp-contract=off -falign-loops=64 -falign-functions=64'.split(
    ' ',
  );
const warnings = '-Wall -Wextra -Wno-psabi -Wno-ignored-attributes'.split(' ');
// nodelete: threads of the pool run code of the addon after the JavaScript thread that loaded it has ended.
const link = '-shared -static-libstdc++ -static-libgcc -pthread -Wl,-z,nodelete -s'.split(' ');

/** The compiler to use, or undefined: $CXX, c++, g++ or clang++. */
function findCompiler() {
  for (const name of [process.env.CXX, 'c++', 'g++', 'clang++']) {
    if (!name) continue;
    try {
      execFileSync(name, ['--version'], { stdio: 'pipe' });
      return name;
    } catch {
      // Try the next one.
    }
  }
  return undefined;
}

/** How builds for tests differ. */
const forTests = {
  /** Finds reads and writes outside of blocks and undefined behaviour. */
  sanitized: {
    compile: '-g -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer',
    link: '-fsanitize=address,undefined',
  },
  /** Compiles the AVX-512 code to AVX2 instructions, to test it on processors without AVX-512. */
  emulated: { compile: '-DSINAPSE_EMULATE_AVX512', link: '', avx512: '-mavx2 -mfma' },
};

/** Combines several kinds of build. */
function combined(kinds) {
  const parts = kinds.map((kind) => forTests[kind]);
  const both = (flags) => parts.map((part) => part[flags]).join(' ');
  return { compile: both('compile'), link: both('link'), avx512: parts.find(({ avx512 }) => avx512)?.avx512 };
}

/** The best instruction set that this processor has. */
function ownInstructionSet() {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1].trim().split(/\s+/));
  const has = (...names) => names.every((name) => flags.has(name));
  if (has('avx512f', 'avx512vl', 'avx512dq', 'avx512bw', 'avx2', 'fma')) return 'avx512';
  return has('avx2', 'fma') ? 'avx2' : 'baseline';
}

/** What to compile for an architecture: a list of [object, source, flags]. */
function unitsOf(arch, isas, { avx512 }) {
  const headers = createRequire(import.meta.url)('node-api-headers').include_dir;
  const sets = instructionSets[arch].filter(({ isa }) => isas.includes(isa));
  return [
    ...sets.map(({ isa, width, flags }) => [
      `kernels-${isa}.o`,
      'kernels.cpp',
      [...(isa === 'avx512' && avx512 ? words(avx512) : flags), `-DSINAPSE_ISA=${isa}`, `-DSINAPSE_WIDTH=${width}`, '-ffreestanding'],
    ]),
    ['threads.o', 'host/native/threads.cpp', []],
    ['addon.o', 'host/native/addon.cpp', ['-fexceptions', '-I', headers, ...sets.map(({ isa }) => `-DSINAPSE_HAS_${isa.toUpperCase()}`)]],
  ];
}

const words = (text) => text.split(' ').filter(Boolean);

/**
 * Compiles an addon unless it is up to date. Throws with the compiler's message.
 * @param folder where the addon and its objects go
 * @param onStart called when there is something to do
 * @param kinds what is special about a build for tests: `sanitized`, `emulated`
 * @param isas the instruction sets to build for; by default all of the architecture's
 * @returns whether there was anything to do
 */
export async function compileAddon(
  compiler,
  arch,
  folder,
  { onStart, kinds = [], isas = instructionSets[arch].map(({ isa }) => isa) } = {},
) {
  const variant = combined(kinds);
  const units = unitsOf(arch, isas, variant);
  const version = execFileSync(compiler, ['--version'], { encoding: 'utf8' });
  const stampOf = (units) => fingerprint(version, [units, common, warnings, link, variant]);
  const stamp = stampOf(units);
  const product = join(folder, 'sinapse-cpu.node');
  const stampFile = join(folder, 'stamp');
  const all = stampOf(
    unitsOf(
      arch,
      instructionSets[arch].map(({ isa }) => isa),
      variant,
    ),
  );
  const there = existsSync(product) && existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
  if (there === stamp || there === all) return false;
  onStart?.();
  mkdirSync(folder, { recursive: true });
  // If the build is interrupted, a stale addon must not be taken for one of this version.
  for (const stale of [product, stampFile]) rmSync(stale, { force: true });
  const compile = (args) => execute(compiler, args, { maxBuffer: 1 << 26 });
  const queue = [...units];
  const work = async () => {
    for (let unit = queue.shift(); unit !== undefined; unit = queue.shift()) {
      const [object, source, flags] = unit;
      await compile([
        ...common,
        ...words(variant.compile),
        ...warnings,
        ...flags,
        '-I',
        kernels,
        '-c',
        join(kernels, source),
        '-o',
        join(folder, object),
      ]);
    }
  };
  await Promise.all([work(), work()]);
  await compile([...link, ...words(variant.link), ...units.map(([object]) => join(folder, object)), '-o', `${product}.part`]);
  renameSync(`${product}.part`, product);
  writeFileSync(stampFile, stamp);
  return true;
}

/**
 * Builds the addon for this machine. Throws with the compiler's message.
 * @param all builds for every instruction set of its architecture, not only the best that this processor has
 * @param onStart called when there is something to do
 * @returns `fresh`: whether there was anything to do; or the `reason` why no addon can be built
 */
export async function buildNative({ all = true, onStart } = {}) {
  if (process.platform !== 'linux' || !(process.arch in instructionSets)) {
    return { reason: `there is no native build for ${process.platform} on ${process.arch} yet` };
  }
  const compiler = findCompiler();
  if (compiler === undefined) return { reason: 'no C++ compiler was found (tried $CXX, c++, g++, clang++)' };
  const isas = all ? undefined : [ownInstructionSet()];
  return { fresh: await compileAddon(compiler, process.arch, join(build, 'native'), { onStart, isas }) };
}
