/** What the tests use of peers, which are not installed where types are checked. */

declare module "@jrmdayn/googleapis-batcher" {
  export function batchFetchImplementation(options?: {
    maxBatchSize?: number;
  }): (
    url: string,
    init: { method?: string; headers?: Record<string, string>; body?: string },
  ) => Promise<Response>;
}

declare module "batchelor" {
  interface Part {
    statusCode: string;
    statusMessage: string;
    headers: Record<string, string>;
    body: unknown;
  }

  export interface BatchelorResult {
    parts: Part[];
    errors: number;
  }

  export default class Batchelor {
    constructor(options: Record<string, unknown>);
    add(requests: readonly Record<string, unknown>[]): void;
    run(done: (error: Error | null, result: BatchelorResult) => void): void;
  }
}
