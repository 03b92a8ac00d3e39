// The problem's data at a glance.

import { bars } from '../charts/bars.ts';
import type { Content, Html } from '../html.ts';
import { html } from '../html.ts';
import type { MakeSection, View } from '../view.ts';

/** Classes, columns, files and the like that are listed; of more, the number is said. */
const LISTED = 40;

export const data: MakeSection = (view) => {
  const { words } = view;
  return {
    id: 'data',
    title: words.data.title,
    body: html`${factsOf(view)}${classesOf(view)}${columnsOf(view)}${skippedOf(view)}${copiesOf(view)}${remarksOf(view)}`,
  };
};

function factsOf({ run, words, format }: View): Html {
  const { examples, parts, sizes, target } = run.data;
  const facts: [string, Content][] = [
    [words.data.examples, format.count(examples)],
    [words.data.parts, [parts.train, parts.validation, parts.test].map(format.count).join(' / ')],
  ];
  if (sizes !== undefined)
    facts.push([words.data.sizes, [sizes.smallest, sizes.median, sizes.largest].map((size) => size.join(' × ')).join(', ')]);
  if (target !== undefined) facts.push([words.data.target, target]);
  return html`<dl>
    ${facts.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function classesOf({ run, words, format }: View): Content {
  const { classes, counts } = run.data;
  if (classes === undefined || counts === undefined) return undefined;
  const rows = classes.map((name, i) => ({ name, value: counts[i]!, text: format.count(counts[i]!) }));
  return html`${bars([words.data.class, words.data.count], rows.slice(0, LISTED))}${more(rows.length, { words, format })}`;
}

function columnsOf({ run, words, format }: View): Content {
  const { columns } = run.data;
  if (columns === undefined) return undefined;
  return html`<div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">${words.data.column}</th>
            <th scope="col">${words.data.kind}</th>
            <th scope="col">${words.data.missing}</th>
          </tr>
        </thead>
        <tbody>
          ${columns.slice(0, LISTED).map(
            ({ name, kind, missing }) =>
              html`<tr>
                <th scope="row">${name}</th>
                <td>${words.data.kinds[kind] ?? kind}</td>
                <td class="number">${format.count(missing)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${more(columns.length, { words, format })}`;
}

function skippedOf({ run, words, format }: View): Content {
  const { skipped } = run.data;
  if (skipped.length === 0) return undefined;
  return html`<h3>${words.data.skipped(format.count(skipped.length))}</h3>
    <ul>
      ${skipped.slice(0, LISTED).map(({ source, reason }) => html`<li><code>${source}</code> <span lang="en">${reason}</span></li>`)}
    </ul>
    ${more(skipped.length, { words, format })}`;
}

function copiesOf({ run, words, format }: View): Content {
  const { duplicates } = run.data;
  if (duplicates === undefined) return html`<p>${words.data.duplicatesUnknown}</p>`;
  const { exact, near } = duplicates;
  if (exact.length + near.length === 0) return html`<p>${words.data.noDuplicates}</p>`;
  const listed = (title: string, groups: readonly (readonly string[])[]): Content =>
    groups.length > 0 &&
    html`<h3>${title}</h3>
      <ul>
        ${groups.slice(0, 10).map((group) => html`<li>${group.slice(0, 4).map((source) => html`<code>${source}</code> `)}${group.length > 4 && '…'}</li>`)}
      </ul>`;
  return [listed(words.data.exact(format.count(exact.length)), exact), listed(words.data.near(format.count(near.length)), near)];
}

function remarksOf({ run, words }: View): Content {
  const { remarks } = run.data;
  return (
    remarks.length > 0 &&
    html`<h3>${words.data.remarks}</h3>
      <ul lang="en">
        ${remarks.map((remark) => html`<li>${remark}</li>`)}
      </ul>`
  );
}

function more(count: number, { words, format }: Pick<View, 'words' | 'format'>): Content {
  return count > LISTED && html`<p>${words.data.more(format.count(count - LISTED))}</p>`;
}
