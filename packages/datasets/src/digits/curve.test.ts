import { describe, expect, it } from 'vitest';
import { flatten, stroke } from './curve.ts';
import type { Polyline } from './curve.ts';

function polyline(text: string): Polyline {
  const line: Polyline = { xs: [], ys: [], along: [], starts: [] };
  const { points, corners } = stroke(text);
  flatten(points, corners, line);
  return line;
}

describe('flatten', () => {
  it('passes through every control point', () => {
    const { xs, ys, along } = polyline('0 0, 50 100, 100 0');
    const at = along.indexOf(0.5);
    expect([xs[0], ys[0], xs[at], ys[at], xs.at(-1), ys.at(-1)]).toEqual([0, 0, 50, 100, 100, 0]);
  });

  it('keeps straight what lies on a line', () => {
    const { xs } = polyline('30 0, 30 40, 30 100');
    expect(xs.every((x) => x === 30)).toBe(true);
  });

  it('is smooth at a control point, and breaks at a corner', () => {
    const turn = (text: string): number => {
      const { xs, ys, along } = polyline(text);
      const at = along.indexOf(0.5);
      const before = [xs[at]! - xs[at - 1]!, ys[at]! - ys[at - 1]!] as const;
      const after = [xs[at + 1]! - xs[at]!, ys[at + 1]! - ys[at]!] as const;
      return Math.atan2(before[0] * after[1] - before[1] * after[0], before[0] * after[0] + before[1] * after[1]);
    };
    expect(Math.abs(turn('0 0, 100 0, 100 100'))).toBeLessThan(Math.PI / 3);
    expect(turn('0 0, 100 0!, 100 100')).toBeCloseTo(Math.PI / 2, 5);
  });

  it('begins each stroke anew', () => {
    const line = polyline('0 0, 10 0');
    flatten([5, 5, 6, 6], [false, false], line);
    expect(line.starts).toEqual([0, 6]);
  });
});

describe('stroke', () => {
  it('refuses what it cannot read', () => {
    expect(() => stroke('0 0, 10')).toThrow("stroke: expected 'x y' or 'x y!', got ' 10'");
  });
});
