// `sinapse new FOLDER`: a project that runs as it is. Everything is made beside its place under another name and moved there at the end, so that
// an interruption leaves nothing.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { chmod, cp, mkdtemp, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exitCode } from '../exit-code.ts';
import { listenForInterruption } from '../interruption.ts';
import { quote } from '../invocation.ts';
import { commandLine } from '../platform.ts';
import { note } from '../output/note.ts';
import { Output } from '../output/output.ts';
import { UsageError } from '../usage-error.ts';

class NewProjectError extends Error {
  override name = 'NewProjectError';
}

const clone = fileURLToPath(new URL('../../../../', import.meta.url));
const template = fileURLToPath(new URL('../../template/', import.meta.url));

/** Names that npm or Windows keeps for itself. */
const reserved = /^(?:node_modules|favicon\.ico|con|prn|aux|nul|com\d|lpt\d)$/;

/** @throws UsageError if npm, or a file system, could not take the name of the folder, or something is there already */
function check(given: string): string {
  const folder = resolve(given);
  const name = basename(folder);
  if (/^\.{0,2}$/.test(given) || !/^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$/.test(name) || reserved.test(name)) {
    const better = name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 60)
      .replace(/^-|-$/g, '');
    throw new UsageError(
      `new: a project's name has up to 100 of a-z, 0-9, -, _ and ., got '${name.slice(0, 100)}'; e.g. ${better === '' || reserved.test(better) ? 'my-project' : better}`,
    );
  }
  if (!existsSync(dirname(folder))) throw new UsageError(`new: the folder ${dirname(given)} does not exist`);
  const there = statSync(folder, { throwIfNoEntry: false });
  if (there?.isDirectory() === false) throw new UsageError(`new: ${given} is a file; give the name of a new folder`);
  if (there !== undefined && readdirSync(folder).length > 0)
    throw new UsageError(`new: the folder ${given} is not empty; give the name of a new one`);
  return folder;
}

/** Makes a project in a new folder. @throws UsageError if the folder's name will not do, or it holds something */
export async function newProject(given: string, options: { readonly json?: boolean }): Promise<number> {
  const folder = check(given);
  const name = basename(folder);
  const output = new Output(options);
  const interruption = listenForInterruption(() => note('stopping …'));
  const { signal } = interruption;
  let work: string | undefined;
  try {
    note('packing the packages of this clone, because nothing is on npm before the first release …');
    work = await mkdtemp(join(dirname(folder), `.${name}-`));
    await chmod(work, 0o777 & ~process.umask()); // mkdtemp's folders are closed to others
    await cp(template, work, { recursive: true });
    await rename(join(work, 'gitignore'), join(work, '.gitignore'));
    await pack(join(work, 'vendor'), signal);
    await fillIn(work, name);
    note('installing them, without a network …');
    await execute('npm', ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error'], work, signal);
    signal.throwIfAborted();
    if (existsSync(folder)) await rmdir(folder); // it is empty, or this fails
    await rename(work, folder);
    work = undefined;
  } catch (error) {
    if (signal.aborted) return exitCode.interrupted;
    throw error;
  } finally {
    if (work !== undefined) await rm(work, { recursive: true, force: true });
    interruption.end();
  }
  output.event({ event: 'project', folder });
  output.line(`${output.colors.bold(name)} is ready: a network that learns to read handwritten digits. Next:`);
  output.line(`    cd ${quote(given)}`);
  output.line('    npm start');
  return exitCode.done;
}

/** Puts the packages into a folder as tarballs. */
async function pack(vendor: string, signal: AbortSignal): Promise<void> {
  await execute(process.execPath, [join(clone, 'tools/release/pack.mjs'), '--quick', vendor], clone, signal);
  // The testkit is for authors of backends, and the adapter for those who have TensorFlow.js.
  for (const file of readdirSync(vendor)) if (/testkit|tfjs/.test(file)) await rm(join(vendor, file));
}

/** Writes the project's name, and its packages into package.json. */
async function fillIn(work: string, name: string): Promise<void> {
  const readme = join(work, 'README.md');
  await writeFile(
    readme,
    (await readFile(readme, 'utf8')).replace('# my-project', () => `# ${name}`),
  );
  const manifest = JSON.parse(readFileSync(join(work, 'package.json'), 'utf8')) as object;
  const packages = readdirSync(join(work, 'vendor'))
    .sort()
    .map((file) => [nameOf(file), `file:vendor/${file}`] as const);
  // The addon is of one platform: on another, the project does without.
  const isAddon = ([packageName]: readonly [string, string]) => packageName.startsWith('@sinapse/backend-cpu-');
  const filled = {
    ...manifest,
    name,
    dependencies: Object.fromEntries(packages.filter((entry) => !isAddon(entry))),
    optionalDependencies: Object.fromEntries(packages.filter(isAddon)),
  };
  await writeFile(join(work, 'package.json'), `${JSON.stringify(filled, undefined, 2)}\n`);
}

/** The name of the package in a tarball. */
function nameOf(tarball: string): string {
  const name = /^(.+)-\d+\.\d+\.\d+/.exec(tarball)![1]!;
  return name.replace(/^sinapse-/, '@sinapse/');
}

async function execute(program: string, args: readonly string[], cwd: string, signal: AbortSignal): Promise<void> {
  const line = commandLine(process.platform, program, args);
  const child = spawn(line.program, line.args, { cwd, signal, shell: line.shell, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new NewProjectError('new: the project was not made; the line above says why');
}
