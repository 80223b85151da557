import type { CommandContext } from '../command-context.ts';
import { codeOf } from '../failure.ts';
import { givenKey, projectKey } from './find-key.ts';
import type { ProjectLocation } from './locate-project.ts';

/** Whether the platform that answers at a project's address knows the project's key. Another one may have its port. */
export async function isOwnPlatform(
  context: CommandContext,
  { url, keyFile }: Pick<ProjectLocation, 'url' | 'keyFile'>,
): Promise<boolean> {
  try {
    const key = (await givenKey(context)) ?? (await projectKey({ url, keyFile }));
    const client = await context.makeClient({ url, key });
    await client.listAgents();
    return true;
  } catch (error) {
    const code = codeOf(error);
    return code !== 'key-invalid' && code !== 'key-not-found';
  }
}
