/** The backends, in the order of the list. */
export const backendNames = ['cpu', 'webgl', 'webgpu', 'reference', 'native'] as const;
export type BackendName = (typeof backendNames)[number];
