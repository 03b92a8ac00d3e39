// What a stream can show.

import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

/** Colours for a stream: only on a terminal that has them, and never against NO_COLOR (https://no-color.org). */
export function colorsFor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): Colors {
  const wanted = env['FORCE_COLOR'] ? env['FORCE_COLOR'] !== '0' : Boolean(stream.isTTY) && env['TERM'] !== 'dumb';
  return pc.createColors(wanted && !env['NO_COLOR']);
}

/** Columns of a terminal; what goes to a file or another program has as many as it likes. */
export function widthOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY ? stream.columns || 80 : Infinity;
}
