/** The backends, in the order of the list. */
export const backendNames = ['cpu', 'webgl', 'webgpu', 'tfjsWebgl', 'reference', 'native'] as const;
export type BackendName = (typeof backendNames)[number];
