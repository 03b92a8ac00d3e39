// Times work on the device, where the browser lets pages do so.

import { until } from './fences.ts';
import type { Loss } from './loss.ts';

/** The function `time` of a backend; undefined if the device has no timer. */
export function timerOf(gl: WebGL2RenderingContext, loss: Loss): ((issue: () => void) => Promise<number>) | undefined {
  const extension = gl.getExtension('EXT_disjoint_timer_query_webgl2') as { readonly TIME_ELAPSED_EXT: GLenum } | null;
  if (extension === null) return undefined;
  const measure = async (query: WebGLQuery): Promise<number> => {
    gl.flush();
    await until(loss, () => gl.getQueryParameter(query, gl.QUERY_RESULT_AVAILABLE) === true);
    const nanoseconds = gl.getQueryParameter(query, gl.QUERY_RESULT) as number;
    gl.deleteQuery(query);
    return nanoseconds / 1e6;
  };
  return (issue) => {
    loss.check();
    const query = gl.createQuery();
    gl.beginQuery(extension.TIME_ELAPSED_EXT, query);
    try {
      issue();
    } finally {
      gl.endQuery(extension.TIME_ELAPSED_EXT);
    }
    return measure(query);
  };
}
