// Which columns of a table the network needs.

import { bars } from '../charts/bars.ts';
import { html } from '../html.ts';
import type { MakeSection } from '../view.ts';

const MOST_LISTED = 40;

export const importance: MakeSection = ({ run, words, format }) => {
  if (run.importance === undefined || run.importance.length === 0) return undefined;
  const { title, rise, note } = words.importance;
  const rows = [...run.importance].sort((a, b) => b.mean - a.mean).slice(0, MOST_LISTED);
  const chart = bars(
    [words.data.column, rise],
    rows.map(({ column, mean, standardDeviation }) => ({
      name: column,
      value: mean,
      text: `${format.number(mean)} ± ${format.number(standardDeviation)}`,
    })),
  );
  return {
    id: 'importance',
    title,
    body: html`${chart}
      <p>${note}</p>`,
  };
};
