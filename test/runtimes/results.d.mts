export interface RuntimeResult {
  id: string;
  title: string;
  version: string;
  /** Year, month and day. */
  date: string;
  passed: number;
  failed: number;
  skipped: number;
  seconds: number;
  /** Why it could not be run, if it could not. */
  problem?: string;
}

export function recorded(): RuntimeResult[];
export function readmeTable(results: readonly RuntimeResult[]): string;
