// Breaks long lines at words.

import { stripVTControlCharacters } from 'node:util';

/** Joins parts by two spaces into lines of at most `width` columns; lines after the first are indented. A part is never broken. */
export function wrap(parts: readonly string[], width: number, indent: number): string[] {
  return joined(parts, '  ', width, ' '.repeat(indent), '');
}

/**
 * Breaks a line at spaces into lines of at most `width` columns. Those after the first are indented by two columns more. A word is never
 * broken, and colours have no width.
 */
export function wrapWords(line: string, width: number): string[] {
  if (columnsOf(line) <= width) return [line];
  const indent = /^ */.exec(stripVTControlCharacters(line))![0];
  const [first = '', ...words] = line.replace(indent, '').split(/ +/);
  return joined([indent + first, ...words], ' ', width, `${indent}  `, '');
}

/**
 * Breaks a command between its words into lines of at most `width` columns that, typed one after the other, are still that command.
 * @param continuation ends every line but the last, e.g. a backslash
 */
export function wrapCommand(words: readonly string[], width: number, indent: string, continuation: string): string[] {
  const [first = '', ...others] = words;
  return joined([indent + first, ...others], ' ', width, `${indent}  `, ` ${continuation}`);
}

/** @param tail what ends every line but the last */
function joined(parts: readonly string[], gap: string, width: number, indent: string, tail: string): string[] {
  const lines: string[] = [];
  parts.forEach((part, i) => {
    const last = lines.at(-1);
    const room = i === parts.length - 1 ? width : width - tail.length;
    if (last === undefined) lines.push(part);
    else if (columnsOf(last) + gap.length + columnsOf(part) <= room) lines[lines.length - 1] = last + gap + part;
    else {
      lines[lines.length - 1] = last + tail;
      lines.push(indent + part);
    }
  });
  return lines;
}

function columnsOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
