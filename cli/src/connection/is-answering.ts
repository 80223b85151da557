/** Whether a Batuta platform answers at this address, within so many milliseconds. */
export async function isAnswering(url: string, milliseconds = 2000): Promise<boolean> {
  try {
    const response = await fetch(new URL('/health', url), { signal: AbortSignal.timeout(milliseconds) });
    const body: unknown = await response.json();
    return response.ok && typeof body === 'object' && body !== null && 'version' in body;
  } catch {
    return false;
  }
}
