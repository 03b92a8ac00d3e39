/** Joins parts by two spaces into lines of at most `width` columns; lines after the first are indented. A part is never broken. */
export function wrap(parts: readonly string[], width: number, indent: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(part);
    else if (last.length + 2 + part.length <= width) lines[lines.length - 1] = `${last}  ${part}`;
    else lines.push(' '.repeat(indent) + part);
  }
  return lines;
}
