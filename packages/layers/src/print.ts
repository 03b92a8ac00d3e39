// How models and layers show themselves in consoles: the call that makes them, and the parts or parameters that they hold.

import type { AnyModel, LayerCall } from '@sinapse/core';
import { checkClass, printsAs, walk } from '@sinapse/core';

/** A model of more parts shows the first and the last of them. */
const MOST_PARTS = 16;
/** The longest call or name that is shown in full, in characters. */
const LONGEST = 72;

/** A model that says its kind, and may say the call that makes it. */
interface Typed extends AnyModel {
  readonly type: string;
  describe?(): LayerCall;
  children?(): Iterable<readonly [string, unknown]>;
}

/**
 * Has consoles print a class of layers: `dense({ units: 10, activation: 'linear', useBias: true }), 7850 parameters`, and its parts below.
 * @param name of the class
 */
export function printsAsModel(type: { readonly prototype: Typed }, name: string): void {
  checkClass('printsAsModel', type, name);
  printsAs(type, name, modelText, modelLine);
}

function modelText(model: Typed): string {
  const parts = childrenOf(model).map(([name, child]) => `  ${shortened(name)}: ${isTyped(child) ? modelLine(child) : partOf(child)}`);
  const left = parts.length - MOST_PARTS;
  if (left > 0) parts.splice(MOST_PARTS / 2, left, `  … ${left} more`);
  return [modelLine(model), ...parts].join('\n');
}

function modelLine(model: Typed): string {
  return `${shortened(callOf(model))}, ${sizeOf(model)}`;
}

/** A parameter's first line, which has no values. */
function partOf(child: unknown): string {
  return String(child).split('\n')[0]!;
}

/** The call that makes it, without the layers that it is given; its kind where it cannot say. */
function callOf(model: Typed): string {
  const children = childrenOf(model).filter(([, child]) => isTyped(child));
  if (children.length > 0) return `${model.type} of ${children.length} layer${children.length === 1 ? '' : 's'}`;
  try {
    const { layer, arguments: given } = model.describe!();
    return `${layer}(${given.map(argument).join(', ')})`;
  } catch {
    return model.type;
  }
}

function argument(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return `[${value.map(argument).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{ ${Object.entries(value).map(([name, each]) => `${name}: ${argument(each)}`).join(', ')} }`; // prettier-ignore
}

function sizeOf(model: Typed): string {
  try {
    return `${walk(model).reduce((sum, { cell }) => sum + cell.size, 0)} parameters`;
  } catch {
    return 'not built';
  }
}

/** Its parts or parameters; none before it is built. */
function childrenOf(model: Typed): (readonly [string, unknown])[] {
  try {
    return [...(model.children?.() ?? [])];
  } catch {
    return [];
  }
}

function isTyped(value: unknown): value is Typed {
  return typeof value === 'object' && value !== null && 'type' in value && 'call' in value;
}

function shortened(line: string): string {
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
