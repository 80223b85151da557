import type { PolicyCase, PolicyExplanation } from '@batuta/contract';

/** Where a project is and what the surroundings say about it: enough to read its configuration. */
export interface ProjectOptions {
  projectFolder: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** Setting name to value, for example `'server.port': '0'`; they win over every other source. */
  overrides?: Readonly<Record<string, string>>;
}

/** What to start. */
export interface PlatformOptions extends ProjectOptions {
  role: 'all' | 'api' | 'worker';
  log?: 'readable' | 'json' | 'silent';
}

/** What a start has found, for people. */
export interface StartReport {
  version: string;
  startedInMs: number;
  /** Number of the operating system's process. */
  processId: number;
  /** Null for a role without an API. */
  url: string | null;
  /** Address with a one-time token that signs a browser in. */
  loginUrl: string | null;
  /** File with the administrator's key. */
  keyFile: string | null;
  database: { description: string; migrated: number; state: string };
  models: { reference: string; reason: string }[];
  chosenModel: string;
  agents: { name: string; models: string[] }[];
  /** What did not stop the start but should be mended, one sentence each. */
  problems: string[];
  worker: { concurrency: number } | null;
}

/** A platform that works until it is stopped. */
export interface RunningPlatform {
  url: string | null;
  report: StartReport;
  /** Graceful within the configured time; `now`: leases are left to expire. */
  stop(options?: { now?: boolean }): Promise<void>;
}

/** One effective setting. The value of a secret is masked. */
export interface SettingReport {
  name: string;
  value: string;
  /** For example `default`, `batuta.yaml` or `environment BATUTA_PORT`. */
  source: string;
  description: string;
}

/** The effective configuration of a project, and what a client needs to find its platform. */
export interface ConfigurationReport {
  settings: SettingReport[];
  /** What is set and has no effect, or is not safe, in sentences. */
  warnings: string[];
  host: string;
  port: number;
  dataFolder: string;
  keyFile: string;
  /** File in which a running platform says where it listens. */
  addressFile: string;
}

/** One agent file and what is wrong with it. */
export interface AgentFileReport {
  file: string;
  /** Null when the file could not be read as an agent. */
  agent: { name: string; description: string; models: string[]; tools: string[] } | null;
  problems: { line: number; reason: string; hint: string }[];
}

/** One SKILL.md and what is wrong with it. */
export interface SkillReport {
  file: string;
  /** Null when the file could not be read as a skill. */
  skill: {
    name: string;
    description: string;
    /** Files besides the SKILL.md. */
    files: number;
    /** Agents that may load it. */
    agents: string[];
    /** As agent files write them. */
    allowed_tools: string[];
    /** Entries of `allowed-tools` that are not taken over. */
    left_out: string[];
  } | null;
  problems: { line: number; reason: string; hint: string }[];
}

/** One case of a file of policy cases, and what the rules say. */
export interface PolicyCaseReport {
  name: string;
  line: number;
  passed: boolean;
  expected: PolicyCase['expect'];
  /** Null when the call could not be judged; `error` then says why. */
  found: PolicyExplanation | null;
  error: string | null;
}

/** A file of policy cases, judged. */
export interface PolicyTestReport {
  file: string;
  cases: PolicyCaseReport[];
}

/** What a program would do to a database, and whether it can. */
export interface DatabaseReport {
  description: string;
  found: number;
  known: number;
  pending: { number: number; name: string; additive: boolean }[];
  databaseBytes: number;
  /** Null where it cannot be known. */
  freeBytes: number | null;
}

/** What a migration did. */
export interface MigrationReport {
  description: string;
  applied: { number: number; name: string }[];
  /** Folder of the copy made before; null when none was needed. */
  copy: string | null;
}

/** What a backup or a restore did. */
export interface BackupReport {
  /** The database, for people. */
  database: string;
  /** Instant of the snapshot. */
  createdAt: string;
  /** Rows of each table. */
  rows: Readonly<Record<string, number>>;
  /** Size of the file that was written; null for a restore. */
  bytes: number | null;
}

/** A key that encrypts what a database holds and that is not there. */
export interface MissingKey {
  keyId: string;
  /** Secrets, and what webhooks sign with, that cannot be used without it. */
  count: number;
  /** How somebody puts it back. */
  how: string;
}

/** What was restored, and what is missing to use all of it. */
export interface RestoreReport extends BackupReport {
  missingKeys: readonly MissingKey[];
}

/** Which browser there is. */
export interface BrowserReport {
  /** Empty when there is none. */
  program: string;
  /** How to install one, where there is none. */
  fault: { install: string } | null;
  /** Whether it is kept in namespaces of its own, and why not. */
  jail: { isThere: true } | { isThere: false; reason: string };
}

/** How commands of agents are kept in, and what is missing for it on this machine. */
export interface SandboxReport {
  kind: string;
  /** `isNeeded`: nothing runs without it. */
  findings: { message: string; mend: string; isNeeded: boolean }[];
}

/** What this package offers to the command line. Every failure is an error of the catalogue. */
export interface PlatformModule {
  startPlatform(options: PlatformOptions): Promise<RunningPlatform>;
  /** Errors: `configuration-invalid`, `project-invalid`. */
  inspectConfiguration(project: ProjectOptions): Promise<ConfigurationReport>;
  /** All skills of the project. Never fails for what a file says. */
  inspectSkills(project: ProjectOptions): Promise<SkillReport[]>;
  /** All agent files of the project. Never fails for what a file says. */
  inspectAgentFiles(project: ProjectOptions): Promise<AgentFileReport[]>;
  /** Judges the cases of a file by the project's rules; no database is needed. Errors: those of the project's files, `agent-file-invalid`. */
  testPolicies(
    project: ProjectOptions,
    source: { file: string; content: Uint8Array },
  ): Promise<PolicyTestReport>;
  /** The models that were found, and why; the first is the one that an agent without a model gets. */
  inspectModels(project: ProjectOptions): Promise<{ reference: string; reason: string }[]>;
  /** Runs a command that does nothing; null when commands are switched off. */
  inspectSandbox(project: ProjectOptions): Promise<SandboxReport | null>;
  /** Starts nothing. */
  inspectBrowser(project: ProjectOptions): Promise<BrowserReport>;
  /** Changes nothing. Errors: `database-unreachable`, `database-too-new`, `data-directory-locked`. */
  inspectDatabase(project: ProjectOptions): Promise<DatabaseReport>;
  /** Errors: those of `inspectDatabase`, and `migration-failed`. */
  migrateDatabase(project: ProjectOptions): Promise<MigrationReport>;
  /** Errors: `database-unreachable`, `data-directory-locked` (a platform uses it: ask that one), `backup-file-unusable`. */
  backupDatabase(project: ProjectOptions, file: string): Promise<BackupReport>;
  /** Into an empty database. Errors: `backup-invalid`, `backup-too-new`, `restore-target-in-use`, `data-directory-locked`. */
  restoreDatabase(project: ProjectOptions, from: { file: string; resume: boolean }): Promise<RestoreReport>;
}
