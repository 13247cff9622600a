// Prints the server's Tables in columns, as kubectl does.
import pc from 'picocolors';

export interface Table {
  readonly columnDefinitions: readonly {
    readonly name: string;
    readonly format?: string;
    readonly priority?: number;
  }[];
  readonly rows: readonly {
    readonly cells: readonly unknown[];
    readonly object?: { readonly metadata?: { readonly name?: string; readonly namespace?: string } };
  }[];
}

export interface TableOptions {
  /** Also the columns of lesser priority. */
  readonly wide: boolean;
  /** A first column with the namespace. */
  readonly withNamespace: boolean;
  /** Put before names, as in `pod/web`, when several types are printed. */
  readonly prefix?: string;
}

/** Rows of text with aligned columns, header first; colour only on a terminal. */
export function renderTable(table: Table, options: TableOptions): string {
  const columns = table.columnDefinitions
    .map((column, index) => ({ ...column, index }))
    .filter((column) => options.wide || (column.priority ?? 0) === 0);
  const header = columns.map((column) => column.name.toUpperCase());
  const rows = table.rows.map((row) =>
    columns.map((column) => {
      const cell = textOf(row.cells[column.index]);
      return options.prefix !== undefined && column.format === 'name' ? `${options.prefix}/${cell}` : cell;
    }),
  );
  if (!options.withNamespace) return alignColumns([header, ...rows]);
  const namespaces = table.rows.map((row) => row.object?.metadata?.namespace ?? '');
  return alignColumns([['NAMESPACE', ...header], ...rows.map((row, index) => [namespaces[index] ?? '', ...row])]);
}

const textOf = (cell: unknown) =>
  cell === null || cell === undefined ? '' : typeof cell === 'string' ? cell : JSON.stringify(cell);

/** Three spaces between columns, none at the end of a line. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows
    .map((row) =>
      row
        .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd((widths[index] ?? 0) + 3)))
        .join('')
        .trimEnd(),
    )
    .join('\n');
}

/** Draws attention to what is wrong. */
export const warn = (text: string): string => pc.yellow(text);
export const strong = (text: string): string => pc.bold(text);
