// What the visitor should know, above the page: the worker failed, a device was lost, another tab computes, too.

import { useSignal } from '@preact/signals';
import { FailureNote } from '../experiment/failure-note.tsx';
import { lastLoss, workerFailure } from '../experiment/laboratory.ts';
import { textOf } from './language.ts';
import { otherTabs } from './other-tabs.ts';
import { shellTexts } from './text.ts';

export function Notices() {
  const text = textOf(shellTexts);
  const loss = lastLoss.value;
  const dismissed = useSignal<unknown>(undefined);
  return (
    <>
      {workerFailure.value !== undefined && (
        <div class="notice">
          <FailureNote failure={workerFailure.value}>
            <ReloadButton />
          </FailureNote>
        </div>
      )}
      {loss !== undefined && dismissed.value !== loss && (
        <div class="notice">
          <FailureNote failure={loss.failure}>
            <p>{text.goesOnOnProcessor(text.backends[loss.name])}</p>
            <button type="button" onClick={() => void (dismissed.value = loss)}>
              {text.understood}
            </button>
          </FailureNote>
        </div>
      )}
      {otherTabs.value > 0 && (
        <p class="notice quiet" role="status">
          {text.otherTabs}
        </p>
      )}
    </>
  );
}

/** Loads the page again; the settings are in its address. */
export function ReloadButton() {
  return (
    <button type="button" onClick={() => location.reload()}>
      {textOf(shellTexts).reload}
    </button>
  );
}
