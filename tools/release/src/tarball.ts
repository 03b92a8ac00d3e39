import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const repository: string = fileURLToPath(new URL('../../../', import.meta.url));

/** Runs a program and returns its output; when it fails, the error shows that output. */
export async function execute(program: string, args: readonly string[], cwd: string = repository, timeout = 60_000): Promise<string> {
  try {
    return (await promisify(execFile)(program, args, { cwd, timeout, maxBuffer: 1 << 26 })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
  }
}

interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/** A package as it would be published. */
export interface Tarball {
  readonly manifest: Manifest;
  readonly folder: string;
  readonly path: string;
  /** The files inside, relative to the package. */
  readonly files: readonly string[];
}

/** The folders of the published packages. */
export async function publicPackages(): Promise<string[]> {
  const packages = join(repository, 'packages');
  return (await readdir(packages)).map((name) => join(packages, name));
}

/** Packs one package into a new temporary folder: with pnpm for a package of the workspace, with npm for a prepared folder. */
export async function pack(folder: string, packer: 'pnpm' | 'npm' = 'pnpm'): Promise<Tarball> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  const destination = await mkdtemp(join(tmpdir(), 'sinapse-pack-'));
  await execute(packer, ['pack', '--pack-destination', destination], folder);
  const path = join(destination, (await readdir(destination))[0] ?? '');
  const files = (await execute('tar', ['-tzf', path]))
    .split('\n')
    .filter(Boolean)
    .map((file) => file.replace(/^package\//, ''));
  return { manifest, folder, path, files };
}

export async function remove(tarball: Tarball): Promise<void> {
  await rm(join(tarball.path, '..'), { recursive: true, force: true });
}
