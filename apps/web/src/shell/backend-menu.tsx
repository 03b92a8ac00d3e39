// Which backend computes, what others there are, and why some cannot be used here.

import { useEffect, useRef } from 'preact/hooks';
import { FailureNote } from '../experiment/failure-note.tsx';
import { backendFailure, backendInUse, chooseBackend, choices } from '../experiment/laboratory.ts';
import { keepInAddress } from '../router.ts';
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
        {inUse?.device !== undefined && /swiftshader|llvmpipe|software/i.test(inUse.device) && <p class="quiet">{text.software}</p>}
        {backendFailure.value !== undefined && <FailureNote failure={backendFailure.value} />}
        <ul class="choices">
          {choices.value.map(({ name, problem }) => (
            <li key={name}>
              <button
                type="button"
                disabled={problem !== undefined}
                aria-pressed={inUse?.name === name}
                onClick={() => {
                  keepInAddress('backend', name === 'cpu' ? undefined : name);
                  void chooseBackend(name);
                }}
              >
                {text.backends[name]}
              </button>
              <p class="quiet" title={problem?.detail}>
                {problem === undefined ? text.usable[name] : text.whyNot[problem.why]}
              </p>
            </li>
          ))}
        </ul>
        <p class="quiet">{text.changingRestarts}</p>
      </div>
    </details>
  );
}
