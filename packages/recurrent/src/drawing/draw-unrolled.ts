// A picture of a recurrent layer unrolled in time.

import type { Shape } from '@sinapse/core';
import { formatShape } from '@sinapse/core';
import type { GraphNode } from '@sinapse/layers';
import type { Bidirectional } from '../bidirectional.ts';
import type { Recurrent } from '../recurrent.ts';
import { unrolledGraph } from './unrolled-graph.ts';

const [STEP, ROW, BOX, MARGIN] = [96, 84, { width: 64, height: 32 }, 24];

/**
 * An SVG picture of a built layer unrolled in time: inputs below, the copies of the cell above them, outputs at the top, time from left to right.
 * @param inputShape `[time, …]`
 * @throws SinapseError unless it is a recurrent layer that is built
 */
export function drawUnrolled(layer: Recurrent | Bidirectional, inputShape: Shape): string {
  const { nodes, edges, outputs } = unrolledGraph(layer, inputShape);
  const time = inputShape[0]!;
  const rows = [...new Set(nodes.map(rowOf))]; // the inputs first
  const height = (rows.length + 1) * ROW + MARGIN;
  const place = (node: GraphNode): { x: number; y: number } => ({
    x: MARGIN + ((Number(/\d+$/.exec(node.id)![0]) - 1) % time) * STEP + BOX.width / 2,
    y: height - MARGIN - BOX.height / 2 - rows.indexOf(rowOf(node)) * ROW,
  });
  const at = new Map(nodes.map((node) => [node.id, place(node)]));
  const lines = edges.map(({ from, to }) => arrow(at.get(from)!, at.get(to)!));
  const top = height - MARGIN - BOX.height / 2 - rows.length * ROW;
  const shown = outputs.map((id) => arrow(at.get(id)!, { x: at.get(id)!.x, y: top }));
  const boxes = nodes.map((node) => {
    const { x, y } = at.get(node.id)!;
    const label = node.type === 'input' ? node.id : node.type;
    const box = `<rect x="${x - BOX.width / 2}" y="${y - BOX.height / 2}" width="${BOX.width}" height="${BOX.height}" rx="6" fill="${node.type === 'input' ? '#eee' : '#dbe9ff'}" stroke="#555"/>`;
    return `<g class="${node.type === 'input' ? 'input' : 'cell'}">${box}<text x="${x}" y="${y + 4}" text-anchor="middle">${label}</text></g>`;
  });
  const width = 2 * MARGIN + (time - 1) * STEP + BOX.width;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<title>${layer.type} unrolled over ${time} steps of ${formatShape(inputShape.slice(1))}</title>`,
    '<defs><marker id="tip" markerWidth="7" markerHeight="7" refX="6" refY="3" orient="auto"><path d="M0 0L6 3L0 6Z" fill="#555"/></marker></defs>',
    ...lines,
    ...shown,
    ...boxes,
    ...outputs.map((id) => `<text class="output" x="${at.get(id)!.x}" y="${top + 4}" text-anchor="middle">y${/\d+$/.exec(id)![0]}</text>`),
    '</svg>',
    '',
  ].join('\n');
}

/** Nodes of one row: the inputs, or the copies of one cell. */
function rowOf({ type, path }: GraphNode): string {
  return type === 'input' ? 'input' : path;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** From the border of one box to that of another. What passes a row goes around its boxes. */
function arrow(from: Point, to: Point): string {
  const line = 'class="arrow" fill="none" stroke="#555" marker-end="url(#tip)"';
  if (from.y === to.y) {
    const dx = (Math.sign(to.x - from.x) * BOX.width) / 2;
    return `<path ${line} d="M${from.x + dx} ${from.y}H${to.x - dx}"/>`;
  }
  const [begin, end] = [from.y - BOX.height / 2, to.y + BOX.height / 2];
  if (from.y - to.y === ROW) return `<path ${line} d="M${from.x} ${begin}V${end}"/>`;
  const [x, beside] = [from.x + BOX.width / 3, from.x + STEP / 2 + 6];
  return `<path ${line} d="M${x} ${begin}C${beside} ${begin - ROW / 3} ${beside} ${end + ROW / 3} ${x} ${end}"/>`;
}
