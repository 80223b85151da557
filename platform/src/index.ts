export { inspectConfiguration } from './composition/inspect-configuration.ts';
export {
  inspectAgentFiles,
  inspectDatabase,
  inspectModels,
  migrateDatabase,
} from './composition/inspect-project.ts';
export { startPlatform } from './composition/start-platform.ts';
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
