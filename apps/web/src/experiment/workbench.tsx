// The layout of every experiment: data, machine and result side by side; on a phone, three tabs.

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { textOf } from '../shell/language.ts';
import { shellTexts } from '../shell/text.ts';

const parts = ['data', 'machine', 'result'] as const;
type Part = (typeof parts)[number];

export interface WorkbenchProps extends Readonly<Record<Part, ComponentChildren>> {
  /** Names of the parts, if they are not "data", "network" and "result". */
  readonly titles?: Partial<Readonly<Record<Part, string>>>;
  /** The tab that a phone shows first. */
  readonly first?: Part;
}

export function Workbench({ titles = {}, first = 'result', ...content }: WorkbenchProps) {
  const text = textOf(shellTexts);
  const shown = useSignal<Part>(first);
  const id = useId();
  const title = (part: Part) => titles[part] ?? text.tabs[part];
  const move = (event: KeyboardEvent, part: Part) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    shown.value = parts[(parts.indexOf(part) + step + parts.length) % parts.length]!;
    document.getElementById(`${id}-${shown.value}-tab`)?.focus();
  };
  return (
    <div class="workbench">
      <div class="tabs" role="tablist">
        {parts.map((part) => (
          <button
            key={part}
            type="button"
            role="tab"
            id={`${id}-${part}-tab`}
            aria-selected={shown.value === part}
            aria-controls={`${id}-${part}`}
            tabIndex={shown.value === part ? 0 : -1}
            onClick={() => void (shown.value = part)}
            onKeyDown={(event) => move(event, part)}
          >
            {title(part)}
          </button>
        ))}
      </div>
      {parts.map((part) => (
        <section key={part} id={`${id}-${part}`} class={`part ${part} ${shown.value === part ? 'shown' : ''}`} aria-label={title(part)}>
          <h2>{title(part)}</h2>
          {content[part]}
        </section>
      ))}
    </div>
  );
}
