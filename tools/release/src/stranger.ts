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

/** Installs a package and the imports of its example, type-checks and runs the example, and returns its output. */
export async function runExample(tarball: Tarball, all: readonly Tarball[]): Promise<string> {
  const example = await readmeExample(tarball.folder);
  const imported = [...example.matchAll(/from '(@sinapse\/[\w-]+)/g)].map((match) => match[1]!);
  const [output] = await runInProject([example], closure([tarball.manifest.name, ...imported], all));
  return output!;
}

/** Does the same for all packages in one project, in a fraction of the time. A dependency that a package forgot shows only in its own project. */
export async function runExamples(all: readonly Tarball[]): Promise<Map<Tarball, string>> {
  const outputs = await runInProject(await Promise.all(all.map(({ folder }) => readmeExample(folder))), all);
  return new Map(all.map((tarball, i) => [tarball, outputs[i]!]));
}

async function runInProject(examples: readonly string[], tarballs: readonly Tarball[]): Promise<string[]> {
  const project = await mkdtemp(join(tmpdir(), 'sinapse-stranger-'));
  try {
    await install(project, tarballs);
    const names = examples.map((_, i) => `example${i}`);
    for (const [i, name] of names.entries()) await writeFile(join(project, `${name}.ts`), examples[i]!);
    await compile(project, names);
    const outputs: string[] = [];
    for (const name of names) outputs.push(await execute(process.execPath, [`${name}.js`], project));
    return outputs;
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

async function compile(project: string, names: readonly string[]): Promise<void> {
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2023', 'esnext.disposable', 'dom'],
    types: ['node'],
    typeRoots: [join(repository, 'node_modules/@types')],
    strict: true,
    skipLibCheck: false,
  };
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: names.map((name) => `${name}.ts`) }));
  await execute(join(repository, 'node_modules/.bin/tsc'), ['-p', project], project);
}
