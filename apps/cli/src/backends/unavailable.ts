/** A backend that this program knows by name but cannot run here. The message is one line that says why, and what to do. */
export class BackendUnavailable extends Error {
  override name = 'BackendUnavailable';
}
