// A network unrolled in time, as nodes and edges and as a picture.

import { reference } from '@sinapse/backend-reference';
import { parametersOf, use } from '@sinapse/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { bidirectional, drawUnrolled, lstm, simpleRnn, unrolledGraph } from '../index.ts';

beforeEach(() => void use(reference()));

describe('a network unrolled in time', () => {
  test('has a copy of its cell for each step, and hands its state on', () => {
    const layer = lstm({ units: 3 });
    layer.build([4, 2], 1);
    const { nodes, edges, outputs } = unrolledGraph(layer, [4, 2]);
    expect(nodes.map(({ id }) => id)).toEqual(['x1', 'x2', 'x3', 'x4', 'cell:1', 'cell:2', 'cell:3', 'cell:4']);
    expect(nodes.map(({ outputShapes }) => outputShapes[0]!.join())).toEqual(['2', '2', '2', '2', '3', '3', '3', '3']);
    const parameters = parametersOf(layer).reduce((sum, { cell }) => sum + cell.size, 0);
    expect(nodes.map((node) => node.parameters)).toEqual([0, 0, 0, 0, parameters, 0, 0, 0]); // all copies share them
    const between = (from: string, to: string): number => edges.filter((edge) => edge.from === from && edge.to === to).length;
    expect([between('x2', 'cell:2'), between('cell:1', 'cell:2'), between('cell:2', 'cell:1')]).toEqual([1, 2, 0]); // h and c
    expect(edges).toHaveLength(4 + 3 * 2);
    expect(outputs).toEqual(['cell:4']);
  });

  test('goes back from the end where it is reversed, and both ways where it is bidirectional', () => {
    const layer = bidirectional(simpleRnn({ units: 2, returnSequences: true }));
    layer.build([3, 1], 1);
    const { nodes, edges, outputs } = unrolledGraph(layer, [3, 1]);
    expect(nodes).toHaveLength(9);
    const carried = edges.filter(({ from }) => !from.startsWith('x')).map(({ from, to }) => `${from} ${to}`);
    expect(carried).toEqual(['forward:1 forward:2', 'forward:2 forward:3', 'backward:3 backward:2', 'backward:2 backward:1']);
    expect(outputs).toEqual(['forward:1', 'forward:2', 'forward:3', 'backward:1', 'backward:2', 'backward:3']);
    expect(nodes.filter(({ parameters }) => parameters > 0).map(({ id }) => id)).toEqual(['forward:1', 'backward:3']);
  });

  test('is drawn: boxes in rows, an arrow for each edge and each output', () => {
    const layer = simpleRnn({ units: 2 });
    layer.build([3, 1], 1);
    const picture = drawUnrolled(layer, [3, 1]);
    const count = (part: RegExp): number => (picture.match(part) ?? []).length;
    expect([count(/class="input"/g), count(/class="cell"/g), count(/class="arrow"/g), count(/class="output"/g)]).toEqual([
      3,
      3,
      3 + 2 + 1,
      1,
    ]);
    expect(picture).toMatch(/^<svg [^]*<title>simpleRnn unrolled over 3 steps of \[1\]<\/title>[^]*<\/svg>\n$/);
    const [width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(picture)!.slice(1).map(Number) as [number, number];
    for (const [, x, y] of picture.matchAll(/<rect x="([\d.]+)" y="([\d.]+)"/g)) {
      expect(Number(x) >= 0 && Number(x) <= width - 64).toBe(true);
      expect(Number(y) >= 0 && Number(y) <= height - 32).toBe(true);
    }
  });

  test('refuses what has no steps', () => {
    const layer = lstm({ units: 1 });
    expect(() => unrolledGraph(layer, [3, 2])).toThrow('lstmCell: has no parameters yet; build the model first');
    layer.build([3, 2]);
    expect(() => unrolledGraph(layer, [0, 2])).toThrow('unrolledGraph: the input must be [time, features], got [0,2]');
    expect(() => drawUnrolled({} as never, [3, 2])).toThrow('unrolledGraph: expected a recurrent layer, e.g. lstm({ units: 8 }), got ');
  });
});
