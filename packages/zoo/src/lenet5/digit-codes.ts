// The codes of the digits: bitmaps of 7 by 12 pixels, so that digits that look alike have similar codes. They are copied from figure 3 of
// the paper, which is a picture only.

/** The number of values of a code, which is the width of layer F6. */
export const CODE_LENGTH = 84;

const BITMAPS = [
  `
..###..  ...##..  .#####.  #######  ....##.
.##.##.  ..###..  ##...##  .....##  ...###.
##...##  .####..  #....##  ....##.  ..####.
##...##  ...##..  .....##  ...##..  .##.##.
##...##  ...##..  ....##.  ..####.  ##..##.
##...##  ...##..  ...##..  .....##  ##..##.
##...##  ...##..  ..##...  .....##  #######
##...##  ...##..  .##....  .....##  ....##.
.##.##.  ...##..  ##.....  ##...##  ....##.
..###..  .######  #######  .#####.  ....##.
.......  .......  .......  .......  .......
.......  .......  .......  .......  .......`,
  `
#######  ..####.  #######  .#####.  .#####.
##.....  .##....  .....##  ##...##  ##..###
##.....  ##.....  .....##  ##...##  ##...##
##.....  ##.....  ....##.  ##...##  ##...##
######.  ######.  ...##..  .#####.  ##..###
.....##  ###..##  ...##..  ##...##  .######
.....##  ##...##  ..##...  ##...##  .....##
.....##  ##...##  ..##...  ##...##  .....##
##...##  ###..##  ..##...  ##...##  ....##.
.#####.  .#####.  ..##...  .#####.  .####..
.......  .......  .......  .......  .......
.......  .......  .......  .......  .......`,
];

/** The code of each digit from 0 to 9: 84 values, 1 for ink and -1 for none, row by row. */
export const digitCodes: readonly Float32Array[] = BITMAPS.flatMap((strip) => {
  const rows = strip.trim().split('\n').map((row) => row.split('  ')); // prettier-ignore
  return rows[0]!.map((_, digit) => Float32Array.from(rows.map((row) => row[digit]!).join(''), (pixel) => (pixel === '#' ? 1 : -1)));
});
