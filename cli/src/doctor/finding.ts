import type { ConfigurationReport, PlatformModule, ProjectOptions } from '@batuta/platform';
import type { CommandContext } from '../command-context.ts';

/** One thing that was looked at. */
export interface Finding {
  check:
    | 'node'
    | 'project'
    | 'configuration'
    | 'agents'
    | 'database'
    | 'models'
    | 'port'
    | 'disk'
    | 'jobs'
    | 'sandbox'
    | 'browser'
    | 'tools'
    | 'key';
  level: 'ok' | 'warning' | 'problem';
  message: string;
  /** How to mend it. */
  mend?: string;
}

/** What every check gets. */
export interface Patient {
  context: CommandContext;
  platform: PlatformModule;
  project: ProjectOptions;
  configuration: ConfigurationReport;
  /** Address at which the project's platform listens, or would. */
  url: string;
  /** Whether one answers there. */
  running: boolean;
}
