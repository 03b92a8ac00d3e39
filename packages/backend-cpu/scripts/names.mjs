// The names that TypeScript passes to C++ as numbers, in one table. Written out as kernels/base/names.h and src/engine/names.ts:
//   node scripts/names.mjs
// Both are committed; names.test.ts says when they are stale.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The version of what JavaScript and the kernels' builds agree on. Raise it whenever one side would misunderstand an older other side: the arguments
 * of a kernel, the functions of a host, the tables below.
 */
const ABI = 1;

/** A type of core, or one of our `own`, and its names in the order of their numbers. `style`, `prefix` and `holds` are how C++ writes the enum. */
export const tables = [
  { type: 'DType', style: 'enum', names: ['float32', 'int32', 'uint8', 'bool'] },
  { type: 'Activation', style: 'enum', names: ['linear', 'relu', 'leakyRelu', 'sigmoid', 'tanh'] },
  {
    type: 'UnaryOp',
    style: 'enum class',
    names: words('neg abs sign floor ceil round exp expm1 log log1p sqrt sin cos tanh sigmoid erf erfc not isNaN'),
  },
  {
    type: 'BinaryOp',
    style: 'enum class',
    names: words('add sub mul div mod pow max min equal notEqual less lessEqual greater greaterEqual and or xor'),
  },
  { type: 'ReduceOp', style: 'enum', prefix: 'REDUCE_', names: ['sum', 'prod', 'max', 'min'] },
  {
    // What a step of an element-wise program does: those before copyBytes hand their result on in registers.
    type: 'StepOp',
    own: true,
    style: 'enum class',
    holds: 'unsigned short',
    names: words('copy add sub subFrom mul div divInto max maxWith min minWith neg abs sqrt copyBytes unary binary powNumber select cast'),
  },
];

function words(text) {
  return text.split(' ');
}

/** leakyRelu is LEAKY_RELU there. */
function constant(name) {
  return name
    .replace('NaN', 'Nan')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase();
}

export function headerText() {
  const enums = tables.map(
    ({ type, style, prefix = '', holds = 'int', names }) =>
      `${style} ${type} : ${holds} { ${names.map((name) => prefix + constant(name)).join(', ')} };`,
  );
  return `// The numbers by which src/kernels names things. Written by scripts/names.mjs.\n#pragma once\n\n#define SINAPSE_ABI ${ABI}\n\n${enums.join('\n')}\n`;
}

export function moduleText() {
  const records = tables.map(({ type, own = false, names }) => {
    const key = own || type === 'DType' ? names.map((name) => `'${name}'`).join(' | ') : type;
    const entries = names.map((name, i) => `  ${name}: ${i},\n`).join('');
    return `export const ${constant(type.replace('DType', 'Dtype'))}S: Readonly<Record<${key}, number>> = {\n${entries}};\n`;
  });
  const imported = tables.flatMap(({ type, own = false }) => (own || type === 'DType' ? [] : type)).sort();
  return `// The numbers by which kernels/ knows names. Written by scripts/names.mjs.\n\nimport type { ${imported.join(', ')} } from '@sinapse/core';\n\n/** The version that a build of the kernels must have. */\nexport const ABI = ${ABI};\n\n${records.join('\n')}`;
}

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

/** Each file, and what it should hold. */
export const files = [
  { path: join(packageFolder, 'kernels/base/names.h'), text: headerText() },
  { path: join(packageFolder, 'src/engine/names.ts'), text: moduleText() },
];

if (process.argv[1] === fileURLToPath(import.meta.url)) for (const { path, text } of files) writeFileSync(path, text);
