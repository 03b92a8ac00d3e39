// Compiles and runs the code blocks of the documentation.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The code blocks of a page marked with `ts` and the given word, joined in order. */
export function codeBlocks(page: string, word: string): string {
  const markdown = readFileSync(new URL(`../../../${page}`, import.meta.url), 'utf8');
  const blocks = [...markdown.matchAll(/^```ts (\S+)\n([\s\S]*?)^```$/gm)].filter(([, info]) => info === word);
  if (blocks.length === 0) throw new Error(`${page} has no code block that opens with \`\`\`ts ${word}`);
  return blocks.map(([, , code]) => code).join('\n');
}

const root = new URL('../dist/guide/', import.meta.url);
const compiler = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));

/**
 * Compiles code strictly, as a separate program, and returns the URLs of its source and JavaScript.
 * @param types packages of types that it needs, such as `node`
 */
export function compileGuide(
  name: string,
  code: string,
  types: readonly string[] = [],
): { readonly source: URL; readonly javascript: URL } {
  const folder = new URL(`${name}/`, root);
  mkdirSync(folder, { recursive: true });
  const source = new URL(`${name}.ts`, folder);
  writeFileSync(source, code);
  const compilerOptions = {
    composite: false,
    target: 'es2022',
    lib: ['ES2023', 'ESNext.Disposable', 'DOM'],
    ...(types.length > 0 && { types }),
  };
  writeFileSync(
    new URL('tsconfig.json', folder),
    JSON.stringify({ extends: '../../../../tsconfig/base.json', compilerOptions, files: [`${name}.ts`] }),
  );
  try {
    execFileSync(process.execPath, [compiler, '-p', fileURLToPath(folder)], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    throw new Error(`${name} does not compile:\n${(error as { stdout?: string }).stdout ?? String(error)}`, { cause: error });
  }
  return { source, javascript: new URL(`${name}.js`, folder) };
}
