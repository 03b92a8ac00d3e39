// Where the texels of a storage lie in its texture: row by row. Devices compute two by two fragments, and share rows among their cores, so that a texture
// should have many rows; and a large one must not have more than the device allows.

/** Columns of a texture: powers of two. */
const SMALL = 128;
const LARGE = 2048;

/** The most texels of a small texture: as many rows as columns. */
const MOST = SMALL * SMALL;

/** The most columns of a texture. */
export const WIDEST: number = LARGE;

/** The columns of the texture of a storage for so many texels. */
export function widthOf(texels: number): number {
  return texels <= MOST ? SMALL : LARGE;
}

/** The widths of the textures of a pass: those of all outputs, and of each input. */
export interface Widths {
  readonly output: number;
  readonly inputs: readonly number[];
}

/** The expression of the position of a texel, whose number is an expression. */
export function positionOf(texel: string, width: number): string {
  return `ivec2(int((${texel}) & ${width - 1}u), int((${texel}) >> ${Math.log2(width)}u))`;
}

/** The expression of the number of the texel that a fragment writes. */
export function fragmentOf(width: number): string {
  return `(uint(gl_FragCoord.y) * ${width}u + uint(gl_FragCoord.x))`;
}

/** Part of a texture. */
interface Rectangle {
  readonly y: number;
  readonly columns: number;
  readonly rows: number;
  /** The first of its texels. */
  readonly first: number;
}

/** The rectangles of a texture that hold so many texels: whole rows, then a part of one. */
export function rectanglesOf(texels: number, width: number): Rectangle[] {
  const rows = Math.floor(texels / width);
  const whole: Rectangle = { y: 0, columns: width, rows, first: 0 };
  const rest: Rectangle = { y: rows, columns: texels % width, rows: 1, first: rows * width };
  return [...(rows > 0 ? [whole] : []), ...(rest.columns > 0 ? [rest] : [])];
}
