export type {
  AgentFileReport,
  ConfigurationReport,
  DatabaseReport,
  MigrationReport,
  PlatformModule,
  PlatformOptions,
  ProjectOptions,
  RunningPlatform,
  SettingReport,
  StartReport,
} from './platform.ts';
