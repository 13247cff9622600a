export async function down(_o: { home?: string }): Promise<void> {}
