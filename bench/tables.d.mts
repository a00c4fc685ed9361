export interface Report {
  options: { runtime?: string };
}
export function recorded(): Report[];
export function benchTable(report: Report): string;
export function runtimesTable(reports: Report[]): string;
