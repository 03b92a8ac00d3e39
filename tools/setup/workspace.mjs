// Sets up a fresh clone: the pinned pnpm, the packages of the lockfile, the build. Finished steps are skipped.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { run } from './child.mjs';
import { lock } from './lock.mjs';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const stamp = join(root, 'node_modules', '.sinapse-installed');

/** The command and first arguments that run the pinned pnpm on a machine that has only npm. */
export const pnpm = { command: 'npx', args: ['--yes', '--prefer-offline', manifest.packageManager] };

/** Path of a program that the workspace installed. */
export const program = (name) => join(root, 'node_modules', '.bin', name);

const phase = (text) => console.error(`sinapse: ${text}`);

/** The folders of all packages of the workspace. */
export function packageFolders() {
  const inGroups = ['packages', 'apps', 'tools'].flatMap((group) =>
    readdirSync(join(root, group), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(root, group, entry.name))
      .filter((folder) => readdirSync(folder).includes('package.json')),
  );
  return [...inGroups, join(root, 'examples')];
}

/** A hash of the files that decide which packages are installed: if one changes, install again. */
function fingerprint() {
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'].map((file) => join(root, file));
  const hash = createHash('sha256').update(process.version).update(process.platform).update(process.arch);
  for (const file of [...files, ...packageFolders().map((folder) => join(folder, 'package.json'))]) {
    hash.update(`\0${file}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function installed() {
  try {
    return readFileSync(stamp, 'utf8') === fingerprint();
  } catch {
    return false;
  }
}

/** Free bytes on a folder's disk, Infinity if unknown; npm does not always say that the disk was full. */
function free(folder) {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}

/** The reason of a failure in one line, from the output of npm or pnpm. */
function reason(output) {
  if (/ENOSPC|no space left/i.test(output) || free(root) < 1e7 || free(homedir()) < 1e7) {
    return 'the disk is full; free some space and run the same command again';
  }
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|dns error|error sending request|network/i.test(
      output,
    )
  ) {
    return 'the npm registry cannot be reached; connect to the network and run the same command again';
  }
  if (/EACCES|EROFS|permission denied|read-only file system/i.test(output)) return `no permission to write in ${root} or the home folder`;
  return `the last lines above say why`;
}

/** Installs the packages of the lockfile unless they are installed. On failure it ends the process with one line. */
export async function install() {
  if (installed()) return;
  try {
    const release = await lock(join(root, 'node_modules', '.sinapse-lock'), () => phase('waiting for another set-up in this folder …'));
    try {
      if (!installed()) await fetchPackages(release);
    } finally {
      release();
    }
  } catch (error) {
    fail(`cannot install: ${reason(String(error))}`, String(error));
  }
}

// Two retries within five seconds; by default npm and pnpm take minutes to notice a missing network.
const retries = { fetch_retries: '2', fetch_retry_mintimeout: '1000', fetch_retry_maxtimeout: '4000' };
const impatience = Object.fromEntries(
  Object.entries(retries).flatMap(([name, value]) => ['npm', 'pnpm'].map((program) => [`${program}_config_${name}`, value])),
);
const giveUp = /0 retries left/;

async function fetchPackages(onSignal) {
  const step = async (text, args) => {
    phase(text);
    const { code, output } = await run(pnpm.command, [...pnpm.args, ...args], {
      cwd: root,
      env: { CI: 'true', ...impatience },
      quiet: true,
      giveUp,
      onSignal,
    });
    if (code !== 0) {
      onSignal();
      fail(`cannot install: ${reason(output)}`, output);
    }
  };
  rmSync(stamp, { force: true });
  const wanted = fingerprint();
  await step(`fetching ${manifest.packageManager.replace('@', ' ')} …`, ['--version']);
  await step('installing the packages of the lockfile …', ['install', '--frozen-lockfile']);
  writeFileSync(stamp, wanted); // last, so that an interrupted install is never taken for a complete one
}

/** Compiles a project and its references; the compiler skips projects that are up to date. */
export async function build(project) {
  const { code, output } = await run(program('tsc'), ['-b', project], { cwd: root, quiet: true });
  if (code !== 0) fail(`${project} does not compile; the lines above say why`, output);
}

/**
 * Compiles the kernels of the CPU backend. A missing compiler for the addon is reported but is no error.
 * @param scope `start`: the engine that this machine uses, the native addon or else WebAssembly; `test`: both; `pack`: with every module of
 * WebAssembly; `web`: the modules of WebAssembly that pages use; `full`: for every instruction set
 */
export async function buildKernels(scope) {
  const scripts = join(root, 'packages/backend-cpu/scripts');
  const load = (file) => import(pathToFileURL(join(scripts, file)).href);
  const release = await lock(join(root, 'node_modules', '.sinapse-lock'), () => phase('waiting for another set-up in this folder …'));
  try {
    const { buildNative } = await load('build-native.mjs');
    const native =
      scope === 'web'
        ? {}
        : await buildNative({ all: scope === 'full', onStart: () => phase('compiling the native kernels …') }).catch((error) => ({
            reason: `the C++ compiler failed: ${firstError(error)}`,
          }));
    if (native.reason) phase(`no native kernels, WebAssembly serves: ${native.reason}`);
    const nativeServes = scope === 'start' && native.reason === undefined && process.env.SINAPSE_CPU !== 'wasm';
    const { buildWasm } = await load('build-wasm.mjs');
    const count = nativeServes ? 0 : scope === 'full' || scope === 'pack' ? 4 : 2;
    await buildWasm({ count, onStart: () => phase('compiling the kernels to WebAssembly …') });
  } catch (error) {
    fail('the kernels do not compile; the lines above say why', String(error.message));
  } finally {
    release();
  }
}

const firstError = (error) =>
  String(error.stderr || error.message)
    .split('\n')
    .find((line) => line.includes('error')) ?? 'it says nothing';

function fail(line, output) {
  if (line.endsWith('say why')) console.error(output.trimEnd().split('\n').slice(-30).join('\n'));
  phase(line);
  process.exit(1);
}
