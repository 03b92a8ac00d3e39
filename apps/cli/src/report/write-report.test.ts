import { reference } from '@sinapse/backend-reference';
import { use } from '@sinapse/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { escape, html } from './html.ts';
import { pageOf } from './page.ts';
import { digitsRun, tableRun } from './runs.cases.ts';
import { viewOfRun } from './write-report.ts';
import { languages, wordsIn } from './words.ts';

beforeAll(() => use(reference()));

/** The paths of all texts. */
function keysOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [`${path}: ${typeof value}`];
  return Object.entries(value).flatMap(([name, member]) => keysOf(member, `${path}.${name}`));
}

describe('the texts of a report', () => {
  it('are the same in both languages', () => {
    expect(keysOf(wordsIn.pt)).toEqual(keysOf(wordsIn.en));
  });

  it('are translated', () => {
    const sameInBoth = ['F1', 'Total', 'R²', 'Sinapse', 'Node', 'Threads', 'Backend', 'Grad-CAM'];
    const pairs = (en: unknown, pt: unknown): [unknown, unknown][] =>
      typeof en === 'object' ? Object.keys(en!).flatMap((name) => pairs((en as never)[name], (pt as never)[name])) : [[en, pt]];
    for (const [en, pt] of pairs(wordsIn.en, wordsIn.pt)) if (typeof en === 'string' && en === pt) expect(sameInBoth).toContain(en);
  });
});

describe('HTML', () => {
  it('escapes all that is put in, but HTML', () => {
    expect(html`<p title="${'"<&>\''}">${['<b>', html`<i>${1}</i>`, undefined, false]}</p>`.text).toBe(
      '<p title="&quot;&lt;&amp;&gt;&#39;">&lt;b&gt;<i>1</i></p>',
    );
    expect(escape('a')).toBe('a');
  });
});

describe.each(languages)('a report in %s', (language) => {
  it.each([
    ['pictures', digitsRun],
    ['a table', tableRun],
  ])('of %s holds nothing that its data could run or fetch', async (_, run) => {
    const page = pageOf(await viewOfRun(run, language));
    expect(page).not.toMatch(/<script|<img src=x|<b>town|https?:/);
    expect(page.match(/<img /g)?.length ?? 0).toBe(page.match(/<img src="data:image\/png;base64,/g)?.length ?? 0);
    expect(page).not.toMatch(/\bundefined\b|\bNaN\b|\[object/);
  });

  it('has the sections of its task', async () => {
    const sections = async (run: typeof digitsRun) =>
      [...pageOf(await viewOfRun(run, language)).matchAll(/<section id="(\w+)">/g)].map(([, id]) => id);
    expect(await sections(digitsRun)).toEqual(
      ['result', 'data', 'curves', 'confusion', 'classes', 'roc', 'calibration', 'mistakes', 'looks', 'use', 'limits', 'settings'], // prettier-ignore
    );
    expect(await sections(tableRun)).toEqual(['result', 'data', 'curves', 'regression', 'importance', 'use', 'limits', 'settings']);
  });
});

describe('a report', () => {
  it('has the measures of the answers', async () => {
    const page = pageOf(await viewOfRun(digitsRun, 'en')).replaceAll(/\n?(<[^>]*>)\n?/g, '$1');
    // Of two cats one is found, and of two emus; nothing else is called emu, so its precision is 1.
    expect(page).toContain(
      '<th scope="row">emu</th><td class="number">100.0%</td><td class="number">50.0%</td><td class="number">66.7%</td><td class="number">2</td>',
    );
    expect(page).toContain('66.7% of 6 test examples');
    // Wilson's interval of 4 of 6.
    expect(page).toContain('from 30.0% to 90.3%');
  });

  it('writes numbers as its language does', async () => {
    expect(pageOf(await viewOfRun(digitsRun, 'pt'))).toContain('66,7%');
  });
});
