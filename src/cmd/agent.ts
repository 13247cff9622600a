export interface AgentOptions {
  readonly home: string;
}
export async function agent(_o: AgentOptions): Promise<void> {}
