export function instrument(source: string, id?: number): { code: string; nextId: number };
export function instrumentFolder(from: string, to: string, compile?: (source: string) => string): void;
