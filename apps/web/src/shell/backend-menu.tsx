// Which backend computes, what others there are, and why some cannot be used here.

import { useEffect, useRef } from 'preact/hooks';
import { backendInUse, backendProblem, chooseBackend, choices } from '../experiment/laboratory.ts';
import { textOf } from './language.ts';
import { shellTexts } from './text.ts';

export function BackendMenu() {
  const text = textOf(shellTexts);
  const inUse = backendInUse.value;
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      if (event instanceof KeyboardEvent ? event.key === 'Escape' : !details.current?.contains(event.target as Node))
        details.current?.removeAttribute('open');
    };
    addEventListener('keydown', close);
    addEventListener('pointerdown', close);
    return () => {
      removeEventListener('keydown', close);
      removeEventListener('pointerdown', close);
    };
  }, []);
  return (
    <details class="menu" ref={details}>
      <summary>
        <span class="label">{text.backend}</span> <b>{inUse === undefined ? text.starting : text.backends[inUse.name]}</b>
      </summary>
      <div class="panel">
        {inUse && (
          <p>{[inUse.engine, inUse.device, text.threads(inUse.threads)].filter((part) => part !== undefined && part !== '').join(' · ')}</p>
        )}
        {inUse?.name === 'cpu' && !crossOriginIsolated && <p class="quiet">{text.notIsolated}</p>}
        {backendProblem.value !== undefined && (
          <p class="problem" role="alert">
            {text.backendFailed} {backendProblem.value}
          </p>
        )}
        <ul class="choices">
          {choices.value.map(({ name, problem }) => (
            <li key={name}>
              <button
                type="button"
                disabled={problem !== undefined}
                aria-pressed={inUse?.name === name}
                onClick={() => void chooseBackend(name)}
              >
                {text.backends[name]}
              </button>
              <p class="quiet">{problem ?? text.usable}</p>
            </li>
          ))}
        </ul>
        <p class="quiet">{text.changingRestarts}</p>
      </div>
    </details>
  );
}
