// node tools/release/picture.mjs: draws docs/images/training.svg, what `npm start` prints, from a run of it now. It has a background of its own, so
// it looks the same on light and dark pages. Characters are placed by column, so that no font can break the table.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../setup/workspace.mjs';

const [width, height, margin, size] = [8.4, 20, 24, 14]; // of a character, of a line, around all, of the font
const colors = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 36: '#79c0ff' };

const escapeSign = '\u001b';

/** The output of the quick start, down to the path of the model. */
function record() {
  const folder = mkdtempSync(join(tmpdir(), 'sinapse-picture-'));
  try {
    const env = { ...process.env, FORCE_COLOR: '1', npm_lifecycle_event: 'start' };
    const program = [join(root, 'apps/cli/dist/main.js'), 'train', '--quick-start'];
    const printed = execFileSync(process.execPath, program, { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return `${escapeSign}[2m$${escapeSign}[22m npm start\n\n${printed.slice(0, printed.indexOf('\nWhat next'))}`.trimEnd().split('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The pieces of a line that look alike, each with its column. */
function pieces(line) {
  const style = { bold: false, dim: false, color: undefined };
  const found = [];
  let column = 0;
  for (const part of line.split(escapeSign)) {
    const { code, text } = /^(?:\[(?<code>\d+)m)?(?<text>.*)$/.exec(part).groups;
    if (code === '1') style.bold = true;
    else if (code === '2') style.dim = true;
    else if (code === '22') style.bold = style.dim = false;
    else if (code === '39') style.color = undefined;
    else if (code !== undefined) style.color = colors[code];
    // Words apart, because spaces in a row would shrink.
    for (const { 0: word, index } of text.matchAll(/\S+(?: \S+)*/g)) found.push({ ...style, word, column: column + index });
    column += text.length;
  }
  return found;
}

const escape = (text) => text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]);

function drawn({ bold, dim, color = '#e6edf3', word, column }) {
  const look = `fill="${dim ? '#8b949e' : color}"${bold ? ' font-weight="bold"' : ''}`;
  return `<tspan x="${(margin + column * width).toFixed(1)}" textLength="${(word.length * width).toFixed(1)}" ${look}>${escape(word)}</tspan>`;
}

const lines = record().map(pieces);
const columns = Math.max(...lines.flat().map(({ word, column }) => column + word.length));
const [wide, high] = [Math.ceil(2 * margin + columns * width), 2 * margin + lines.length * height];
const text = lines.map((line, row) => `<text y="${margin + (row + 0.75) * height}">${line.map(drawn).join('')}</text>`);
mkdirSync(join(root, 'docs/images'), { recursive: true });
writeFileSync(
  join(root, 'docs/images/training.svg'),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${high}" width="${wide}" height="${high}" role="img" aria-label="npm start trains LeNet-5 on digits and prints the accuracy on unseen ones">
<rect width="100%" height="100%" rx="10" fill="#0d1117" stroke="#30363d"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="${size}">
${text.filter((line) => line.includes('tspan')).join('\n')}
</g>
</svg>
`,
);
