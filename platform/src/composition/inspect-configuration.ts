import { effectiveConfiguration } from '../application/configuration/load-configuration.ts';
import type { ConfigurationReport, ProjectOptions } from '../platform.ts';
import { addressFileOf, keyFileOf } from './data-folder.ts';
import { openProject } from './open-project.ts';

/**
 * The effective configuration. Errors: `configuration-invalid`, `project-invalid`. Loads nothing of the server, so that a client finds its
 * platform quickly.
 */
export async function inspectConfiguration(options: ProjectOptions): Promise<ConfigurationReport> {
  const { configuration, effective, warnings } = await openProject(options);
  return {
    settings: effectiveConfiguration(effective),
    warnings,
    host: configuration.server.host,
    port: configuration.server.port,
    dataFolder: configuration.database.dataDir,
    keyFile: keyFileOf(configuration),
    addressFile: addressFileOf(configuration),
  };
}
