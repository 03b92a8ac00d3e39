// A grid of numbers as coloured squares, with the numbers where there is room, and a window that can be moved.

import { useEffect, useRef } from 'preact/hooks';
import { language } from '../shell/language.ts';
import { color, theme } from '../shell/theme.ts';
import { divergingScale } from './scale.ts';

interface Box {
  readonly row: number;
  readonly column: number;
  readonly height: number;
  readonly width: number;
}

export interface NumberGridProps {
  readonly rows: number;
  readonly columns: number;
  readonly valueAt: (row: number, column: number) => number;
  /** Cells drawn as paper around the others: padding. */
  readonly border?: number;
  readonly box?: Box | undefined;
  readonly label: string;
  /** A cell was pointed at; the grid is then also moved in by arrow keys. */
  readonly onCell?: (row: number, column: number) => void;
  /** The cell from which arrow keys move. */
  readonly cell?: { readonly row: number; readonly column: number };
  /** Anything whose change means drawing again. */
  readonly redraw?: unknown;
}

/** Pixels of the longer side, as drawn; style scales it. */
const SIDE = 320;

/** Below this many pixels a cell has no room for a number. */
const ROOM = 22;

export function NumberGrid(props: NumberGridProps) {
  const { rows, columns, label, onCell, cell } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const side = SIDE / Math.max(rows, columns, 1);
  const ratio = Math.min(Math.max(Math.round(devicePixelRatio), 1), 2);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw(context, props, side);
  });
  void [theme.value, language.value];
  const pointed = (event: PointerEvent) => {
    const rect = canvas.current!.getBoundingClientRect();
    const column = Math.floor(((event.clientX - rect.left) / rect.width) * columns);
    const row = Math.floor(((event.clientY - rect.top) / rect.height) * rows);
    if (row >= 0 && row < rows && column >= 0 && column < columns) onCell!(row, column);
  };
  const moved = (event: KeyboardEvent) => {
    const [down, right] = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key] ?? [];
    if (down === undefined || cell === undefined) return;
    event.preventDefault();
    const clamp = (value: number, count: number) => Math.min(Math.max(value, 0), count - 1);
    onCell!(clamp(cell.row + down, rows), clamp(cell.column + right!, columns));
  };
  return (
    <canvas
      ref={canvas}
      class="numbers"
      width={Math.round(columns * side * ratio)}
      height={Math.round(rows * side * ratio)}
      role="img"
      aria-label={label}
      {...(onCell && { tabIndex: 0, onPointerDown: pointed, onPointerMove: pointed, onKeyDown: moved })}
    />
  );
}

function draw(context: CanvasRenderingContext2D, { rows, columns, valueAt, border = 0, box }: NumberGridProps, side: number): void {
  const colorOf = divergingScale();
  const isBorder = (row: number, column: number) => row < border || column < border || row >= rows - border || column >= columns - border;
  let most = 0;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) most = Math.max(most, Math.abs(valueAt(row, column)));
  const [ink, paper, quiet] = [color('ink'), color('paper'), color('quiet')];
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.font = `${Math.min(Math.round(side * 0.4), 24)}px system-ui, sans-serif`;
  const gap = side >= ROOM ? 1 : 0;
  context.clearRect(0, 0, columns * side, rows * side);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const value = valueAt(row, column);
      const padded = isBorder(row, column);
      context.fillStyle = padded
        ? paper
        : `rgb(${colorOf((value / (most || 1)) * 0.7)
            .map(Math.round)
            .join()})`;
      context.fillRect(column * side, row * side, side - gap, side - gap);
      if (side < ROOM) continue;
      context.fillStyle = padded ? quiet : ink;
      const text = value.toLocaleString(language.value, { maximumFractionDigits: 1 });
      context.fillText(text, (column + 0.5) * side, (row + 0.5) * side, side - 3);
    }
  if (box === undefined) return;
  context.strokeStyle = ink;
  context.lineWidth = 2.5;
  context.strokeRect(box.column * side + 1, box.row * side + 1, box.width * side - 3, box.height * side - 3);
}
