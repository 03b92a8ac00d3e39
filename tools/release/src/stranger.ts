// A new user's project: an empty folder, a package installed from its tarball, and the example of its README.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execute, repository, type Tarball } from './tarball.ts';

/** The first code block of a README that is marked as runnable (```ts run). */
async function readmeExample(folder: string): Promise<string> {
  const readme = await readFile(join(folder, 'README.md'), 'utf8');
  const example = /^```ts run\b[^\n]*\n(.*?)^```$/ms.exec(readme)?.[1];
  if (!example) throw new Error(`${folder}/README.md has no runnable example (a code block that opens with \`\`\`ts run)`);
  return example;
}

/** The tarballs that `names` need: themselves, their dependencies and their peer dependencies. */
export function closure(names: readonly string[], all: readonly Tarball[]): Tarball[] {
  const found = new Set<Tarball>();
  const visit = (name: string) => {
    const tarball = all.find(({ manifest }) => manifest.name === name);
    if (!tarball || found.has(tarball)) return;
    found.add(tarball);
    Object.keys({ ...tarball.manifest.dependencies, ...tarball.manifest.peerDependencies }).forEach(visit);
  };
  names.forEach(visit);
  return [...found];
}

/** Installs the package and the imports of its example, type-checks and runs the example, and returns its output. */
export async function runExample(tarball: Tarball, all: readonly Tarball[]): Promise<string> {
  const example = await readmeExample(tarball.folder);
  const imported = [...example.matchAll(/from '(@sinapse\/[\w-]+)/g)].map((match) => match[1]!);
  const project = await mkdtemp(join(tmpdir(), 'sinapse-stranger-'));
  try {
    await install(project, closure([tarball.manifest.name, ...imported], all));
    await writeFile(join(project, 'example.ts'), example);
    await compile(project);
    return await execute(process.execPath, ['example.js'], project);
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

/** Installs tarballs in a project; `more` are further arguments for npm. */
export async function install(project: string, tarballs: readonly Tarball[], more: readonly string[] = []): Promise<void> {
  const dependencies = Object.fromEntries(tarballs.map(({ manifest, path }) => [manifest.name, `file:${path}`]));
  await writeFile(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));

  // A peer dependency from elsewhere (vitest) is this repository's copy, not a download of its newest release; what it lacks is left out.
  const peers = new Map(
    tarballs.flatMap(({ manifest, folder }) =>
      Object.keys(manifest.peerDependencies ?? {})
        .filter((name) => !(name in dependencies))
        .flatMap((name) => [folder, repository].map((from) => [name, join(from, 'node_modules', name)] as const))
        .filter(([, path]) => existsSync(path)),
    ),
  );
  const options = ['--no-audit', '--no-fund', '--prefer-offline', ...more, ...(peers.size > 0 ? ['--legacy-peer-deps'] : [])];
  await execute('npm', ['install', ...options], project);
  for (const [name, path] of peers) {
    const link = join(project, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(await realpath(path), link);
  }
}

async function compile(project: string): Promise<void> {
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2023', 'esnext.disposable', 'dom'],
    types: ['node'],
    typeRoots: [join(repository, 'node_modules/@types')],
    strict: true,
    skipLibCheck: false,
  };
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['example.ts'] }));
  await execute(join(repository, 'node_modules/.bin/tsc'), ['-p', project], project);
}
