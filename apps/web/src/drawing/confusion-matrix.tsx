// Which class is taken for which: a table, coloured by the share of its row.

import { number, percent } from '../shell/language.ts';

export interface ConfusionMatrixProps {
  readonly classNames: readonly string[];
  /** `[classes * classes]`: examples of a class, row by row, by what they are taken for. */
  readonly confusion: Int32Array;
  readonly caption: string;
  readonly actual: string;
  readonly predicted: string;
}

/** The most classes that a page has room for. */
const MOST_CLASSES = 12;

export function ConfusionMatrix({ classNames, confusion, caption, actual, predicted }: ConfusionMatrixProps) {
  const names = classNames.slice(0, MOST_CLASSES);
  const classes = classNames.length;
  return (
    <table class="confusion">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span title={`${actual} / ${predicted}`}>{`${actual}\u00a0↓ ${predicted}\u00a0→`}</span>
          </th>
          {names.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {names.map((name, row) => {
          const counts = confusion.subarray(row * classes, (row + 1) * classes);
          const total = counts.reduce((sum, count) => sum + count, 0) || 1;
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              {names.map((other, column) => {
                const count = counts[column] ?? 0;
                const share = count / total;
                const side = row === column ? 'cool' : 'warm';
                const strength = Math.round(100 * Math.min(row === column ? share * 0.4 : share * 3, 0.4));
                return (
                  <td
                    key={other}
                    title={`${actual} ${name}, ${predicted} ${other}: ${percent(share)}`}
                    style={count > 0 ? { background: `color-mix(in srgb, var(--${side}) ${strength}%, var(--paper))` } : {}}
                  >
                    {count > 0 ? number(count) : <span class="quiet">·</span>}
                  </td>
                );
              })}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
