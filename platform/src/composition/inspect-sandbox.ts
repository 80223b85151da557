import type { ProjectOptions, SandboxReport } from '../platform.ts';
import { makeSandboxProvider } from './make-sandbox.ts';
import { openProject } from './open-project.ts';

/** How commands of agents are kept in, and what is missing for it; null when they are switched off. */
export async function inspectSandbox(options: ProjectOptions): Promise<SandboxReport | null> {
  const { configuration } = await openProject(options);
  const provider = makeSandboxProvider(configuration);
  if (!provider) return null;
  try {
    return { kind: provider.kind, findings: await provider.check() };
  } finally {
    await provider.close();
  }
}
