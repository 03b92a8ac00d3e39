// What a stream can show: colours.

import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

/** Colours for a stream: only if it is a terminal that has them and NO_COLOR is not set (https://no-color.org). */
export function colorsFor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): Colors {
  const wanted = env['FORCE_COLOR'] ? env['FORCE_COLOR'] !== '0' : Boolean(stream.isTTY) && env['TERM'] !== 'dumb';
  return pc.createColors(wanted && !env['NO_COLOR']);
}
