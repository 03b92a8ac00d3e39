// Holds the arrows between files: no circle of imports, at run time anywhere, and of types anywhere but among core's tensor and its ops; nothing in
// core's `contract/` imports what stands above it, not even a type. Prints what breaks this, and ends with 1. With `--types` it lists the one
// circle of types that is allowed as well.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { packageFolders, root } from './workspace.mjs';

const CONTRACT = join(root, 'packages/core/src/contract/');

/** The tensor has ops as methods; ops take tensors, and are recorded and run by these: they may name each other's types. */
const TENSOR_AND_OPS = [
  'ops/',
  'tensor/tensor.ts',
  'tensor/tensor-maker.ts',
  'dispatch/dispatch.ts',
  'dispatch/intercept.ts',
  ...['apply', 'backward', 'leaf', 'lowering', 'node', 'recording', 'stop'].map((name) => `autodiff/${name}.ts`),
].map((part) => join(root, 'packages/core/src', part));

/** All TypeScript files of a folder, at any depth. */
function sources(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** The file of this repository that an import names, if it is one. */
function target(from, specifier) {
  if (specifier.startsWith('.')) return resolve(dirname(from), specifier);
  const [, name, entry] = /^@sinapse\/([^/]+)(?:\/(.+))?$/.exec(specifier) ?? [];
  const file = name && join(root, 'packages', name, 'src', entry ?? '', 'index.ts');
  return file && existsSync(file) ? file : undefined;
}

/** The files that a file imports: all of them, and those that are loaded when it runs. */
function importsOf(file) {
  const text = readFileSync(file, 'utf8');
  const statements = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm);
  const found = { all: [], loaded: [] };
  for (const [, type, named, late] of statements) {
    const to = target(file, named ?? late);
    if (to === undefined) continue;
    found.all.push(to);
    if (type === undefined) found.loaded.push(to);
  }
  return found;
}

/** Groups of files each of which leads to all others of its group. Tarjan 1972. */
function circles(graph) {
  const [index, low, stack, found] = [new Map(), new Map(), [], []];
  const visit = (file) => {
    index.set(file, index.size);
    low.set(file, index.get(file));
    stack.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!index.has(next)) low.set(file, Math.min(low.get(file), visit(next)));
      else if (stack.includes(next)) low.set(file, Math.min(low.get(file), index.get(next)));
    }
    if (low.get(file) === index.get(file)) {
      const group = stack.splice(stack.indexOf(file));
      if (group.length > 1 || (graph.get(file) ?? []).includes(file)) found.push(group);
    }
    return low.get(file);
  };
  for (const file of graph.keys()) if (!index.has(file)) visit(file);
  return found;
}

const files = packageFolders().flatMap((folder) =>
  ['src', 'test']
    .map((part) => join(folder, part))
    .filter(existsSync)
    .flatMap(sources),
);
const imports = new Map(files.map((file) => [file, importsOf(file)]));
const show = (group) =>
  group
    .map((file) => relative(root, file))
    .sort()
    .join('\n    ');

const problems = circles(new Map(files.map((file) => [file, imports.get(file).loaded]))).map(
  (group) => `a circle of imports at run time:\n    ${show(group)}`,
);
for (const file of files.filter((name) => name.startsWith(CONTRACT) && !name.endsWith('.test.ts')))
  for (const to of imports.get(file).all)
    if (!to.startsWith(CONTRACT)) problems.push(`${relative(root, file)} imports ${relative(root, to)}: contract/ knows nothing above it`);

for (const group of circles(new Map(files.map((file) => [file, imports.get(file).all])))) {
  const others = group.filter((file) => !TENSOR_AND_OPS.some((part) => file.startsWith(part)));
  if (others.length > 0)
    problems.push(`a circle of types, which these should leave:\n    ${show(others)}\n  all of it:\n    ${show(group)}`);
  else if (process.argv.includes('--types')) console.log(`the circle of types that is allowed:\n    ${show(group)}`);
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
