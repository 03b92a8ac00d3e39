/** Functions of the shared language by name. Each begins a line and ends with a line break. */
export type FunctionList = Readonly<Record<string, string>>;
