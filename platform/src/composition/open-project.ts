import type { BatutaError } from '@batuta/contract';
import { openProjectFolder } from '../adapter/project-folder/project-folder.ts';
import {
  loadConfiguration,
  type LoadedConfiguration,
} from '../application/configuration/load-configuration.ts';
import type { ProjectOptions } from '../platform.ts';
import type { ProjectFolder } from '../port/project-folder.ts';

/** A project folder and its configuration. */
export interface OpenProject extends LoadedConfiguration {
  folder: ProjectFolder;
  environment: ProjectOptions['environment'];
}

/**
 * Opens a project. Errors: `project-invalid`, `configuration-invalid`. When several values are wrong the error is the first one and its
 * `cause` lists them all.
 */
export async function openProject(options: ProjectOptions): Promise<OpenProject> {
  const folder = await openProjectFolder(options.projectFolder);
  const { environment, overrides } = options;
  const loaded = await loadConfiguration({ folder, environment, ...(overrides ? { overrides } : {}) });
  if (!loaded.ok) throw firstOf(loaded.problems);
  return { folder, environment, ...loaded };
}

/** The first of several problems, carrying all of them. */
export function firstOf(problems: readonly BatutaError[]): unknown {
  const [first] = problems;
  if (first && problems.length > 1) first.cause = problems;
  return first;
}
