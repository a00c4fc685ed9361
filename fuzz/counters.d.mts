export const counters: { steps: number };
export function resetCounters(): void;
