// The report of an import: a CSV of every file and what became of it, for a spreadsheet.

import type { FileEntry } from './journal';

const PAGE = 2000;

/** One cell: quoted where it must be, and never a formula, whatever a file is called. */
function cell(value: string | number | undefined): string {
  let text = value === undefined ? '' : String(value);
  if (/^[=+\-@\t\r]/.test(text) && typeof value === 'string') text = `'${text}`;
  return /[",\n\r;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export interface ReportWords {
  head: readonly string[];
  state(entry: FileEntry): string;
  reason(entry: FileEntry): string;
}

/** Make the report, page by page: a hundred thousand rows never are in memory as objects. */
export async function reportOf(
  page: (offset: number, limit: number) => Promise<FileEntry[]>,
  words: ReportWords,
): Promise<Blob> {
  // The mark at the beginning tells Excel that it is UTF-8.
  const parts: Blob[] = [new Blob([`\uFEFF${words.head.map(cell).join(',')}\r\n`])];
  for (let offset = 0; ; offset += PAGE) {
    const entries = await page(offset, PAGE);
    if (entries.length === 0) break;
    parts.push(new Blob([entries.map((entry) => rowOf(entry, words)).join('')]));
    if (entries.length < PAGE) break;
  }
  return new Blob(parts, { type: 'text/csv;charset=utf-8' });
}

function rowOf(entry: FileEntry, words: ReportWords): string {
  const { path, size, mtime, kind, photoId, failure, sha256 } = entry;
  const modified = mtime ? new Date(mtime).toISOString() : '';
  const why = [words.reason(entry), failure?.detail, failure?.requestId];
  return [path, size, modified, kind, words.state(entry), photoId, ...why, sha256].map(cell).join(',') + '\r\n';
}
