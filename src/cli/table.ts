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
    readonly object?: {
      readonly metadata?: {
        readonly name?: string;
        readonly namespace?: string;
        readonly resourceVersion?: string;
        readonly labels?: Readonly<Record<string, string>>;
      };
    };
  }[];
}

export interface TableOptions {
  /** Also the columns of lesser priority. */
  readonly wide: boolean;
  /** A first column with the namespace. */
  readonly withNamespace: boolean;
  /** Put before names, as in `pod/web`, when several types are printed. */
  readonly prefix?: string;
  /** A last column with the labels. */
  readonly withLabels?: boolean;
  readonly withoutHeader?: boolean;
}

/** Rows of text with aligned columns, header first unless it is left out. */
export function renderTable(table: Table, options: TableOptions): string {
  return alignColumns(rowsOf(table, options));
}

/** The same before it is aligned. */
export function rowsOf(table: Table, options: TableOptions): string[][] {
  const columns = table.columnDefinitions
    .map((column, index) => ({ ...column, index }))
    .filter((column) => options.wide || (column.priority ?? 0) === 0);
  const header = [
    ...(options.withNamespace ? ['NAMESPACE'] : []),
    ...columns.map((column) => column.name.toUpperCase()),
    ...(options.withLabels === true ? ['LABELS'] : []),
  ];
  const rows = table.rows.map(({ cells, object }) => [
    ...(options.withNamespace ? [object?.metadata?.namespace ?? ''] : []),
    ...columns.map((column) => {
      const cell = textOf(cells[column.index]);
      return options.prefix !== undefined && column.format === 'name' ? `${options.prefix}/${cell}` : cell;
    }),
    ...(options.withLabels === true ? [formatPairs(object?.metadata?.labels)] : []),
  ]);
  return options.withoutHeader === true ? rows : [header, ...rows];
}

/** `a=1,b=2`, or `<none>`. */
export function formatPairs(pairs: Readonly<Record<string, string>> = {}, separator = ','): string {
  const texts = Object.entries(pairs).map(([key, value]) => `${key}=${value}`);
  return texts.length === 0 ? '<none>' : texts.join(separator);
}

const textOf = (cell: unknown) =>
  cell === null || cell === undefined ? '' : typeof cell === 'string' ? cell : JSON.stringify(cell);

/**
 * Three spaces between columns, none at the end of a line.
 * @param widths of rows printed before; grows with these
 */
export function alignColumns(rows: readonly (readonly string[])[], widths: number[] = []): string {
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
