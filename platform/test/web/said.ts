/** What a tool answers, or why it failed. */
export async function said(call: () => unknown): Promise<string> {
  try {
    const answer = await call();
    return typeof answer === 'string' ? answer : JSON.stringify(answer);
  } catch (error) {
    return `failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
