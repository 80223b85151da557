export {
  inspectAgentFiles,
  inspectConfiguration,
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
