import type { OpenDatabase } from './open-database.ts';
import type { ProjectOptions } from '../platform.ts';
import { makeLog } from './make-log.ts';
import { openProject, type OpenProject } from './open-project.ts';
import { openStores } from './open-stores.ts';

/** Does something with the database of a project, without starting a platform. */
export async function withStores<T>(
  options: ProjectOptions,
  use: (stores: OpenDatabase, project: OpenProject) => Promise<T>,
): Promise<T> {
  const project = await openProject(options);
  const { log } = makeLog(project, { environment: options.environment, log: 'silent' });
  const stores = await openStores(project.configuration, log);
  try {
    return await use(stores, project);
  } finally {
    await stores.database.close();
  }
}
