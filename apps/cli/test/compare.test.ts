import { mkdirSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { digitsRun, tableRun } from '../src/report/runs.cases.ts';
import { sinapse, testFolder } from './sinapse.ts';

testFolder();

beforeAll(() => {
  const other = { ...digitsRun, settings: { ...digitsRun.settings, learningRate: 0.01, fineTune: true } };
  for (const [name, run] of Object.entries({ one: digitsRun, other, table: tableRun })) {
    mkdirSync(name);
    writeFileSync(`${name}/run.json`, JSON.stringify(run));
  }
});

describe('sinapse compare', () => {
  it('shows runs side by side, and the settings in which they differ', async () => {
    const { stdout, code } = await sinapse('compare', 'one', 'other');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^one +pets & "birds" +lenet5 +61,706 +2 +5\.0 s +66\.67% +0\.9$/m);
    const [, differences] = stdout.split('They differ in:\n');
    expect(differences!.trim().split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['learningRate', '0.002', '0.01'],
      ['fineTune', '–', 'true'],
    ]); // prettier-ignore
  });

  it('has the measures of both where runs have others', async () => {
    const { stdout } = await sinapse('compare', 'one', 'table');
    expect(stdout.split('\n')[0]).toMatch(/accuracy +log loss +root mean squared error +mean absolute error +r squared$/);
  });

  it('says when nothing differs, and gives events to programs', async () => {
    expect((await sinapse('compare', 'one', 'one')).stdout).toContain('Their settings are the same.');
    const { events } = await sinapse('compare', 'one', 'table', '--json');
    expect(events).toMatchObject([
      { event: 'run', run: 'one', epochs: 2 },
      { run: 'table', metrics: { rSquared: 0.9 } },
    ]);
  });

  it('says which run cannot be read', async () => {
    expect(await sinapse('compare', 'one', 'nowhere')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/nowhere\/run\.json does not exist/),
    });
  });
});
