// Compiles the Node addon with the system's C++ compiler, where there is one: the kernels once for each instruction set, and the host.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, fingerprint, kernels } from './sources.mjs';

const execute = promisify(execFile);
const headers = createRequire(import.meta.url)('node-api-headers').include_dir;
const folder = join(build, 'native');

const instructionSets = {
  x64: [
    {
      isa: 'avx512',
      width: 16,
      flags: ['-mavx512f', '-mavx512vl', '-mavx512dq', '-mavx512bw', '-mavx2', '-mfma', '-mprefer-vector-width=512'],
    },
    { isa: 'avx2', width: 8, flags: ['-mavx2', '-mfma'] },
    { isa: 'baseline', width: 4, flags: [] },
  ],
  arm64: [{ isa: 'baseline', width: 4, flags: [] }],
};
const common = [
  '-I',
  kernels,
  '-O3',
  '-std=c++20',
  '-fPIC',
  '-fvisibility=hidden',
  '-fno-exceptions',
  '-fno-rtti',
  '-fno-math-errno',
  '-ffp-contract=off',
];
const warnings = ['-Wall', '-Wextra', '-Werror', '-Wno-psabi', '-Wno-ignored-attributes'];

/** The compiler to use, or undefined: $CXX, c++, g++ or clang++. */
export function findCompiler() {
  for (const name of [process.env.CXX, 'c++', 'g++', 'clang++']) {
    if (!name) continue;
    try {
      execFileSync(name, ['--version'], { stdio: 'pipe' });
      return name;
    } catch {
      // The next one, then.
    }
  }
  return undefined;
}

/** What to compile for an architecture: a list of [object, source, flags]. */
export function units(arch) {
  return [
    ...instructionSets[arch].map(({ isa, width, flags }) => [
      `kernels-${isa}.o`,
      'kernels.cpp',
      [...flags, `-DSINAPSE_ISA=${isa}`, `-DSINAPSE_WIDTH=${width}`, '-ffreestanding'],
    ]),
    ['threads.o', 'host/native/threads.cpp', []],
    ['addon.o', 'host/native/addon.cpp', ['-I', headers]],
  ];
}

/**
 * Builds build/native/sinapse-cpu.node unless it is up to date.
 * @returns 'built', 'up to date', or why there is none
 */
export async function buildNative() {
  if (process.platform !== 'linux' || !(process.arch in instructionSets))
    return `no native build for ${process.platform} on ${process.arch} yet`;
  const compiler = findCompiler();
  if (compiler === undefined) return 'no C++ compiler was found (tried $CXX, c++, g++, clang++)';
  const todo = units(process.arch);
  const stamp = fingerprint(execFileSync(compiler, ['--version'], { encoding: 'utf8' }), [todo, common, warnings]);
  const product = join(folder, 'sinapse-cpu.node');
  const stampFile = join(folder, 'stamp');
  if (existsSync(product) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return 'up to date';
  mkdirSync(folder, { recursive: true });
  rmSync(stampFile, { force: true });
  const queue = [...todo];
  const work = async () => {
    for (let unit = queue.shift(); unit !== undefined; unit = queue.shift()) {
      const [object, source, flags] = unit;
      await execute(compiler, [...common, ...warnings, ...flags, '-c', join(kernels, source), '-o', join(folder, object)], {
        maxBuffer: 1 << 26,
      });
    }
  };
  await Promise.all([work(), work()]);
  const objects = todo.map(([object]) => join(folder, object));
  // nodelete: threads of the pool run code of the addon after the JavaScript thread that loaded it has ended.
  await execute(compiler, [
    '-shared',
    '-o',
    `${product}.part`,
    ...objects,
    '-static-libstdc++',
    '-static-libgcc',
    '-pthread',
    '-Wl,-z,nodelete',
    '-s',
  ]);
  renameSync(`${product}.part`, product);
  writeFileSync(stampFile, stamp);
  return 'built';
}
