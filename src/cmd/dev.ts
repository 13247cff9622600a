export interface DevOptions {
  readonly home?: string;
}
export async function dev(_o: DevOptions): Promise<void> {}
