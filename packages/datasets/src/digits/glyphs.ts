// How people write the ten digits: for each, the common styles as pen strokes in a box of about 100 x 100 (x right, y down).
// The weights are rough frequencies among the writers of NIST's forms, estimated by eye.

import { stroke } from './curve.ts';
import type { Stroke } from './curve.ts';

/** One style of writing a digit. */
export interface Glyph {
  /** Relative frequency among the styles of its digit. */
  readonly weight: number;
  readonly strokes: readonly Stroke[];
}

function glyph(weight: number, ...strokes: string[]): Glyph {
  return { weight, strokes: strokes.map(stroke) };
}

/** `GLYPHS[d]` holds the styles of the digit d. */
export const GLYPHS: readonly (readonly Glyph[])[] = [
  [
    glyph(5, '57 2, 26 14, 8 52, 22 90, 51 98, 80 80, 90 44, 78 12, 53 3'), // closed oval
    glyph(2, '67 8, 37 6, 11 40, 14 84, 45 98, 81 72, 85 30, 63 6, 42 14'), // begins at the right, crosses itself
    glyph(2, '41 6, 15 34, 14 78, 41 98, 76 80, 89 40, 73 6, 45 2, 28 16'), // a tail across the top
    glyph(2, '47 4, 17 34, 12 80, 43 98, 78 76, 85 32, 61 4, 46 14, 49 34'), // a tail inside
    glyph(1, '49 8, 21 30, 11 66, 29 96, 63 92, 88 56, 82 14, 65 2'), // not quite closed
    glyph(1, '83 2, 48 12, 18 44, 16 84, 47 98, 81 74, 83 38, 64 16, 38 10'), // a tail outside
  ],
  [
    glyph(10, '55 0, 50 50, 45 100'), // a plain stroke
    glyph(2, '59 0, 48 50, 45 100'), // a bent one
    glyph(2, '37 20, 59 0!, 52 52, 45 100'), // with a flag
    glyph(1, '31 24, 57 2!, 46 98!', '17 99, 75 98'), // with flag and base
  ],
  [
    glyph(4, '11 24, 30 4, 62 4, 77 28, 62 58, 36 84, 10 97!, 48 95, 94 97'), // straight foot
    glyph(3, '13 22, 40 2, 72 14, 70 46, 45 78, 18 94, 10 80, 29 70, 60 86, 96 92'), // looped foot
    glyph(3, '9 30, 34 2, 68 8, 72 44, 46 82, 16 98, 4 82, 23 66, 58 80, 94 96'), // large loop
    glyph(2, '8 18, 44 2, 74 18, 66 52, 36 84, 16 96!, 40 86, 66 92, 96 88'), // wavy foot
    glyph(2, '19 22, 44 2, 66 16, 64 46, 39 76, 16 88, 9 76, 29 70, 60 84, 93 102'), // looped foot, tail downwards
    glyph(2, '32 18, 52 2, 68 16, 62 46, 39 72, 22 84, 6 92!, 52 84, 101 78'), // long foot upwards
    glyph(1, '8 10, 42 6, 78 6!, 48 50, 12 96!, 52 95, 94 96'), // like a z
    glyph(1, '32 8, 58 8, 58 40, 51 70, 38 96!, 58 95, 78 97'), // narrow
  ],
  [
    glyph(5, '11 12, 42 0, 73 16, 63 40, 36 48!, 70 54, 86 76, 60 98, 26 98, 7 84'), // two bows
    glyph(3, '13 16, 46 1, 73 20, 53 44, 34 46, 42 52, 77 58, 79 86, 48 99, 9 88'), // bows joined by a small loop
    glyph(2, '8 8, 40 6, 74 5!, 58 24, 39 44!, 72 50, 84 76, 58 98, 12 90'), // flat top
    glyph(2, '27 14, 50 2, 67 18, 57 40, 44 48!, 65 58, 69 80, 52 97, 28 92'), // narrow
    glyph(1, '3 22, 36 4, 74 8, 60 30, 39 44!, 70 50, 80 74, 60 98, 40 98'), // open below
    glyph(2, '19 18, 54 0, 77 12, 53 42!, 73 58, 65 82, 38 98, 4 92'), // leaning, tail to the left
    glyph(1, '8 24, 20 4, 54 2, 71 22, 45 40!, 70 46, 91 66, 70 96, 34 96, 10 74'), // round
  ],
  [
    glyph(4, '29 6, 20 34, 21 54, 46 56, 81 50', '78 4, 70 50, 62 100'), // open, round
    glyph(4, '31 2, 21 30, 16 54!, 46 54, 84 50', '73 10, 67 54, 59 100'), // open, angular
    glyph(2, '66 2, 39 32, 14 62!, 47 64, 88 62', '66 2, 64 50, 59 100'), // closed
    glyph(2, '48 0, 29 30, 12 62!, 49 62, 90 60', '61 34, 56 66, 52 100'), // open, short stem
    glyph(2, '22 4, 15 34, 19 56, 48 56, 81 48', '89 0, 82 48, 74 100'), // like a u with a stem
    glyph(2, '29 2, 20 46!, 45 46, 70 36, 82 2!, 69 50, 57 100'), // one stroke, like a y
  ],
  [
    glyph(4, '30 6, 24 44!, 56 38, 80 62, 66 92, 36 99, 10 88', '28 6, 56 4, 84 3'), // bar last
    glyph(3, '84 4, 56 4, 30 8!, 24 44!, 58 40, 81 64, 62 94, 12 92'), // one stroke
    glyph(2, '86 4, 42 6, 27 28, 44 46, 72 62, 68 90, 38 99, 10 90'), // like an s
    glyph(3, '36 12, 30 46, 56 50, 67 72, 48 96, 8 96', '36 12, 68 8, 98 0'), // leaning, bar far out
    glyph(2, '18 10, 14 52!, 51 34, 88 52, 81 86, 42 100, 5 84', '16 10, 48 8, 82 10'), // large bowl
    glyph(1, '34 2, 28 46!, 60 48, 67 74, 44 98, 15 84', '38 10, 60 8, 76 8'), // small bowl, tail turned up
  ],
  [
    glyph(3, '66 0, 35 26, 14 62, 23 94, 53 99, 77 80, 62 58, 34 62, 19 80'), // curved back
    glyph(2, '56 0, 30 38, 17 76, 37 99, 69 90, 76 66, 50 58, 21 76'), // straight back
    glyph(2, '79 4, 41 16, 14 54, 19 92, 51 98, 85 82, 78 60, 46 60, 23 76'), // wide
    glyph(1, '48 0, 24 44, 21 84, 41 99, 61 84, 51 68, 25 82'), // small bowl
    glyph(3, '42 0, 19 30, 9 70, 29 96, 67 96, 93 78, 80 58, 52 62, 35 86'), // bowl open to the left
    glyph(3, '28 0, 16 36, 15 76, 39 98, 75 94, 91 72, 68 56, 39 70, 29 90'), // upright back, low bowl
  ],
  [
    glyph(4, '7 10, 43 9, 85 4!, 64 48, 48 100'), // plain
    glyph(2, '6 26, 9 8!, 45 8, 83 6!, 62 48, 50 100'), // with a serif
    glyph(2, '7 8, 45 8, 85 4!, 60 50, 44 100', '24 54, 56 50, 90 48'), // with a bar
    glyph(2, '5 14, 41 4, 75 8, 73 40, 57 70, 50 100'), // rounded
    glyph(3, '3 36, 11 12, 44 16, 85 4!, 68 44, 52 100'), // hooked
    glyph(2, '5 8, 39 8, 77 8!, 76 50, 76 100'), // upright
    glyph(1, '11 34, 17 6, 45 14, 73 4!, 58 52, 50 100'), // narrow hook
    glyph(1, '15 12, 43 4, 71 10, 64 52, 56 100', '20 56, 54 52, 92 54'), // rounded, with a bar
  ],
  [
    glyph(3, '76 16, 50 1, 22 18, 40 42, 68 62, 74 86, 46 99, 20 84, 38 58, 68 36, 80 14'), // begins like an s
    glyph(2, '50 46, 24 26, 46 2, 74 18, 52 46, 26 70, 36 96, 66 96, 76 72, 50 46'), // figure of eight from the middle
    glyph(2, '50 2, 26 14, 32 40, 62 38, 72 14, 50 2', '46 44, 20 70, 42 98, 76 84, 70 54, 46 44'), // two circles
    glyph(2, '98 6, 58 10, 28 12, 24 32, 48 52, 66 74, 54 98, 28 92, 34 68, 60 42, 94 12'), // open at the top right
    glyph(2, '70 20, 48 2, 20 14, 26 38, 52 54, 60 78, 46 98, 32 84, 44 60, 70 40, 76 18'), // large head, small foot
    glyph(1, '60 46, 22 38, 18 12, 56 2, 90 20, 66 46, 30 60, 24 90, 60 98, 84 80, 60 46'), // wide
    glyph(1, '62 12, 40 10, 34 34, 54 50, 66 74, 50 98, 28 84, 40 60, 64 36, 84 0'), // narrow head with a tail upwards
  ],
  [
    glyph(4, '72 14, 43 2, 16 24, 28 48, 58 42, 74 12!, 72 54, 69 100'), // straight leg
    glyph(2, '74 20, 49 2, 20 18, 26 46, 58 44, 74 18, 74 58, 60 90, 31 98'), // curved leg
    glyph(2, '67 8, 31 8, 19 36, 46 50, 70 24, 67 6!, 68 50, 53 100'),
    glyph(2, '59 8, 31 4, 20 24, 43 36, 64 14!, 64 56, 57 100'), // small head
    glyph(2, '79 6, 40 10, 9 34, 20 52, 54 44, 78 12!, 74 54, 69 100'), // wide head
    glyph(1, '70 10, 39 0, 22 20, 45 38, 70 16, 76 58, 65 92, 35 98, 26 84'), // like a g
    glyph(1, '85 2, 47 8, 25 34, 44 46, 67 32, 81 6!, 66 54, 49 100'), // leaning
  ],
];
