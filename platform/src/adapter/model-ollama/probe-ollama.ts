import { z } from 'zod';

/** Where Ollama is asked for, and for how long. */
export interface OllamaProbe {
  /** Address without a path. */
  url: string;
  fetch: typeof globalThis.fetch;
  timeoutMs: number;
}

const tagsSchema = z.object({ models: z.array(z.object({ name: z.string() })) });

/** Names of the models that an Ollama has; undefined when none answers in time. Contract: never throws. */
export async function probeOllama({ url, fetch, timeoutMs }: OllamaProbe): Promise<string[] | undefined> {
  try {
    const response = await fetch(`${url}/api/tags`, { signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) return undefined;
    return tagsSchema.parse(await response.json()).models.map(({ name }) => name);
  } catch {
    return undefined;
  }
}
