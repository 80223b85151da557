export { backupDatabase, restoreDatabase } from './composition/backup-project.ts';
export { inspectConfiguration } from './composition/inspect-configuration.ts';
export {
  inspectAgentFiles,
  inspectDatabase,
  inspectModels,
  migrateDatabase,
} from './composition/inspect-project.ts';
export { inspectSkills } from './composition/inspect-skills.ts';
export { inspectBrowser } from './composition/inspect-browser.ts';
export { inspectSandbox } from './composition/inspect-sandbox.ts';
export { testPolicies } from './composition/test-policies.ts';
export { startPlatform } from './composition/start-platform.ts';
export type {
  AgentFileReport,
  BackupReport,
  MissingKey,
  RestoreReport,
  ConfigurationReport,
  DatabaseReport,
  MigrationReport,
  PlatformModule,
  PlatformOptions,
  PolicyCaseReport,
  PolicyTestReport,
  ProjectOptions,
  RunningPlatform,
  BrowserReport,
  SandboxReport,
  SettingReport,
  SkillReport,
  StartReport,
} from './platform.ts';
