// "Try this": short tasks, which the page itself recognises as done.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { textOf } from '../shell/language.ts';
import { shellTexts } from '../shell/text.ts';

/** A task of a page whose state is S. */
export interface Task<S> {
  readonly id: string;
  /** Whether the state shows that it is done. */
  readonly isDone: (state: S) => boolean;
}

/** @param words what to do, by the tasks' ids */
export function TaskList<S>({
  tasks,
  words,
  state,
}: {
  readonly tasks: readonly Task<S>[];
  readonly words: Readonly<Record<string, string>>;
  readonly state: S;
}) {
  const text = textOf(shellTexts);
  const done = useSignal<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const now = tasks.filter(({ id, isDone }) => !done.peek().has(id) && isDone(state));
    if (now.length > 0) done.value = new Set([...done.peek(), ...now.map(({ id }) => id)]);
  });
  return (
    <section class="tasks">
      <h2>{text.tryThis}</h2>
      <ul>
        {tasks.map(({ id }) => (
          <li key={id} class={done.value.has(id) ? 'done' : ''}>
            <span class="tick" role="img" aria-label={done.value.has(id) ? text.done : text.notDone}>
              {done.value.has(id) ? '✓' : '○'}
            </span>
            <span>{words[id]}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
