// Writes the benchmark's section of a page of the documentation.

const BEGIN = '<!-- bench:begin -->';
const END = '<!-- bench:end -->';

/**
 * Returns the page with new text between its markers.
 * @throws Error unless both markers are there, in order
 */
export function betweenMarkers(page: string, text: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the page needs the lines ${BEGIN} and ${END}: the tables are written between them`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${page.slice(end)}`;
}
